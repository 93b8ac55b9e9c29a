import { formatDays, parseDays } from "./plan_commands";
import { getText } from "./plan_texts";
import { Component, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { localization } from "@web/core/l10n/localization";
import { _t } from "@web/core/l10n/translation";
import { SelectMenu } from "@web/core/select_menu/select_menu";
import { useAutofocus } from "@web/core/utils/hooks";

/** All of a row of the plan, kept in one step. */
export class PlanItemDialog extends Component {
    static template = "commercial_quote_process.PlanItemDialog";
    static components = { Dialog, SelectMenu };
    static props = { store: Object, ref: [Number, String], close: Function };

    setup() {
        useAutofocus();
        const { store, ref } = this.props;
        const row = store.getItem(ref);
        this.row = row;
        this.kinds = ["task", "phase", "milestone", "deliverable"];
        const format = (days) => formatDays(days, localization.decimalPoint);
        this.state = useState({
            name: row.name,
            kind: row.kind,
            duration: format(row.duration),
            not_before: format(row.notBefore),
            not_before_date: row.notBeforeDate || "",
            description: row.description,
            acceptance_criteria: row.acceptanceCriteria,
            after: [...row.after].map(([other, lag]) => ({ ref: other, lag: format(lag) })),
            error: "",
        });
    }

    get isEditable() {
        return this.props.store.editable;
    }

    get hasDates() {
        return this.props.store.calendar.hasDates;
    }

    get choices() {
        const taken = new Set([this.row.ref, ...this.state.after.map(({ ref }) => ref)]);
        return this.props.store.items
            .map((row, index) => ({ value: row.ref, label: `${index + 1}. ${row.name}` }))
            .filter(({ value }) => !taken.has(value));
    }

    getKindLabel(kind) {
        return getText(kind);
    }

    getName(ref) {
        return this.props.store.getItem(ref)?.name;
    }

    addAfter(ref) {
        this.state.after.push({ ref, lag: "0" });
    }

    removeAfter(ref) {
        this.state.after = this.state.after.filter((one) => one.ref !== ref);
    }

    /** @returns {Object} the values that differ from those of the row */
    getChanges() {
        const { state, row } = this;
        const vals = {
            name: state.name.trim(),
            kind: state.kind,
            duration: state.kind === "task" ? parseDays(state.duration) : 0,
            not_before: parseDays(state.not_before),
            not_before_date: state.not_before_date || false,
            description: state.description,
            acceptance_criteria: state.acceptance_criteria,
        };
        const old = {
            name: row.name,
            kind: row.kind,
            duration: row.duration,
            not_before: row.notBefore,
            not_before_date: row.notBeforeDate,
            description: row.description,
            acceptance_criteria: row.acceptanceCriteria,
        };
        const changes = Object.entries(vals).filter(([name, value]) => value !== old[name]);
        const after = state.after.map(({ ref, lag }) => [ref, parseDays(lag)]);
        if (JSON.stringify(after) !== JSON.stringify([...row.after])) {
            changes.push(["after", after]);
        }
        return Object.fromEntries(changes);
    }

    save() {
        const vals = this.getChanges();
        const days = [vals.duration, vals.not_before, ...(vals.after || []).map(([, lag]) => lag)];
        if (days.some((one) => Number.isNaN(one))) {
            this.state.error = _t("Days are numbers, such as 2 or 2.5.");
            return;
        }
        const { store, ref, close } = this.props;
        const commands = [{ op: "write", ref, vals }];
        // What is wrong is said here, beside what is to be corrected.
        this.state.error = store.check(commands);
        if (!this.state.error) {
            if (Object.keys(vals).length) {
                store.execute(commands, { label: getText("details") });
            }
            close();
        }
    }
}
