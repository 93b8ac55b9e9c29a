import { _t } from "@web/core/l10n/translation";
import { formatCell, formatNumber, parseDays } from "./workload_clipboard";
import {
    makeClearCommands,
    makeCommands,
    makeFillCommands,
    makeText,
    readPaste,
} from "./workload_commands";
import { getInvalidMessage, getLostMessage } from "./paste_messages";
import { getUsedRoles, WorkloadGrid } from "./workload_grid";

/** Roles shown by store, the empty ones included: they outlive the page of the notebook. */
const shownRoles = new WeakMap();

/**
 * Someone at work on the workload of an estimate: the table, what is selected in it, and what is
 * done with it. The component draws it and brings keys and clicks.
 */
export class WorkloadSession {
    /**
     * @param {EstimateStore} store
     * @param {Object} params
     * @param {Separators} params.separators of the user's language
     * @param {() => number} params.getDigits decimals of the currency
     * @param {(message: string, options: Object) => void} params.notify tells the user
     */
    constructor(store, { separators, getDigits, notify }) {
        Object.assign(this, { store, separators, getDigits, notify });
        this.task = 0;
        this.column = 0;
        /** The corner of the selected block that stays while it is extended. */
        this.anchor = { task: 0, column: 0 };
        this.refresh();
        const selected = this.grid.tasks.find((row) => store.selection.has(row.ref));
        this.moveTo(selected?.task ?? 0, 0);
    }

    /** Take what the store holds now. */
    refresh() {
        this.grid = new WorkloadGrid(this.store, this._getRoleIds(), {
            digits: this.getDigits(),
            unknownRole: _t("Archived role"),
            previous: this.grid,
        });
        const { bottom, right } = this.grid.range;
        for (const place of [this, this.anchor]) {
            place.task = Math.max(0, Math.min(place.task, bottom));
            place.column = Math.max(0, Math.min(place.column, right));
        }
    }

    /** Columns keep their place: roles in use first, in their order, then those added. */
    _getRoleIds() {
        const { store } = this;
        let shown = shownRoles.get(store);
        if (shown?.resId !== store.resId) {
            shown = { resId: store.resId, ids: [] };
            shownRoles.set(store, shown);
        }
        const used = getUsedRoles(store);
        const known = store.roles.map((role) => role.id).filter((id) => used.delete(id));
        for (const id of [...known, ...used]) {
            if (!shown.ids.includes(id)) {
                shown.ids.push(id);
            }
        }
        this.shown = shown;
        return shown.ids;
    }

    // === COLUMNS === //

    /** @returns {Object[]} roles that are not shown yet */
    get otherRoles() {
        return this.store.roles.filter((role) => !this.shown.ids.includes(role.id));
    }

    addRole(roleId) {
        this.shown.ids.push(roleId);
        this.refresh();
        this.moveTo(this.task, this.grid.range.right);
    }

    removeRole(roleId) {
        this.shown.ids = this.shown.ids.filter((id) => id !== roleId);
        this.refresh();
    }

    // === SELECTION === //

    get isEmpty() {
        return !this.grid.tasks.length || !this.grid.columns.length;
    }

    get cell() {
        return this.grid.getCell(this.task, this.column);
    }

    /** @returns {GridRange} */
    get range() {
        const { task, column, anchor } = this;
        return {
            top: Math.min(task, anchor.task),
            left: Math.min(column, anchor.column),
            bottom: Math.max(task, anchor.task),
            right: Math.max(column, anchor.column),
        };
    }

    /**
     * @param {number} task
     * @param {number} column
     * @param {{extend?: boolean}} [options] extend the selected block to there
     */
    moveTo(task, column, { extend } = {}) {
        const { bottom, right } = this.grid.range;
        this.task = Math.max(0, Math.min(task, bottom));
        this.column = Math.max(0, Math.min(column, right));
        if (!extend) {
            this.anchor = { task: this.task, column: this.column };
        }
        const row = this.grid.tasks[this.task];
        if (row && !this.store.selection.has(row.ref)) {
            this.store.select([row.ref]);
        }
    }

