/**
 * An estimate in memory: rows of the plan, days by role, and the commands that change them, each
 * with its reverse. The commands are those of `apply_plan`. Nothing of Odoo is used here.
 *
 * A row keeps its `ref` for as long as the page lives, whether or not the server knows it yet:
 * `save_queue.js` turns refs into ids.
 *
 * @typedef {Object} PlanRow
 * @property {number|string} ref what commands name the row by
 * @property {number|null} id id of the record, null until it is saved
 * @property {"phase"|"task"|"milestone"|"deliverable"} kind
 * @property {string} name
 * @property {number|string|false} parent ref of its phase
 * @property {number} level how many phases it is in
 * @property {number} duration working days
 * @property {number} notBefore earliest start, in working days after T0
 * @property {string|false} notBeforeDate earliest start, as "YYYY-MM-DD"
 * @property {Map<number|string, number>} after lag in working days by ref of the row to wait for
 * @property {string} description
 * @property {string} acceptanceCriteria
 * @property {number} start working days after T0
 * @property {number} end
 * @property {number} slack
 * @property {boolean} critical
 */
import { PlanError, checkRow } from "./plan_rules";
import { Scheduler } from "./schedule";
import { WorkingCalendar } from "./working_calendar";
import { applyWorkload, loadWorkload, sumWorkload } from "./workload_document";

/** Names of the fields of a row in commands, and in memory. */
const FIELDS = {
    kind: "kind",
    name: "name",
    parent: "parent",
    duration: "duration",
    not_before: "notBefore",
    not_before_date: "notBeforeDate",
    description: "description",
    acceptance_criteria: "acceptanceCriteria",
};

export class PlanDocument {
    constructor() {
        /** @type {PlanRow[]} in the order of the tree */
        this.items = [];
        this.byRef = new Map();
        /** @type {Map<any, Map<number, Object>>} cells by ref of the item, then id of the role */
        this.workload = new Map();
        this.roles = [];
        this.totals = {};
        this.calendar = new WorkingCalendar();
        this.scheduler = new Scheduler();
    }

    /**
     * Take what `get_editor_data` says.
     *
     * @param {Object} data
     * @param {(id: number) => number|string} [refOf] ref of a record that has one already
     */
    load(data, refOf = (id) => id) {
        this.calendar = new WorkingCalendar({ start: data.planned_start, ...data.calendar });
        this.roles = (data.roles || []).map((role) => ({
            id: role.id,
            name: role.name,
            dailyCost: role.daily_cost,
            dailyPrice: role.daily_price,
            rateMissing: Boolean(role.rate_missing),
        }));
        this.totals = data.totals || {};
        this.items = data.items.map((item) => this._readItem(item, refOf));
        this.byRef = new Map(this.items.map((row) => [row.ref, row]));
        this.workload = loadWorkload(data.workload || [], refOf);
        this._arrange();
        this.schedule();
    }

    /**
     * Change the estimate, or leave it as it was.
     *
     * @param {Object[]} commands those of `apply_plan`, in order
     * @returns {Object[]} the commands that take it back
     * @throws {PlanError|ScheduleCycleError} when the commands cannot be applied
     */
    apply(commands) {
        const before = this.items.map((row) => row.ref);
        const reverse = [];
        try {
            for (const command of commands) {
                reverse.unshift(...this._apply(command));
            }
            if (commands.every(isMove)) {
                this._move(commands);
                return reverse;
            }
            this._arrange();
            this.schedule();
        } catch (error) {
            reverse.forEach((command) => this._apply(command, false));
            this._order(before);
            this._arrange();
            this.schedule();
            throw error;
        }
        if (this.items.some((row, position) => row.ref !== before[position])) {
            reverse.push({ op: "order", refs: before });
        }
        return reverse;
    }

    /**
     * Say when each row happens; a circle leaves the rows where they are.
     *
     * @throws {ScheduleCycleError}
     */
    schedule() {
        const getTask = (row) => {
            const { duration, notBefore } = this.getDays(row);
            return {
                key: row.ref,
                duration,
                notBefore,
                after: row.after,
                parent: row.parent || null,
            };
        };
        this.scheduler.load(this.items.map(getTask));
        this._readSlots();
    }

    /** How long a row takes, and how early it may start, for the scheduler. */
    getDays(row) {
        return {
            duration: row.kind === "task" ? row.duration : 0,
            notBefore: Math.max(row.notBefore, this.calendar.daysUntil(row.notBeforeDate)),
        };
    }

    /** Rows that move need no new graph. */
    _move(commands) {
        const { scheduler } = this;
        for (const { ref } of commands) {
            scheduler.move(scheduler.indexOf.get(ref), this.getDays(this.byRef.get(ref)));
        }
        scheduler.run();
        this._readSlots();
    }

    _readSlots() {
        const { scheduler } = this;
        this.items.forEach((row, index) => {
            row.start = scheduler.start[index];
            row.end = scheduler.end[index];
            row.slack = scheduler.slack[index];
            row.critical = scheduler.isCritical(index);
        });
    }

    /** @returns {PlanRow} */
    getItem(ref) {
        return this.byRef.get(ref);
    }

    /** @returns {PlanRow[]} what is directly inside a phase */
    getChildren(ref) {
        return this.items.filter((row) => row.parent === ref);
    }

    updateTotals() {
        Object.assign(this.totals, sumWorkload(this));
    }

