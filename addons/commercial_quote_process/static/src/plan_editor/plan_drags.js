/**
 * What is dragged on a plan: bars, their ends, lines between them, rows, the edge of the tree.
 * Each drag shows what it would do, does it on drop, or forgets it. Nothing of Odoo is used here.
 *
 * @typedef {Object} PlanDrag
 * @property {(place: Object, event: PointerEvent) => void} move
 * @property {(place: Object, event: PointerEvent) => void} drop
 * @property {() => void} [cancel]
 */
import * as commands from "./plan_commands";

export class PlanDrags {
    /** @param {PlanView} view */
    constructor(view) {
        this.view = view;
    }

    /**
     * @param {Object} press what is under the pointer, see `PlanGestures.locate`
     * @returns {PlanDrag|undefined} nothing when it cannot be dragged
     */
    begin(press) {
        const makers = {
            bar: "dragBars",
            edge: "dragEdge",
            connect: "dragLink",
            tree: "dragRows",
            fold: "dragRows",
            splitter: "dragSplitter",
        };
        const isFree = press.zone === "splitter" || this.view.editable;
        return isFree && makers[press.zone] ? this[makers[press.zone]](press) : undefined;
    }

    _preview(changes) {
        const { view } = this;
        view.preview(changes);
        view.chart.drawRows(view.first, view.last);
    }

    _endPreview(changes) {
        this.view.endPreview(changes);
        this.view.draw(true);
    }

    dragBars(press) {
        const { view } = this;
        const { ref } = view.rows[press.position];
        const refs = view.selection.has(ref) ? view.selection : new Set([ref]);
        const rows = commands.getSelected(view.plan, refs);
        const first = view.plan.getItem(ref);
        const origin = first.kind === "task" ? view.scale.startX(first.start) : press.x;
        const from = view.scale.daysAt(origin);
        const changes = new Map();
        let days = 0;
        return {
            move: ({ x }) => {
                const { step } = view.scale;
                const target = view.scale.daysAt(origin + x - press.x);
                days = Math.round((target - from) / step) * step;
                for (const row of rows) {
                    changes.set(row.ref, { notBefore: Math.max(row.start + days, 0) });
                }
                this._preview(changes);
            },
            drop: () => {
                this._endPreview(changes);
                const earliest = (row) => view.getEarliest(row);
                view.keys._run(commands.shift(view.plan, refs, days, earliest), "shift");
            },
            cancel: () => this._endPreview(changes),
        };
    }

    dragEdge(press) {
        const { view } = this;
        const row = view.rows[press.position];
        const changes = new Map();
        let { duration } = row;
        return {
            move: ({ x }) => {
                const { step } = view.scale;
                const days = view.scale.daysAt(x) - row.start;
                duration = Math.max(Math.round(days / step) * step, step);
                changes.set(row.ref, { duration });
                this._preview(changes);
            },
            drop: () => {
                this._endPreview(changes);
                const days = duration - row.duration;
                view.keys._run(commands.resize(view.plan, new Set([row.ref]), days), "resize");
            },
            cancel: () => this._endPreview(changes),
        };
    }

    dragLink(press) {
        const { view } = this;
        const from = view.rows[press.position];
        const { right, middle } = view.getBox(press.position);
        const end = () => view.chart.setLayer("pending", "");
        return {
            move: ({ x, y }) => view.chart.setLayer("pending", `M${right} ${middle}L${x} ${y}`),
            drop: ({ position }) => {
                end();
                const to = view.rows[position];
                if (to && !to.isDraft && to.ref !== from.ref) {
                    view.keys.link(from.ref, to.ref);
                }
            },
            cancel: end,
        };
    }

    dragRows(press) {
        const { view } = this;
        const row = view.rows[press.position];
        if (row.isDraft) {
            return null;
        }
        const refs = view.selection.has(row.ref) ? view.selection : new Set([row.ref]);
        let target = null;
        const end = () => {
            view.dropMark.hidden = true;
        };
        return {
            move: ({ x, y }) => {
                target = this._getDropPlace(Math.round(y / view.rowHeight), x - press.x, row);
                view.dropMark.hidden = false;
                view.dropMark.style.top = `${target.position * view.rowHeight - 1}px`;
                view.dropMark.style.left = `${44 + 18 * target.level}px`;
            },
            drop: () => {
                end();
                if (target && !refs.has(target.before)) {
                    const { parent, before } = target;
                    view.execute(commands.moveTo(view.plan, refs, parent, before), "reorder");
                }
            },
            cancel: end,
        };
    }

    /**
     * Where a row lands when it is dropped above another one: how far the pointer went sideways
     * tells into which of the phases that end there.
     */
    _getDropPlace(position, shift, row) {
        const { view } = this;
        const rows = view.rows.filter((one) => !one.isDraft);
        const at = Math.max(Math.min(position, rows.length), 0);
        const [above, below] = [rows[at - 1], rows[at]];
        const isOpen = above?.kind === "phase" && !view.folded.has(above.ref);
        const deepest = above ? above.level + (isOpen ? 1 : 0) : 0;
        const wanted = row.level + Math.round(shift / 24);
        const level = Math.max(Math.min(wanted, deepest), below?.level ?? 0);
        let parent = level > (above?.level ?? 0) ? above : view.plan.getItem(above?.parent);
        while (parent && parent.level >= level) {
            parent = view.plan.getItem(parent.parent);
        }
        const ref = parent?.ref ?? false;
        const before = below && (below.parent || false) === ref ? below.ref : null;
        return { position: at, level, parent: ref, before };
    }

    dragSplitter() {
        const { view } = this;
        const { left, width } = view.host.getBoundingClientRect();
        return {
            move: (place, event) => {
                const treeWidth = Math.max(Math.min(event.clientX - left, width - 120), 200);
                view.setOptions({ treeWidth });
            },
            drop: () => view.ask("options", { treeWidth: view.options.treeWidth }),
        };
    }
}
