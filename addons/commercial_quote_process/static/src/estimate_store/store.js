import { PlanDocument } from "./plan_document";
import { explain } from "./plan_messages";
import { SaveQueue } from "./save_queue";
import { readCell, setCell } from "./workload_document";
import { _t } from "@web/core/l10n/translation";

const MODEL = "quote.estimate";
const LONGEST_HISTORY = 200;

/**
 * One estimate on a form: shown at once, saved a moment later. The editor of the plan and the
 * matrix of the workload share it.
 *
 * Events: `change`, with what changed as `detail`: "data" (rows, cells, totals), "status",
 * "selection"; `commit`, when what is being typed must be kept now, before all is written.
 */
export class EstimateStore extends EventTarget {
    /**
     * @param {Object} params
     * @param {Object} params.orm the ORM service, which outlives the components
     * @param {(message: string, options: Object) => void} params.notify tells the user
     * @param {() => void} [params.onBatchSaved] called once a batch is written
     */
    constructor({ orm, notify, onBatchSaved = () => {} }) {
        super();
        Object.assign(this, { orm, notify, onBatchSaved });
        this.plan = new PlanDocument();
        this.queue = new SaveQueue({ orm, owner: this });
        this._keys = 0;
        this._clear();
    }

    _clear(resId = false) {
        this.resId = resId;
        this.isLoaded = false;
        this.editable = false;
        this.seesPrices = false;
        this.seesCosts = false;
        this.plannedStart = false;
        this.status = "saved";
        this.selection = new Set();
        this._done = [];
        this._undone = [];
        this.plan.load({ items: [] });
        this.queue.reset(resId);
    }

    // === WHAT IT HOLDS === //

    /** @returns {PlanRow[]} in the order of the tree */
    get items() {
        return this.plan.items;
    }

    get roles() {
        return this.plan.roles;
    }

    get workload() {
        return this.plan.workload;
    }

    get totals() {
        return this.plan.totals;
    }

    get calendar() {
        return this.plan.calendar;
    }

    get revision() {
        return this.queue.revision;
    }

    get canUndo() {
        return this.editable && this._done.length > 0;
    }

    get canRedo() {
        return this.editable && this._undone.length > 0;
    }

    /** What the next undo takes back, in the user's words. */
    get undoLabel() {
        return this._done.at(-1)?.label;
    }

    get redoLabel() {
        return this._undone.at(-1)?.label;
    }

    getItem(ref) {
        return this.plan.getItem(ref);
    }

    /** A key for a row to create, unique on this page. */
    newKey() {
        return `new_${++this._keys}`;
    }

    // === LOADING === //

    /**
     * Show an estimate; what waits is written first.
     *
     * @param {number|false} resId
     */
    async load(resId = this.resId) {
        if (!this.queue.isEmpty) {
            await this.queue.flush();
        }
        if (resId !== this.resId) {
            this._clear(resId);
            this._change("data");
        }
        if (!resId) {
            return;
        }
        const data = await this.orm.call(MODEL, "get_editor_data", [[resId]]);
        if (resId === this.resId) {
            this._receive(data);
        }
    }

    /** Take the server's data, and put what is not written yet on top of it. */
    _receive(data) {
        this.queue.revision = data.revision;
        this.editable = data.editable;
        this.seesPrices = Boolean(data.sees_prices);
        this.seesCosts = Boolean(data.sees_costs);
        this.plannedStart = data.planned_start;
        this.hoursPerDay = data.hours_per_day;
        this.currencyId = data.currency_id;
        this.plan.load(data, (id) => this.queue.refs.refOf(id));
        const lost = this._reapply();
        if (lost.length) {
            this.notify(
                _t("The plan was changed by someone else meanwhile. Please check: %(changes)s", {
                    changes: lost.join(", "),
                }),
                { type: "warning", sticky: true },
            );
        }
        this.isLoaded = true;
        this._pruneSelection();
        this._change("data");
    }

    /** @returns {string[]} labels of what could not be applied again, and is given up */
    _reapply() {
        const lost = [];
        this.queue.groups = this.queue.groups.filter((group) => {
            try {
                this.plan.apply(group.commands);
                return true;
            } catch (error) {
                lost.push(`${group.label} (${explain(error, this.plan) ?? error.message})`);
                return false;
            }
        });
        return lost;
    }

    // === CHANGES === //