    /** A row as the server says it: written out, for there may be thousands of them. */
    _readItem(item, refOf) {
        const after = new Map();
        for (const [id, lag] of item.after || []) {
            after.set(refOf(id), lag);
        }
        const row = this._newRow(refOf(item.id), item.id, after);
        row.kind = item.kind;
        row.name = item.name || "";
        row.parent = item.parent_id ? refOf(item.parent_id) : false;
        row.duration = toHundredths(item.duration);
        row.notBefore = toHundredths(item.not_before);
        row.notBeforeDate = item.not_before_date || false;
        row.description = item.description || "";
        row.acceptanceCriteria = item.acceptance_criteria || "";
        return row;
    }

    _newRow(ref, id = null, after = new Map()) {
        return {
            ref,
            id,
            kind: "task",
            name: "",
            parent: false,
            level: 0,
            duration: 0,
            notBefore: 0,
            notBeforeDate: false,
            after,
            description: "",
            acceptanceCriteria: "",
            start: 0,
            end: 0,
            slack: 0,
            critical: false,
        };
    }

    _assign(row, vals) {
        for (const name in FIELDS) {
            if (name in vals) {
                const empty = name.startsWith("not_before_date") || name === "parent" ? false : "";
                const isNumber = NUMBERS.has(name);
                row[FIELDS[name]] = isNumber ? toHundredths(vals[name]) : vals[name] || empty;
            }
        }
    }

    _find(ref) {
        const row = this.byRef.get(ref);
        if (!row) {
            throw new PlanError("missing");
        }
        return row;
    }

    _apply(command, check = true) {
        switch (command.op) {
            case "create":
                return this._create(command, check);
            case "write":
                return this._write(command, check);
            case "unlink":
                return this._unlink(command);
            case "order":
                return this._order(command.refs);
            case "workload":
                return applyWorkload(this, this._find(command.item), command);
        }
        throw new PlanError("command");
    }

    _create({ key, vals }, check) {
        const row = this._newRow(key);
        this.items.push(row);
        this.byRef.set(key, row);
        const remove = { op: "unlink", ref: key };
        try {
            this._write({ ref: key, vals }, check);
        } catch (error) {
            this._unlink(remove);
            throw error;
        }
        return [remove];
    }

    _write({ ref, vals }, check) {
        const row = this._find(ref);
        if (check) {
            checkRow(this, row, vals);
        }
        const old = {};
        for (const name in vals) {
            old[name] = name === "after" ? [...row.after] : row[FIELDS[name]];
        }
        this._assign(row, vals);
        if (vals.after) {
            row.after = new Map(vals.after.filter(([other]) => this.byRef.has(other)));
        }
        return [{ op: "write", ref, vals: old }];
    }

    /** A phase goes with what is inside, and a row with its days and with what waits for it. */
    _unlink({ ref }) {
        const refs = new Set([this._find(ref).ref]);
        for (const inside of this.getChildren(ref)) {
            this._collect(inside, refs);
        }
        const gone = [...refs].map((one) => this.byRef.get(one));
        const [creates, links, cells] = [[], [], []];
        for (const row of gone) {
            const vals = {};
            for (const name in FIELDS) {
                vals[name] = row[FIELDS[name]];
            }
            creates.push({ op: "create", key: row.ref, vals });
            for (const [roleId, cell] of this.workload.get(row.ref) || []) {
                cells.push({ op: "workload", item: row.ref, role: roleId, vals: restore(cell) });
            }
            this.workload.delete(row.ref);
            this.byRef.delete(row.ref);
        }
        for (const row of this.items) {
            if (refs.has(row.ref) ? row.after.size : [...refs].some((one) => row.after.has(one))) {
                links.push({ op: "write", ref: row.ref, vals: { after: [...row.after] } });
                refs.forEach((one) => !refs.has(row.ref) && row.after.delete(one));
            }
        }
        this.items = this.items.filter((row) => !refs.has(row.ref));
        this.updateTotals();
        return [...creates, ...links, ...cells];
    }

    _collect(row, refs) {
        refs.add(row.ref);
        this.getChildren(row.ref).forEach((child) => this._collect(child, refs));
    }

    /** Rows that are not named stay behind the row that they follow. */
    _order(refs) {
        const old = this.items.map((row) => row.ref);
        const named = new Set(refs);
        const [tails, head] = [new Map(), []];
        let tail = head;
        for (const row of this.items) {
            if (named.has(row.ref)) {
                tails.set(row.ref, (tail = []));
            } else {
                tail.push(row);
            }
        }
        const known = [...named].filter((ref) => this.byRef.has(ref));
        this.items = head.concat(
            ...known.map((ref) => [this.byRef.get(ref), ...(tails.get(ref) || [])]),
        );
        return [{ op: "order", refs: old }];
    }

    /** Put what is inside a phase behind it. */
    _arrange() {
        const inside = new Map();
        const roots = this.items.filter((row) => {
            if (!this.byRef.has(row.parent)) {
                return true;
            }
            if (!inside.has(row.parent)) {
                inside.set(row.parent, []);
            }
            inside.get(row.parent).push(row);
            return false;
        });
        const items = [];
        const add = (row, level) => {
            row.level = level;
            items.push(row);
            (inside.get(row.ref) || []).forEach((child) => add(child, level + 1));
        };
        roots.forEach((row) => add(row, 0));
        this.items = items;
    }
}

const NUMBERS = new Set(["duration", "not_before"]);

const MOVES = new Set(["name", "duration", "not_before", "not_before_date"]);

/** Whether a command changes neither the rows, nor what they wait for. */
function isMove({ op, vals }) {
    return op === "write" && Object.keys(vals).every((name) => MOVES.has(name));
}

/** A number of days as the server keeps it. */
function toHundredths(days) {
    return Math.round((days || 0) * 100) / 100;
}

/** What a command needs to make a cell again. */
function restore(cell) {
    return cell.high
        ? { days_low: cell.low, days_likely: cell.likely, days_high: cell.high }
        : { days: cell.days };
}
