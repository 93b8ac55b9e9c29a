/**
 * When each row of a plan happens, in working days after T0: the mirror of `tools/schedule.py`, for
 * a browser that shows an edit before the server has seen it. Both pass the same vectors,
 * `static/tests/schedule_vectors.json`. Nothing of Odoo is used here.
 *
 * @typedef {Object} ScheduleTask one row of a plan
 * @property {any} key what names the row
 * @property {number} [duration] working days; ignored for a row with others inside
 * @property {number} [notBefore] earliest start, in working days after T0
 * @property {Map<any, number>} [after] lag in working days by key of the row to wait for
 * @property {any} [parent] key of the phase the row belongs to
 */

const SCALE = 1e6;
const EPSILON = 1e-6;

/** Far below an hour, far above the noise of binary floats. */
function round(days) {
    return Math.round(days * SCALE) / SCALE;
}

/** Rows that wait for each other; `keys` names them, each one waiting for the one before it. */
export class ScheduleCycleError extends Error {
    constructor(keys) {
        super(`circular dependency: ${keys.join(", ")}`);
        this.name = "ScheduleCycleError";
        this.keys = keys;
    }
}

/**
 * Forward and backward pass of the critical path method (Kelley and Walker, 1959) over a graph in
 * which a phase is two points, its start and its end. Rows and points are numbers, the buffers are
 * kept from one plan to the next, and a row that only moves needs no new graph: see `move`.
 * `finish` is the last day of the plan, 0 for an empty one.
 */
export class Scheduler {
    constructor() {
        this.count = 0;
        this.keys = [];
        this.indexOf = new Map();
        this._grow(256, 1024);
    }

    /**
     * Build the graph of a plan and schedule it.
     *
     * @param {Iterable<ScheduleTask>} tasks
     * @returns {Scheduler} itself, with `start`, `end` and `slack` by position of the row
     * @throws {ScheduleCycleError} when rows wait for each other
     */
    load(tasks) {
        this._index(tasks);
        this._countEdges();
        this._fillEdges();
        this._sort();
        return this.run();
    }

    /**
     * Change when a row may start and how long it takes; `run` tells what follows from it.
     *
     * @param {number} index position of the row
     * @param {{duration?: number, notBefore?: number}} values in working days
     */
    move(index, { duration, notBefore }) {
        const point = this.startPoint[index];
        if (notBefore !== undefined) {
            this.floor[point] = Math.max(notBefore || 0, 0);
        }
        if (duration !== undefined && this.endPoint[index] === point) {
            this.length[point] = Math.max(duration || 0, 0);
        }
    }

    /** Schedule the plan of the last `load`, with what `move` has changed since. */
    run() {
        this._forward();
        this._backward();
        this._spanPhases();
        return this;
    }

    _grow(rows, edges) {
        const points = 2 * rows;
        this.capacity = rows;
        this.edgeCapacity = edges;
        for (const name of ["startPoint", "endPoint", "parentOf"]) {
            this[name] = new Int32Array(rows);
        }
        for (const name of ["start", "end", "slack"]) {
            this[name] = new Float64Array(rows);
        }
        for (const name of ["order", "waiting", "rowOf"]) {
            this[name] = new Int32Array(points);
        }
        this.first = new Int32Array(points + 1);
        for (const name of ["length", "floor", "early", "late"]) {
            this[name] = new Float64Array(points);
        }
        this.target = new Int32Array(edges);
        this.lag = new Float64Array(edges);
    }

    _index(tasks) {
        this.tasks = [...tasks];
        this.count = this.tasks.length;
        if (this.count > this.capacity) {
            this._grow(2 * this.count, this.edgeCapacity);
        }
        this.indexOf.clear();
        this.tasks.forEach((task, index) => this.indexOf.set(task.key, index));
        const isPhase = new Uint8Array(this.count);
        this.tasks.forEach((task, index) => {
            const parent = this._find(task.parent);
            this.parentOf[index] = parent;
            if (parent >= 0) {
                isPhase[parent] = 1;
            }
        });
        this.points = 0;
        this.tasks.forEach((task, index) => this._addPoints(index, task, isPhase[index]));
    }

    _find(key) {
        const index = key === undefined || key === null ? undefined : this.indexOf.get(key);
        return index === undefined ? -1 : index;
    }

    _addPoints(index, task, isPhase) {
        const last = this.points + (isPhase ? 1 : 0);
        this.startPoint[index] = this.points;
        this.endPoint[index] = last;
        for (; this.points <= last; this.points++) {
            this.rowOf[this.points] = index;
            this.length[this.points] = isPhase ? 0 : Math.max(task.duration || 0, 0);
            this.floor[this.points] = Math.max(task.notBefore || 0, 0);
        }
    }

    /** Call `add(from, to, lag)` for what separates the points of each row. */
    _eachEdge(add) {
        for (let index = 0; index < this.count; index++) {
            const [start, end] = [this.startPoint[index], this.endPoint[index]];
            if (start !== end) {
                add(start, end, 0);
            }
            this.tasks[index].after?.forEach((lag, other) => {
                const before = this._find(other);
                if (before >= 0) {
                    add(this.endPoint[before], start, lag || 0);
                }
            });
            const parent = this.parentOf[index];
            if (parent >= 0) {
                add(this.startPoint[parent], start, 0);
                add(end, this.endPoint[parent], 0);
            }
        }
    }

