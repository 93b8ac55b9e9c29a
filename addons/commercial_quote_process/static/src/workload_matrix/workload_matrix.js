import { Component, onMounted, onPatched, useRef, useState } from "@odoo/owl";
import { getCurrency } from "@web/core/currency";
import { localization } from "@web/core/l10n/localization";
import { SelectMenu } from "@web/core/select_menu/select_menu";
import { useService } from "@web/core/utils/hooks";
import { useStoreChange } from "../estimate_store/estimate_store";
import { useCellEditing } from "./cell_editing";
import { getMatrixClipboard } from "./matrix_clipboard";
import { MatrixFormat } from "./matrix_format";
import { getMatrixKeyboard } from "./matrix_keyboard";
import { useMatrixPointer } from "./matrix_pointer";
import { useRowWindow } from "./row_window";
import { WorkloadCellEditor } from "./workload_cell_editor";
import { WorkloadMatrixRow } from "./workload_matrix_row";
import { WorkloadSession } from "./workload_session";

/** Height of a row, in pixels; the stylesheet gets it from here. */
const ROW_HEIGHT = 32;
/** Letters of a role's word, up to which its column grows. */
const MAX_WORD = 16;

let matrixCount = 0;

/**
 * Workload of an estimate: days by task and role, edited as in a spreadsheet. Only the rows that
 * are seen are drawn, and one listener hears all cells.
 */
export class WorkloadMatrix extends Component {
    static template = "commercial_quote_process.WorkloadMatrix";
    static components = { SelectMenu, WorkloadCellEditor, WorkloadMatrixRow };
    static props = {
        /** An `EstimateStore`. */
        store: Object,
        /** Shows the plan, where tasks are made. */
        openPlan: { type: Function, optional: true },
    };

    setup() {
        this.id = `quote_matrix_${++matrixCount}`;
        this.rowHeight = ROW_HEIGHT;
        this.state = useState({ fillTo: -1, isHelpShown: false });
        const notification = useService("notification");
        const notify = (message, options) => notification.add(message, options);
        const { store } = this.props;
        this.format = new MatrixFormat(store);
        this.session = new WorkloadSession(store, {
            separators: {
                decimalPoint: localization.decimalPoint,
                thousandsSep: localization.thousandsSep,
            },
            getDigits: () => getCurrency(store.currencyId)?.digits[1] ?? 2,
            notify,
        });
        this.setupBox(notify);
        useStoreChange(store, (detail) => this.onStoreChange(detail));
        onPatched(() => this.isRevealDue && this.reveal());
        // What was loaded between the drawing and the mounting.
        onMounted(() => this.onStoreChange("data"));
    }

    setupBox(notify) {
        this.scroller = useRef("scroller");
        this.head = useRef("head");
        this.rowWindow = useRowWindow({
            scroller: this.scroller,
            head: this.head,
            foot: useRef("foot"),
            height: ROW_HEIGHT,
        });
        this.editing = useCellEditing({
            session: this.session,
            getPlace: () => this.getPlace(),
            getCell: () => document.getElementById(this.activeId) || this.scroller.el,
            reveal: () => this.reveal(),
            select: (change) => this.select(change),
            focus: () => this.focus(),
            notify,
        });
        const { session, editing, scroller } = this;
        const select = (change) => this.select(change);
        const getRowsPerPage = () => Math.floor(scroller.el.clientHeight / ROW_HEIGHT) - 4;
        this.keyboard = getMatrixKeyboard({ session, editing, scroller, select, getRowsPerPage });
        this.clipboard = getMatrixClipboard({ session, scroller, select });
        this.pointer = useMatrixPointer({
            getSession: () => this.session,
            select: (change) => {
                this.editing.commit();
                this.focus();
                this.select(change);
            },
            edit: () => this.editing.edit(),
            previewFill: (task) => (this.state.fillTo = task),
            fill: () => this.fill(),
        });
    }

    onStoreChange(detail) {
        if (detail === "data") {
            this.session.refresh();
        }
        if (detail !== "selection") {
            this.render();
        }
    }

    // === WHAT IS SHOWN === //

    get store() {
        return this.props.store;
    }

    get grid() {
        return this.session.grid;
    }

