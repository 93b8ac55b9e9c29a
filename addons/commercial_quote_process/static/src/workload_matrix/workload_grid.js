/**
 * The workload as a table: rows of the plan, columns of roles, and their totals. A picture of the
 * store at one moment; cells are counted among tasks only, phases being subtotals.
 *
 * @typedef {Object} GridSums
 * @property {number} days
 * @property {number} cost
 * @property {number} price
 *
 * @typedef {GridSums} GridRow
 * @property {number|string} ref of the item
 * @property {string} name
 * @property {number} level
 * @property {boolean} isPhase
 * @property {number} index place among all rows
 * @property {number} task place among the tasks, -1 for a phase
 * @property {(WorkloadCell|undefined)[]} cells by column
 * @property {number[]} sums days by column
 *
 * @typedef {GridSums} GridColumn
 * @property {number} id of the role
 * @property {string} name
 * @property {number} dailyCost
 * @property {number} [dailyPrice]
 * @property {boolean} rateMissing
 * @property {boolean} isEmpty
 *
 * @typedef {Object} GridRange a block of cells, borders included
 * @property {number} top
 * @property {number} left
 * @property {number} bottom
 * @property {number} right
 */
import { roundDecimals } from "@web/core/utils/numbers";

/** Days are kept to the hundredth: sums of them are, too. */
function addDays(sums, key, days) {
    sums[key] = Math.round((sums[key] + days) * 100) / 100;
}

/**
 * @param {EstimateStore} store
 * @returns {Set<number>} ids of the roles that have days
 */
export function getUsedRoles(store) {
    const used = new Set();
    for (const cells of store.workload.values()) {
        for (const roleId of cells.keys()) {
            used.add(roleId);
        }
    }
    return used;
}

/** Whether two rows look the same: cells are other objects as soon as they change. */
function isSameRow(one, other) {
    return Object.keys(one).every((name) =>
        Array.isArray(one[name])
            ? one[name].length === other[name].length &&
              one[name].every((value, index) => value === other[name][index])
            : one[name] === other[name],
    );
}

export class WorkloadGrid {
    /**
     * @param {EstimateStore} store
     * @param {number[]} roleIds the columns
     * @param {Object} [options]
     * @param {number} [options.digits] decimals of the currency
     * @param {string} [options.unknownRole] name of a role that is archived by now
     * @param {WorkloadGrid} [options.previous] its rows stay where they are the same
     */
    constructor(store, roleIds, { digits = 2, unknownRole = "?", previous } = {}) {
        this.digits = digits;
        /** @type {GridRow[]} */
        this.rows = [];
        /** @type {GridRow[]} */
        this.tasks = [];
        this.total = { days: 0, cost: 0, price: 0 };
        const roles = new Map(store.roles.map((role) => [role.id, role]));
        /** @type {GridColumn[]} */
        this.columns = roleIds.map((id) => ({
            ...(roles.get(id) || { id, name: unknownRole, dailyCost: 0, rateMissing: false }),
            days: 0,
            cost: 0,
            price: 0,
            isEmpty: true,
        }));
        const phases = new Map();
        for (const item of store.items) {
            if (item.kind === "phase") {
                phases.set(item.ref, this._addRow(item));
            } else if (item.kind === "task") {
                this._addTask(item, store, phases);
            }
        }
        this._roundAmounts();
        if (previous) {
            this._keepRows(previous);
        }
    }

    _addRow(item) {
        const isPhase = item.kind === "phase";
        const row = {
            ref: item.ref,
            parent: item.parent,
            name: item.name,
            level: item.level,
            isPhase,
            index: this.rows.length,
            task: isPhase ? -1 : this.tasks.length,
            cells: [],
            sums: new Array(this.columns.length).fill(0),
            days: 0,
            cost: 0,
            price: 0,
        };
        this.rows.push(row);
        return row;
    }

    _addTask(item, store, phases) {
        const row = this._addRow(item);
        this.tasks.push(row);
        const cells = store.workload.get(item.ref);
        const sums = [row, this.total];
        for (let phase = phases.get(row.parent); phase; phase = phases.get(phase.parent)) {
            sums.push(phase);
        }
        row.cells = this.columns.map((column, index) => {
            const cell = cells?.get(column.id);
            if (cell) {
                this._addCell(cell, column, index, sums);
            }
            return cell;
        });
    }

    _addCell(cell, column, index, sums) {
        const cost = roundDecimals(cell.days * (cell.dailyCost || 0), this.digits);
        const price = roundDecimals(cell.days * (cell.dailyPrice || 0), this.digits);
        column.rateMissing = (!column.isEmpty && column.rateMissing) || cell.rateMissing;
        column.isEmpty = false;
        for (const sum of [column, ...sums]) {
            addDays(sum, "days", cell.days);
            sum.cost += cost;
            sum.price += price;
            if (sum.sums) {
                addDays(sum.sums, index, cell.days);
            }
        }
    }

    _roundAmounts() {
        for (const sum of [...this.rows, ...this.columns, this.total]) {
            sum.cost = roundDecimals(sum.cost, this.digits);
            sum.price = roundDecimals(sum.price, this.digits);
        }
    }

    /** Rows that are the same object are not drawn again. */
    _keepRows(previous) {
        this.rows = this.rows.map((row, index) => {
            const old = previous.rows[index];
            const kept = old && isSameRow(row, old) ? old : row;
            if (!kept.isPhase) {
                this.tasks[kept.task] = kept;
            }
            return kept;
        });
    }

    getCell(task, column) {
        return this.tasks[task]?.cells[column];
    }

    // === MOVING ABOUT === //

    /**
     * Where a jump from a cell ends, as in spreadsheets: at the border of a block of filled
     * cells, else at the next filled cell, else at the border of the table.
     *
     * @param {number} task
     * @param {number} column
     * @param {number} down -1, 0 or 1
     * @param {number} right -1, 0 or 1
     * @returns {{task: number, column: number}}
     */
    findEdge(task, column, down, right) {
        const isInside = (t, c) =>
            t >= 0 && c >= 0 && t < this.tasks.length && c < this.columns.length;
        const isFilled = (t, c) => Boolean(this.getCell(t, c));
        const isInBlock = isFilled(task, column) && isFilled(task + down, column + right);
        while (isInside(task + down, column + right)) {
            if (isInBlock && !isFilled(task + down, column + right)) {
                break;
            }
            task += down;
            column += right;
            if (!isInBlock && isFilled(task, column)) {
                break;
            }
        }
        return { task, column };
    }

    /** The last cells of the table, borders included. */
    get range() {
        return {
            top: 0,
            left: 0,
            bottom: this.tasks.length - 1,
            right: this.columns.length - 1,
        };
    }

    /**
     * @param {GridRange} range
     * @returns {{count: number, days: number}} filled cells of a block, and their days
     */
    sumRange({ top, left, bottom, right }) {
        const sums = { count: 0, days: 0 };
        for (let task = top; task <= bottom; task++) {
            for (let column = left; column <= right; column++) {
                const cell = this.getCell(task, column);
                if (cell) {
                    sums.count++;
                    addDays(sums, "days", cell.days);
                }
            }
        }
        return sums;
    }
}