    /** Select a block; its first cell is the active one. */
    selectRange({ top, left, bottom, right }) {
        this.moveTo(top, left);
        this.anchor = { task: bottom, column: right };
    }

    /**
     * Move by steps, or to the border of what is filled.
     *
     * @param {number} down
     * @param {number} right
     * @param {{extend?: boolean, jump?: boolean}} [options]
     */
    move(down, right, { extend, jump } = {}) {
        const place = jump
            ? this.grid.findEdge(this.task, this.column, down, right)
            : { task: this.task + down, column: this.column + right };
        this.moveTo(place.task, place.column, { extend });
    }

    /**
     * Go to the next cell, row after row.
     *
     * @param {1|-1} step
     * @returns {boolean} false at the end of the table
     */
    moveNext(step) {
        const width = this.grid.columns.length;
        const place = this.task * width + this.column + step;
        if (place < 0 || place >= width * this.grid.tasks.length) {
            return false;
        }
        this.moveTo(Math.floor(place / width), place % width);
        return true;
    }

    // === CHANGES === //

    _execute(commands, label) {
        return commands.length > 0 && this.store.execute(commands, { label });
    }

    /** @returns {{ref: number|string, roleId: number}} what the active cell is about */
    get target() {
        const { grid, task, column } = this;
        return { ref: grid.tasks[task].ref, roleId: grid.columns[column].id };
    }

    /**
     * Write what was typed for a task and a role.
     *
     * @param {string} text
     * @param {{ref: number|string, roleId: number}} [target] the rows may have moved meanwhile
     * @returns {boolean} false when it is no number of days: nothing is written
     */
    write(text, { ref, roleId } = this.target) {
        const values = parseDays(text, this.separators);
        const task = this.grid.tasks.findIndex((row) => row.ref === ref);
        const column = this.grid.columns.findIndex((one) => one.id === roleId);
        if (values && task >= 0 && column >= 0) {
            this._execute(makeCommands(this.grid, [{ task, column, values }]), _t("Days"));
        }
        return Boolean(values);
    }

    clear() {
        return this._execute(makeClearCommands(this.grid, this.range), _t("Delete days"));
    }

    /** Repeat the first row of the block in the others; a single row takes the one above. */
    fillDown() {
        const range = this.range;
        const top = range.top === range.bottom ? range.top - 1 : range.top;
        if (top >= 0) {
            this._fill({ ...range, top, bottom: top }, range.bottom);
        }
    }

    /** Repeat the block down to a task, and select all of it. */
    fillTo(bottom) {
        const range = this.range;
        if (bottom > range.bottom) {
            this._fill(range, bottom);
            this.selectRange({ ...range, bottom });
        }
    }

    _fill(source, bottom) {
        return this._execute(makeFillCommands(this.grid, source, bottom), _t("Fill down"));
    }

    // === CLIPBOARD === //

    /** @returns {string} the selected days, for a spreadsheet */
    getText() {
        const format = (cell) => (cell ? formatNumber(cell.days, this.separators) : "");
        return makeText(this.grid, this.range, format);
    }

    /** @returns {string} the selected cells with their three points, for this matrix */
    getPointsText() {
        return makeText(this.grid, this.range, (cell) => formatCell(cell, this.separators));
    }

    /**
     * Write a block of text from the first selected cell on: all of it or nothing.
     *
     * @param {string} text
     */
    paste(text) {
        const result = readPaste(this.grid, this.range, text, this.separators);
        if (result.invalid) {
            this.notify(getInvalidMessage(this.grid, result.invalid), { type: "danger" });
            return;
        }
        this._execute(result.commands, _t("Paste"));
        this.selectRange(result.range);
        if (result.lostRows || result.lostColumns) {
            this.notify(getLostMessage(result), { type: "warning", sticky: true });
        }
    }
}