    /**
     * Change the estimate: at once here, a moment later on the server.
     *
     * @param {Object[]} commands those of `apply_plan`, with refs of rows
     * @param {Object} [options]
     * @param {string} [options.label] what it does, for undo and for messages
     * @returns {boolean} false when it is not possible; the user has been told why
     */
    execute(commands, { label = _t("Change") } = {}) {
        if (!this.editable || !commands.length) {
            return false;
        }
        const reverse = this._apply(commands);
        if (!reverse) {
            return false;
        }
        const group = { label, commands };
        this._done.push({ label, undo: reverse, redo: commands, group });
        this._done.splice(0, this._done.length - LONGEST_HISTORY);
        this._undone = [];
        this._save(group);
        return true;
    }

    /**
     * @param {Object[]} commands that change values of rows
     * @returns {string} why they are not possible, in the user's words; "" when they are
     */
    check(commands) {
        try {
            this.plan.apply(this.plan.apply(commands));
            return "";
        } catch (error) {
            const message = explain(error, this.plan);
            if (!message) {
                throw error;
            }
            return message;
        }
    }

    undo() {
        return this.canUndo && this._replay(this._done, this._undone, "undo");
    }

    redo() {
        return this.canRedo && this._replay(this._undone, this._done, "redo");
    }

    _replay(from, to, direction) {
        const entry = from.pop();
        const commands = entry[direction];
        if (!this._apply(commands)) {
            return false;
        }
        const group = { label: entry.label, commands };
        to.push({ ...entry, group });
        this._save(group);
        return true;
    }

    _apply(commands) {
        try {
            return this.plan.apply(commands);
        } catch (error) {
            const message = explain(error, this.plan);
            if (!message) {
                throw error;
            }
            this.notify(message, { type: "danger" });
            return false;
        }
    }

    _save(group) {
        this._pruneSelection();
        this.queue.push(group);
        this._change("data");
    }

    // === SELECTION === //

    /** Select these rows and no other. */
    select(refs) {
        this.selection = new Set(refs);
        this._change("selection");
    }

    _pruneSelection() {
        this.selection = new Set([...this.selection].filter((ref) => this.getItem(ref)));
    }

    // === SAVING === //

    /** Write what is typed and what waits now; false when it could not be written. */
    async flush() {
        this.dispatchEvent(new CustomEvent("commit"));
        return this.queue.isEmpty || this.queue.flush();
    }

    /** Write what waits before the form goes on; an error stops it, and is shown by it. */
    async flushBeforeForm() {
        this._isFormWaiting = true;
        const isSaved = await this.flush();
        this._isFormWaiting = false;
        if (!isSaved) {
            throw this.queue.error;
        }
    }

    /** Give up what could not be written, and show what the server has. */
    async discard() {
        this.queue.groups = [];
        this._done = [];
        this._undone = [];
        await this.load();
        this.onStatus("saved");
    }

    /** Write what waits while the page goes away. */
    flushUrgently() {
        this.dispatchEvent(new CustomEvent("commit"));
        const isTaken = this.queue.sendBeacon();
        if (isTaken && !this.queue.isEmpty) {
            this.queue.groups = [];
            this.onStatus("saved");
        }
        return isTaken;
    }

    // === WHAT THE QUEUE TELLS === //

    getOrder() {
        return this.items.map((row) => row.ref);
    }

    onStatus(status) {
        if (status !== this.status) {
            this.status = status;
            this._change("status");
        }
    }

    onStale(data) {
        this._receive(data);
    }

    onSaved(answer, groups) {
        for (const id of Object.values(answer.ids || {})) {
            const row = this.getItem(this.queue.refs.refOf(id));
            if (row) {
                row.id = id;
            }
        }
        if (!groups.length) {
            for (const row of answer.workload || []) {
                const ref = this.queue.refs.refOf(row.item_id);
                setCell(this.plan.workload, ref, row.role_id, readCell(row));
            }
            Object.assign(this.totals, answer.totals);
        }
        this._change("data");
        this.onBatchSaved();
    }

    async onRefused(group, error) {
        this._done = this._done.filter((entry) => entry.group !== group);
        this._undone = this._undone.filter((entry) => entry.group !== group);
        if (!this._isFormWaiting) {
            this.notify(error.data?.message || error.message, { type: "danger", sticky: true });
        }
        this._receive(await this.orm.call(MODEL, "get_editor_data", [[this.resId]]));
    }

    _change(detail) {
        this.dispatchEvent(new CustomEvent("change", { detail }));
    }
}
