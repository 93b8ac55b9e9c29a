/**
 * Where all of a plan is on the screen: rows, bars, links, and the words for them. Nothing of Odoo
 * is used here.
 */
import { TimeScale, ZOOMS } from "./time_scale";

const ROW_HEIGHT = 30;
const TOUCH_ROW_HEIGHT = 44;
/** Below this width there is room for the tree or for the Gantt, not for both. */
const NARROW = 640;

export class PlanLayout {
    // === ROWS === //

    _listRows() {
        this.numberOf = new Map();
        this.positionOf = new Map();
        this.rows = [];
        const hidden = new Set();
        this.draftLine.check();
        const { chosen, row: draft } = this.draftLine;
        this.plan.items.forEach((row, index) => {
            this.numberOf.set(row.ref, index + 1);
            if (hidden.has(row.parent)) {
                hidden.add(row.ref);
                // What is folded away is where its phase is.
                this.positionOf.set(row.ref, this.positionOf.get(row.parent));
                return;
            }
            if (this.folded.has(row.ref)) {
                hidden.add(row.ref);
            }
            this.positionOf.set(row.ref, this.rows.length);
            this.rows.push(row);
            if (chosen?.after === row.ref) {
                this.rows.push(draft);
            }
        });
        if (this.editable && !this.rows.some((row) => row.isDraft)) {
            this.rows.push(draft);
        }
        this.root.setAttribute("aria-rowcount", this.rows.length + 1);
        this._listLinks();
    }

    /** What waits for what, with the positions of both; what is folded away is at its phase. */
    _listLinks() {
        this.links = [];
        for (const row of this.plan.items) {
            for (const ref of row.after.keys()) {
                const [from, to] = [this.positionOf.get(ref), this.positionOf.get(row.ref)];
                if (from !== undefined && from !== to) {
                    const [low, high] = from < to ? [from, to] : [to, from];
                    this.links.push({ fromRef: ref, toRef: row.ref, from, to, low, high });
                }
            }
        }
    }

    // === PLACES === //

    measure() {
        this.seenWidth = this.root.clientWidth;
        this.seenHeight = this.root.clientHeight;
        const isTouch = this.params.isTouch ?? matchMedia("(pointer: coarse)").matches;
        this.rowHeight = isTouch ? TOUCH_ROW_HEIGHT : ROW_HEIGHT;
        this.isNarrow = this.seenWidth < NARROW;
        const { pane } = this.options;
        this.pane = this.isNarrow && pane === "both" ? "tree" : pane;
        this.treeWidth = this._getTreeWidth();
        const viewport = Math.max(this.seenWidth - this.treeWidth, 100);
        const { finish } = this.plan.scheduler;
        const pixels =
            typeof this.options.zoom === "number"
                ? this.options.zoom
                : ZOOMS[this.options.zoom] || TimeScale.fit(this.plan.calendar, finish, viewport);
        const { locale } = this.params;
        this.scale = new TimeScale(this.plan.calendar, pixels, { locale, text: this.text });
        // A quarter of the screen is left to drag to.
        const room = this.options.zoom === "fit" ? 24 : viewport / 4;
        this.width = Math.max(viewport, Math.ceil(this.scale.endX(finish) + room));
        this.height = this.rows.length * this.rowHeight;
        this._applySizes();
    }

    _getTreeWidth() {
        const full = this.seenWidth || 1000;
        const wanted = this.options.treeWidth || Math.min(Math.max(full * 0.45, 300), 560);
        return {
            tree: full,
            chart: this.isNarrow ? 0 : Math.min(wanted, 220),
            both: Math.min(wanted, full - 120),
        }[this.pane];
    }

    _applySizes() {
        const { style } = this.host;
        style.setProperty("--plan-tree", `${this.treeWidth}px`);
        style.setProperty("--plan-row", `${this.rowHeight}px`);
        style.setProperty("--plan-width", `${this.pane === "tree" ? 0 : this.width}px`);
        this.body.style.height = `${this.height}px`;
        this.host.dataset.pane = this.pane;
        this.host.classList.toggle("o_plan_narrow", this.isNarrow);
        this.host.classList.toggle("o_plan_compact", this.treeWidth < 520);
        this.host.classList.toggle("o_plan_tiny", this.treeWidth < 320);
    }

    /** Where the bar of a row is. */
    getBox(position) {
        const row = this.rows[position];
        const middle = (position + 0.5) * this.rowHeight;
        const right = this.scale.endX(this.getEnd(row.ref));
        if (row.kind === "milestone" || row.kind === "deliverable") {
            return { left: right, right, middle, half: 7, reach: 7, room: 0, isMark: true };
        }
        const left = Math.min(this.scale.startX(this.getStart(row.ref)), right);
        const half = row.kind === "phase" ? 5 : this.rowHeight / 4;
        return {
            left,
            right: Math.max(right, left + 3),
            middle,
            half,
            reach: 0,
            room: right - left,
        };
    }

    _getIndex(ref) {
        return this.plan.scheduler.indexOf.get(ref);
    }

    getStart(ref) {
        return this.plan.scheduler.start[this._getIndex(ref)];
    }

    getEnd(ref) {
        return this.plan.scheduler.end[this._getIndex(ref)];
    }

    getSlack(ref) {
        return this.plan.scheduler.slack[this._getIndex(ref)];
    }

    isCritical(ref) {
        return this.plan.scheduler.isCritical(this._getIndex(ref));
    }

    // === PREVIEW === //

    /** Show what follows from days that are not kept yet: `{notBefore, duration}` by ref. */
    preview(changes) {
        const { scheduler } = this.plan;
        for (const [ref, values] of changes) {
            scheduler.move(this._getIndex(ref), values);
        }
        scheduler.run();
    }

    /** Forget a preview. */
    endPreview(changes) {
        for (const ref of changes.keys()) {
            changes.set(ref, this.plan.getDays(this.plan.getItem(ref)));
        }
        this.preview(changes);
    }

    /** When a row would start if nothing but the others held it back. */
    getEarliest(row) {
        const changes = new Map([[row.ref, { notBefore: 0 }]]);
        this.preview(changes);
        const start = this.getStart(row.ref);
        this.endPreview(changes);
        return start;
    }

    // === WORDS === //

    /** The first and the last day of a row, as dates or as numbers of days. */
    describeDays(start, end) {
        const { calendar } = this.plan;
        return calendar.numbers(start, end).map((number) => {
            if (calendar.hasDates) {
                return this.scale.formatDate(
                    calendar.dateOf(calendar.dayOf(Math.max(number - 1, 0))),
                );
            }
            return number ? this.text("day", { n: number }) : this.text("t0");
        });
    }

    /** A row in words, for those who do not see its bar. */
    describe(row) {
        const [start, end] = this.describeDays(this.getStart(row.ref), this.getEnd(row.ref));
        return this.text("bar", {
            name: row.name,
            kind: this.text(row.kind),
            start,
            end,
            slack: this.text(this.isCritical(row.ref) ? "critical" : "slack", {
                n: this.getSlack(row.ref),
            }),
        });
    }
}
