import { browser } from "@web/core/browser/browser";
import { ConnectionLostError } from "@web/core/network/rpc";

const MODEL = "quote.estimate";
const DELAY = 400;
const RETRY_DELAY = 5000;
const MOST_STALE_ANSWERS = 5;
/** What the server says when it understood a batch and will not have it, now or later. */
const REFUSALS = new Set([
    "odoo.exceptions.AccessError",
    "odoo.exceptions.MissingError",
    "odoo.exceptions.RedirectWarning",
    "odoo.exceptions.UserError",
    "odoo.exceptions.ValidationError",
]);

/** Turns refs of rows into what the server knows them by: their id, or a key until they have one. */
export class RefMap {
    constructor() {
        this.known = new Map();
        this.refs = new Map();
    }

    toServer(ref, known = this.known) {
        return known.get(ref) ?? ref;
    }

    refOf(id) {
        return this.refs.get(id) ?? id;
    }

    /**
     * @param {Object[]} commands with refs
     * @returns {{commands: Object[], known: Map, refByKey: Map}} what to send
     */
    translate(commands) {
        const known = new Map(this.known);
        const refByKey = new Map();
        const server = (ref) => ref && this.toServer(ref, known);
        const translateVals = (vals) => ({
            ...vals,
            ...("parent" in vals ? { parent: server(vals.parent) } : {}),
            ...(vals.after ? { after: vals.after.map(([ref, lag]) => [server(ref), lag]) } : {}),
        });
        const translated = commands.map((command) => {
            switch (command.op) {
                case "create": {
                    // A row that comes back after its deletion is a new record.
                    let key = typeof command.key === "string" ? command.key : `b${command.key}`;
                    while (refByKey.has(key)) {
                        key += "_";
                    }
                    known.set(command.key, key);
                    refByKey.set(key, command.key);
                    return { op: "create", key, vals: translateVals(command.vals) };
                }
                case "write":
                    return {
                        ...command,
                        ref: server(command.ref),
                        vals: translateVals(command.vals),
                    };
                case "order":
                    return { op: "order", refs: command.refs.map(server) };
                case "workload":
                    return { ...command, item: server(command.item) };
                default:
                    return { ...command, ref: server(command.ref) };
            }
        });
        return { commands: translated, known, refByKey };
    }

    /** Remember the ids of the rows that a batch has made. */
    learn({ refByKey }, ids = {}) {
        for (const [key, id] of Object.entries(ids)) {
            const ref = refByKey.get(key);
            if (ref !== undefined) {
                this.known.set(ref, id);
                this.refs.set(id, ref);
            }
        }
    }
}

/**
 * Writes groups of commands, one batch at a time, each with the revision it was made on.
 *
 * A batch that the server refuses is sent again group by group, so that one wrong edit does not
 * take the others with it.
 */
export class SaveQueue {
    /**
     * @param {Object} params
     * @param {Object} params.orm the ORM service
     * @param {Object} params.owner who is told: `getOrder()`, `onStatus(status)`,
     *     `onSaved(answer, hasMore)`, `onStale(data)`, `onRefused(group, error)`
     */
    constructor({ orm, owner }) {
        Object.assign(this, { orm, owner });
        this.reset();
    }

    /** Forget everything: another estimate is loaded. */
    reset(resId, revision) {
        browser.clearTimeout(this.timer);
        this.resId = resId;
        this.revision = revision;
        this.groups = [];
        this.refs = new RefMap();
        this.single = 0;
        this.error = null;
        this.sending = null;
    }

    get isEmpty() {
        return !this.groups.length;
    }

    push(group) {
        this.groups.push(group);
        this.owner.onStatus("saving");
        this._wait(DELAY);
    }

    /**
     * Write what waits now.
     *
     * @returns {Promise<boolean>} whether all is written; `error` tells why not
     */
    flush() {
        browser.clearTimeout(this.timer);
        if (!this.sending) {
            const sending = this._send().finally(() => {
                if (this.sending === sending) {
                    this.sending = null;
                }
            });
            this.sending = sending;
        }
        return this.sending;
    }

    /**
     * Write what waits while the page goes away. What was sent already and has no answer yet is
     * sent again: the revision makes the second one void.
     *
     * @returns {boolean} whether the browser took it
     */
    sendBeacon() {
        if (this.isEmpty) {
            return true;
        }
        const { commands } = this._prepare(this.groups);
        const params = {
            model: MODEL,
            method: "apply_plan",
            args: [[this.resId], commands, this.revision],
            kwargs: {},
        };
        const data = JSON.stringify({ jsonrpc: "2.0", method: "call", params });
        const blob = new Blob([data], { type: "application/json" });
        return navigator.sendBeacon(`/web/dataset/call_kw/${MODEL}/apply_plan`, blob);
    }

    _wait(delay) {
        browser.clearTimeout(this.timer);
        this.timer = browser.setTimeout(() => this.flush(), delay);
    }

    async _send() {
        this.error = null;
        let stale = 0;
        const { resId } = this;
        while (this.groups.length) {
            const groups = this.single ? this.groups.slice(0, 1) : this.groups.slice();
            const batch = this._prepare(groups);
            this.owner.onStatus("saving");
            try {
                const args = [[resId], batch.commands, this.revision];
                const answer = await this.orm.call(MODEL, "apply_plan", args);
                if (this.resId !== resId) {
                    return true;
                }
                if (answer.stale && ++stale < MOST_STALE_ANSWERS) {
                    await this.owner.onStale(answer.data);
                    continue;
                } else if (answer.stale) {
                    throw new Error("always stale");
                }
                this._acknowledge(groups, batch, answer);
            } catch (error) {
                if (this.resId !== resId || !(await this._onError(error, groups))) {
                    return false;
                }
            }
        }
        this.owner.onStatus("saved");
        return !this.error;
    }

    _acknowledge(groups, batch, answer) {
        this.groups = this.groups.filter((group) => !groups.includes(group));
        this.single = Math.max(this.single - 1, 0);
        this.revision = answer.revision;
        this.refs.learn(batch, answer.ids);
        this.owner.onSaved(answer, this.groups);
    }

    /** @returns {Promise<boolean>} whether what else waits can be sent */
    async _onError(error, groups) {
        this.error = error;
        if (REFUSALS.has(error.exceptionName)) {
            if (groups.length > 1) {
                this.single = groups.length;
                return true;
            }
            this.groups = this.groups.filter((group) => group !== groups[0]);
            this.single = Math.max(this.single - 1, 0);
            try {
                await this.owner.onRefused(groups[0], error);
                return true;
            } catch (reloadError) {
                return this._onError(reloadError, []);
            }
        }
        const isOffline = error instanceof ConnectionLostError;
        this.owner.onStatus(isOffline ? "offline" : "error");
        if (isOffline) {
            this._wait(RETRY_DELAY);
        }
        return false;
    }

    /** What to send: several changes of the same value, or of the order, are one. */
    _prepare(groups) {
        const commands = groups.flatMap((group) => group.commands);
        return this.refs.translate(this.single ? commands : this._merge(commands));
    }

    _merge(commands) {
        const merged = [];
        let isOrdered = false;
        for (const command of commands) {
            const last = merged.at(-1);
            if (command.op === "order") {
                isOrdered = true;
            } else if (command.op === "write" && last?.op === "write" && last.ref === command.ref) {
                merged[merged.length - 1] = { ...last, vals: { ...last.vals, ...command.vals } };
            } else {
                merged.push(command);
            }
        }
        return isOrdered ? [...merged, { op: "order", refs: this.owner.getOrder() }] : merged;
    }
}