    get visibleRows() {
        const { first, count } = this.rowWindow.state;
        return this.grid.rows.slice(first, first + count);
    }

    /** Height of the rows above those that are drawn, in pixels. */
    get spaceAbove() {
        return Math.min(this.rowWindow.state.first, this.grid.rows.length) * ROW_HEIGHT;
    }

    get spaceBelow() {
        return (
            this.grid.rows.length * ROW_HEIGHT -
            this.spaceAbove -
            this.visibleRows.length * ROW_HEIGHT
        );
    }

    /** How many amounts stand behind the days: cost, price. */
    get amountCount() {
        return Number(this.store.seesCosts) + Number(this.store.seesPrices);
    }

    /** Letters of the longest word among the roles: no word is broken, unless it is very long. */
    get wordLength() {
        const words = this.grid.columns.flatMap((column) => column.name.split(/\s+/));
        return Math.min(Math.max(...words.map((word) => word.length), 0), MAX_WORD);
    }

    get columnCount() {
        return this.grid.columns.length + 2 + this.amountCount;
    }

    get roleChoices() {
        return this.session.otherRoles.map(({ id, name }) => ({ value: id, label: name }));
    }

    get currencySymbol() {
        return getCurrency(this.store.currencyId)?.symbol || "";
    }

    /** Id of the active cell; it may be scrolled out of sight. */
    get activeId() {
        const { task, column, isEmpty } = this.session;
        return isEmpty ? undefined : `${this.id}_${task}_${column}`;
    }

    /** @returns {Object} what of the selection is in a row, as props of the row */
    getRowSelection(row) {
        const { range, task, column, isEmpty } = this.session;
        const isIn = !isEmpty && row.task >= range.top && row.task <= range.bottom;
        const isFilling = row.task > range.bottom && row.task <= this.state.fillTo;
        return {
            left: isIn || isFilling ? range.left : -1,
            right: isIn || isFilling ? range.right : -1,
            active: isIn && row.task === task ? column : -1,
            handle: isIn && row.task === range.bottom && this.store.editable ? range.right : -1,
            isFilling,
        };
    }

    // === SELECTION === //

    focus() {
        this.scroller.el?.focus({ preventScroll: true });
    }

    /** Move the selection, and show it. */
    select(change) {
        change();
        this.reveal();
        this.render();
    }

    getHead(column) {
        return this.head.el.querySelector(`[data-column="${column}"]`);
    }

    /** Scroll to the active cell. */
    reveal() {
        const { task, column, isEmpty } = this.session;
        const { el } = this.scroller;
        if (isEmpty || !el) {
            return;
        }
        this.rowWindow.reveal(this.grid.tasks[task].index);
        const head = this.getHead(column);
        // A column that was added a moment ago is not drawn yet.
        this.isRevealDue = !head;
        if (!head) {
            return;
        }
        const { offsetLeft, offsetWidth } = head;
        const frozen = this.head.el.firstElementChild.offsetWidth;
        if (offsetLeft < el.scrollLeft + frozen) {
            el.scrollLeft = offsetLeft - frozen;
        } else if (offsetLeft + offsetWidth > el.scrollLeft + el.clientWidth) {
            el.scrollLeft = offsetLeft + offsetWidth - el.clientWidth;
        }
    }

    /** @returns {string} style of a field over the active cell */
    getPlace() {
        const { task, column } = this.session;
        const { offsetLeft, offsetWidth } = this.getHead(column);
        const top = this.head.el.offsetHeight + this.grid.tasks[task].index * ROW_HEIGHT;
        return `top: ${top}px; left: ${offsetLeft}px; width: ${offsetWidth}px`;
    }

    fill() {
        this.select(() => this.session.fillTo(this.state.fillTo));
        this.state.fillTo = -1;
    }

    // === ROLES === //

    addRole(roleId) {
        this.select(() => this.session.addRole(roleId));
        this.isFocusDue = true;
    }

    /** The menu gives the focus back to its button: the days of the role are typed next. */
    onRoleMenuClosed() {
        if (this.isFocusDue) {
            this.isFocusDue = false;
            this.focus();
        }
    }

    removeRole(roleId) {
        this.select(() => this.session.removeRole(roleId));
        this.focus();
    }
}
