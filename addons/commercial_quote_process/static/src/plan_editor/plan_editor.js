import { useEstimateStore, useStoreChange } from "../estimate_store/estimate_store";
import { PlanItemDialog } from "./plan_item_dialog";
import { PlanShortcutsDialog } from "./plan_shortcuts_dialog";
import { getText } from "./plan_texts";
import { PlanView } from "./plan_view";
import { Component, onMounted, onWillUnmount, useRef, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { localization } from "@web/core/l10n/localization";
import { _t } from "@web/core/l10n/translation";
import { user } from "@web/core/user";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const OPTIONS_KEY = "commercial_quote_process.plan";
const KINDS = ["task", "phase", "milestone", "deliverable"];

function readOptions() {
    try {
        return JSON.parse(browser.localStorage.getItem(OPTIONS_KEY)) || {};
    } catch {
        return {};
    }
}

/**
 * The plan of an estimate: tree and Gantt side by side, edited at once and saved a moment later.
 */
export class PlanEditor extends Component {
    static template = "commercial_quote_process.PlanEditor";
    static components = { Dropdown, DropdownItem };
    static props = { ...standardWidgetProps };

    setup() {
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.store = useEstimateStore(this.props.record);
        this.hostRef = useRef("host");
        this.kinds = KINDS;
        const options = { zoom: "fit", showCritical: true, pane: "both", ...readOptions() };
        this.state = useState({
            options,
            announcement: "",
            isFull: false,
            ...this._getStoreState(),
        });
        useStoreChange(this.store, (detail) => this._onStoreChange(detail));
        this.onCommit = () => this.view.editor.commit();
        this.store.addEventListener("commit", this.onCommit);
        onMounted(() => this._makeView());
        onWillUnmount(() => {
            this.onCommit();
            this.store.removeEventListener("commit", this.onCommit);
            this.view.destroy();
        });
        useRecordObserver((record) => this._onRecord(record));
    }

    _makeView() {
        this.view = new PlanView(this.hostRef.el, {
            ...this._getViewParams(),
            options: { ...this.state.options },
            text: getText,
            locale: user.lang,
            separator: localization.decimalPoint,
            newKey: () => this.store.newKey(),
            execute: (commands, label) => this.store.execute(commands, { label }),
            select: (refs) => this.store.select(refs),
            on: (name, ...params) => this._onAsked(name, ...params),
        });
        // What was loaded before the screen was there.
        Object.assign(this.state, this._getStoreState());
    }

    _getViewParams() {
        const { plan, editable, selection } = this.store;
        return { plan, selection, editable: editable && !this.props.readonly };
    }

    _getStoreState() {
        const { items, isLoaded, editable, status, canUndo, canRedo } = this.store;
        const { undoLabel, redoLabel, selection } = this.store;
        return {
            isLoaded,
            status,
            canUndo,
            canRedo,
            undoLabel,
            redoLabel,
            count: items.length,
            hasSelection: selection.size > 0,
            editable: editable && !this.props.readonly,
        };
    }

    _onStoreChange(detail) {
        Object.assign(this.state, this._getStoreState());
        if (detail !== "status") {
            this.view.update(this._getViewParams());
        }
    }

    /** A new start moves all dates: it is written at once, as all else in the plan. */
    _onRecord(record) {
        const { planned_start: start } = record.data;
        const known = this.store.isLoaded ? this.store.plannedStart || "" : null;
        if (known !== null && record.dirty && (start ? start.toISODate() : "") !== known) {
            record.save();
        }
    }

    _onAsked(name, ...params) {
        const asked = {
            announce: (text) => (this.state.announcement = text),
            notify: (text) => this.notification.add(text, { type: "warning" }),
            undo: () => this.store.undo(),
            redo: () => this.store.redo(),
            help: () => this.openHelp(),
            details: (ref) => this.openDetails(ref),
            options: (options) => this.setOptions(options),
        };
        asked[name](...params);
    }

    // === TOOLBAR === //

    get zooms() {
        return [
            ["day", _t("Day")],
            ["week", _t("Week")],
            ["month", _t("Month")],
            ["quarter", _t("Quarter")],
            ["fit", _t("Fit")],
        ];
    }

    get zoomLabel() {
        return this.zooms.find(([name]) => name === this.state.options.zoom)?.[1];
    }

    get panes() {
        return [
            ["tree", "fa-list", _t("Table")],
            ["both", "fa-columns", _t("Table and Gantt")],
            ["chart", "fa-align-left", _t("Gantt")],
        ];
    }

    get activePane() {
        const { pane } = this.state.options;
        return this.env.isSmall && pane === "both" ? "tree" : pane;
    }

    get statusText() {
        return {
            saved: _t("Saved"),
            saving: _t("Saving…"),
            offline: _t("No connection"),
            error: _t("Could not save"),
        }[this.state.status];
    }

    get undoTitle() {
        const { undoLabel } = this.state;
        return undoLabel ? _t("Undo: %s (Ctrl+Z)", undoLabel) : _t("Undo (Ctrl+Z)");
    }

    get redoTitle() {
        const { redoLabel } = this.state;
        return redoLabel ? _t("Redo: %s (Ctrl+Y)", redoLabel) : _t("Redo (Ctrl+Y)");
    }

    getKindLabel(kind) {
        return getText(kind);
    }

    setOptions(options) {
        Object.assign(this.state.options, options);
        this.view.setOptions(options);
        browser.localStorage.setItem(OPTIONS_KEY, JSON.stringify(this.state.options));
    }

    toggleCritical() {
        this.setOptions({ showCritical: !this.state.options.showCritical });
    }

    toggleFull() {
        this.state.isFull = !this.state.isFull;
        this.view.root.focus({ preventScroll: true });
    }

    add(kind) {
        this.view.draftLine.insert(kind);
    }

    /** Do something with the selected rows, and give the keyboard back to the plan. */
    run(action, ...params) {
        this.view.keys[action](...params);
        this.view.root.focus({ preventScroll: true });
    }

    undo() {
        this.store.undo();
    }

    redo() {
        this.store.redo();
    }

    retry() {
        this.store.flush();
    }

    openHelp() {
        this.dialog.add(PlanShortcutsDialog, {});
    }

    openActiveDetails() {
        const row = this.view.rows[this.view.active];
        if (row && !row.isDraft) {
            this.openDetails(row.ref);
        }
    }

    openDetails(ref) {
        const onClose = () => this.view?.root.focus({ preventScroll: true });
        this.dialog.add(PlanItemDialog, { store: this.store, ref }, { onClose });
    }
}

export const planEditor = {
    component: PlanEditor,
    fieldDependencies: [{ name: "planned_start", type: "date" }],
};

registry.category("view_widgets").add("quote_plan_editor", planEditor);