    _countEdges() {
        this.first.fill(0, 0, this.points + 1);
        this.waiting.fill(0, 0, this.points);
        let edges = 0;
        this._eachEdge((from, to) => {
            this.first[from + 1]++;
            this.waiting[to]++;
            edges++;
        });
        for (let point = 0; point < this.points; point++) {
            this.first[point + 1] += this.first[point];
        }
        if (edges > this.edgeCapacity) {
            this.edgeCapacity = 2 * edges;
            this.target = new Int32Array(this.edgeCapacity);
            this.lag = new Float64Array(this.edgeCapacity);
        }
    }

    _fillEdges() {
        const next = this.first.slice(0, this.points);
        this._eachEdge((from, to, lag) => {
            const edge = next[from]++;
            this.target[edge] = to;
            this.lag[edge] = lag;
        });
    }

    /** Put each point after those that it waits for. */
    _sort() {
        const { order, waiting, first, target } = this;
        let found = 0;
        for (let point = 0; point < this.points; point++) {
            if (!waiting[point]) {
                order[found++] = point;
            }
        }
        for (let done = 0; done < found; done++) {
            for (let edge = first[order[done]]; edge < first[order[done] + 1]; edge++) {
                if (!--waiting[target[edge]]) {
                    order[found++] = target[edge];
                }
            }
        }
        if (found < this.points) {
            throw new ScheduleCycleError(this._getCycle());
        }
    }

    /** The keys of one circle among the points that all wait for another one of them. */
    _getCycle() {
        const before = new Map();
        let point = -1;
        for (let stuck = 0; stuck < this.points; stuck++) {
            if (!this.waiting[stuck]) {
                continue;
            }
            point = point < 0 ? stuck : point;
            for (let edge = this.first[stuck]; edge < this.first[stuck + 1]; edge++) {
                if (this.waiting[this.target[edge]] && !before.has(this.target[edge])) {
                    before.set(this.target[edge], stuck);
                }
            }
        }
        const path = [];
        while (!path.includes(point)) {
            path.push(point);
            point = before.get(point);
        }
        const circle = path.slice(path.indexOf(point)).reverse();
        const first = circle.indexOf(Math.min(...circle));
        const turned = [...circle.slice(first), ...circle.slice(0, first)];
        return [...new Set(turned.map((one) => this.tasks[this.rowOf[one]].key))];
    }

    _forward() {
        const { order, first, target, lag, early, length } = this;
        early.set(this.floor.subarray(0, this.points));
        this.finish = 0;
        for (let step = 0; step < this.points; step++) {
            const point = order[step];
            const end = early[point] + length[point];
            this.finish = Math.max(this.finish, end);
            for (let edge = first[point]; edge < first[point + 1]; edge++) {
                const day = round(end + lag[edge]);
                if (day > early[target[edge]]) {
                    early[target[edge]] = day;
                }
            }
        }
    }

    _backward() {
        const { order, first, target, lag, late, length } = this;
        for (let step = this.points - 1; step >= 0; step--) {
            const point = order[step];
            let limit = this.finish;
            for (let edge = first[point]; edge < first[point + 1]; edge++) {
                const after = target[edge];
                limit = Math.min(limit, late[after] - length[after] - lag[edge]);
            }
            late[point] = limit;
        }
    }

    /** A phase spans what is inside, and has the least of its slack. */
    _spanPhases() {
        const { start, end, slack, parentOf } = this;
        for (let index = 0; index < this.count; index++) {
            const point = this.startPoint[index];
            if (this.endPoint[index] !== point) {
                [start[index], end[index], slack[index]] = [Infinity, -Infinity, Infinity];
            } else {
                start[index] = this.early[point];
                end[index] = round(this.early[point] + this.length[point]);
                slack[index] = Math.max(round(this.late[point] - end[index]), 0);
            }
        }
        // Backwards, what is inside a phase comes before the start of the phase.
        for (let step = this.points - 1; step >= 0; step--) {
            const index = this.rowOf[this.order[step]];
            const parent = parentOf[index];
            if (parent >= 0 && this.order[step] === this.startPoint[index]) {
                start[parent] = Math.min(start[parent], start[index]);
                end[parent] = Math.max(end[parent], end[index]);
                slack[parent] = Math.min(slack[parent], slack[index]);
            }
        }
    }

    /** Whether a delay of the row moves the end of the plan. */
    isCritical(index) {
        return this.slack[index] < EPSILON;
    }
}

/**
 * The earliest slot of each row, with its slack, in the order given.
 *
 * @param {Iterable<ScheduleTask>} tasks
 * @returns {Map<any, {start: number, end: number, slack: number, critical: boolean}>} by key
 * @throws {ScheduleCycleError} when rows wait for each other
 */
export function schedule(tasks) {
    const scheduler = new Scheduler().load(tasks);
    const slots = new Map();
    for (const [key, index] of scheduler.indexOf) {
        slots.set(key, {
            start: scheduler.start[index],
            end: scheduler.end[index],
            slack: scheduler.slack[index],
            critical: scheduler.isCritical(index),
        });
    }
    return slots;
}
