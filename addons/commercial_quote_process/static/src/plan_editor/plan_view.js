/**
 * The plan on the screen: a tree and a Gantt that scroll together, drawn by hand so that a plan of
 * 2,000 rows opens as fast as one of 40: only the rows on the screen have elements. Nothing of
 * Odoo is used here; `plan_editor.js` puts it in a form.
 *
 *     const plan = new PlanDocument();
 *     plan.load(data); // as get_editor_data returns it
 *     const view = new PlanView(element, { plan, execute: (commands) => plan.apply(commands) });
 *
 * @typedef {Object} PlanViewParams
 * @property {PlanDocument} plan
 * @property {boolean} [editable] whether the user may change the plan
 * @property {(commands: Object[], label: string) => boolean} [execute] changes the plan, and calls
 *     `update` of the view when it is done
 * @property {(refs: any[]) => void} [select] keeps the selected rows, and calls `update`
 * @property {() => string} [newKey] a key for a row to create
 * @property {(name: string, params?: Object) => string} [text] texts in the user's language
 * @property {(name: string, ...params: any[]) => void} [on] what the view asks of its owner:
 *     "details", "help", "undo", "redo", "announce", "notify", "options"
 * @property {string} [locale] for the names of months
 * @property {string} [separator] of the decimals
 * @property {Object} [options] see `DEFAULT_OPTIONS`
 */
import { canHold } from "./plan_commands";
import { COLUMNS, PlanTree } from "./plan_tree";
import { PlanCellEditor } from "./plan_cell_editor";
import { PlanChart } from "./plan_chart";
import { PlanGestures } from "./plan_gestures";
import { PlanKeys } from "./plan_keys";
import { TimeScale, ZOOMS } from "./time_scale";

const DEFAULT_OPTIONS = { zoom: "fit", showCritical: true, treeWidth: 0, pane: "both" };
const ROW_HEIGHT = 30;
const TOUCH_ROW_HEIGHT = 44;
/** Rows drawn beyond the screen on each side, so that scrolling shows no hole. */
const OVERSCAN = 4;
const SIDE_OVERSCAN = 300;
let views = 0;

export class PlanView {
    /**
     * @param {HTMLElement} host an empty element with a height
     * @param {PlanViewParams} params
     */
    constructor(host, params) {
        this.host = host;
        this.uid = `o_plan_${++views}`;
        this.params = params;
        this.options = { ...DEFAULT_OPTIONS, ...params.options };
        this.plan = params.plan;
        this.text = params.text || ((name) => name);
        this.separator = params.separator || ".";
        this.folded = new Set();
        this.selection = new Set();
        this.chosenLink = null;
        this.draft = null;
        this.active = 0;
        this.column = 0;
        this._build();
        this.tree = new PlanTree(this, this.treeElement);
        this.chart = new PlanChart(this, this.body, this.head);
        this.editor = new PlanCellEditor(this, this.treeElement);
        this.keys = new PlanKeys(this);
        this.gestures = new PlanGestures(this);
        this._listen();
        this.update(params);
    }

    destroy() {
        this.editor.cancel();
        this.resizeObserver.disconnect();
        this.gestures.destroy();
        cancelAnimationFrame(this.frame);
        this.host.replaceChildren();
    }

    // === ELEMENTS === //

    _build() {
        const make = (className, parent, role) => {
            const element = document.createElement("div");
            element.className = className;
            role && element.setAttribute("role", role);
            return parent.appendChild(element);
        };
        this.root = make("o_plan_scroll", this.host, "treegrid");
        this.root.tabIndex = 0;
        this.root.setAttribute("aria-multiselectable", "true");
        this.root.setAttribute("aria-colcount", COLUMNS.length);
        this.root.setAttribute("aria-label", this.text("plan"));
        this.head = make("o_plan_head", this.root, "rowgroup");
        const titles = make("o_plan_titles", this.head, "row");
        for (const name of ["number", ...COLUMNS.slice(0, -1)]) {
            const title = make(`o_plan_cell o_plan_${name}`, titles, "columnheader");
            title.textContent = this.text(`column_${name}`);
        }
        this.body = make("o_plan_body", this.root, "rowgroup");
        this.treeElement = make("o_plan_tree", this.body, "presentation");
        this.dropMark = make("o_plan_drop", this.treeElement, "presentation");
        this.dropMark.hidden = true;
        this.splitter = make("o_plan_splitter", this.host, "separator");
    }

    _listen() {
        this.root.addEventListener("scroll", () => {
            cancelAnimationFrame(this.frame);
            this.frame = requestAnimationFrame(() => this.draw());
        });
        this.resizeObserver = new ResizeObserver(() => this._onResize());
        this.resizeObserver.observe(this.host);
    }

    _onResize() {
        const { clientWidth, clientHeight } = this.root;
        if (clientWidth && (clientWidth !== this.seenWidth || clientHeight !== this.seenHeight)) {
            this.measure();
            this.draw(true);
        }
    }

    rowId(position) {
        return `${this.uid}_r${position}`;
    }

    cellId(position, column) {
        return `${this.uid}_r${position}c${column}`;
    }

    // === DATA === //

    /** Draw the plan as it is now; `params` may change what the constructor took. */
    update(params = {}) {
        Object.assign(this.params, params);
        this.plan = this.params.plan;
        this.editable = Boolean(this.params.editable);
        this.selection = this.params.selection || this.selection;
        const activeRef = this.rows?.[this.active]?.ref;
        this._listRows();
        const kept = activeRef === undefined ? -1 : (this.positionOf.get(activeRef) ?? -1);
        this.active = kept >= 0 ? kept : Math.min(this.active, Math.max(this.rows.length - 1, 0));
        this.measure();
        this.draw(true);
        this.editor.place();
    }

    /** Change what is shown: zoom, critical path, width of the tree, pane. */
    setOptions(options) {
        Object.assign(this.options, options);
        this.measure();
        this.draw(true);
    }

    _listRows() {
        this.numberOf = new Map();
        this.positionOf = new Map();
        this.rows = [];
        const hidden = new Set();
        const isGone = (ref) => ref && !this.plan.getItem(ref);
        if (this.draft && (isGone(this.draft.after) || isGone(this.draft.parent))) {
            this.draft = null;
        }
        const { parent } = this.getDraftPlace();
        const level = parent ? this.plan.getItem(parent).level + 1 : 0;
        const draft = { ref: null, isDraft: true, kind: "draft", level, name: "" };
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
            if (this.draft?.after === row.ref) {
                this.rows.push(draft);
            }
        });
        if (this.editable && !this.rows.some((row) => row.isDraft)) {
            this.rows.push(draft);
        }
        this.root.setAttribute("aria-rowcount", this.rows.length + 1);
    }

    /** Whether the row is folded or not changes. */
    fold(ref, isFolded = !this.folded.has(ref)) {
        this.folded[isFolded ? "add" : "delete"](ref);
        this.update();
    }

    // === PLACES === //

    measure() {
        this.seenWidth = this.root.clientWidth;
        this.seenHeight = this.root.clientHeight;
        const isTouch = this.params.isTouch ?? matchMedia("(pointer: coarse)").matches;
        this.rowHeight = isTouch ? TOUCH_ROW_HEIGHT : ROW_HEIGHT;
        this.isNarrow = this.seenWidth < 640;
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

    /** Call `found(from, to, position of from, position of to)` for each dependency. */
    eachLink(found) {
        for (const row of this.plan.items) {
            for (const ref of row.after.keys()) {
                const position = this.positionOf.get(ref);
                if (position !== undefined) {
                    found(ref, row.ref, position, this.positionOf.get(row.ref));
                }
            }
        }
    }

    // === DRAWING === //

    /** Draw what is on the screen; only what has come into it, unless `isChanged`. */
    draw(isChanged = false) {
        const { scrollTop, scrollLeft } = this.root;
        const count = Math.ceil(this.seenHeight / this.rowHeight);
        const top = Math.floor(scrollTop / this.rowHeight);
        const first = Math.max(Math.min(top, this.rows.length - count) - OVERSCAN, 0);
        const last = Math.min(top + count + OVERSCAN, this.rows.length);
        const column = Math.floor(scrollLeft / (SIDE_OVERSCAN / 2));
        if (!isChanged && this.drawn === `${first} ${last} ${column}`) {
            return;
        }
        this.drawn = `${first} ${last} ${column}`;
        Object.assign(this, { first, last });
        this.tree.draw(first, last);
        if (this.pane !== "tree") {
            const from = Math.max(scrollLeft - SIDE_OVERSCAN, 0);
            const to = Math.min(scrollLeft + this.seenWidth + SIDE_OVERSCAN, this.width);
            this.chart.draw(first, last, from, to);
        }
        this._markActive();
    }

    _markActive() {
        const isBar = COLUMNS[this.column] === "bar";
        const isDrawn = this.active >= this.first && this.active < this.last;
        const id = isBar ? this.rowId(this.active) : this.cellId(this.active, this.column);
        if (isDrawn) {
            this.root.setAttribute("aria-activedescendant", id);
        } else {
            this.root.removeAttribute("aria-activedescendant");
        }
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
            const { kind, duration, notBefore, notBeforeDate } = this.plan.getItem(ref);
            const until = this.plan.calendar.daysUntil(notBeforeDate);
            changes.set(ref, {
                duration: kind === "task" ? duration : 0,
                notBefore: Math.max(notBefore, until),
            });
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

    // === ACTIONS === //

    /** Change the plan through its owner. */
    execute(commands, label) {
        if (!this.editable || !commands.length) {
            return false;
        }
        return this.params.execute ? this.params.execute(commands, this.text(label)) : false;
    }

    ask(name, ...params) {
        this.params.on?.(name, ...params);
    }

    /** Say something to those who do not see the plan. */
    announce(name, params) {
        this.ask("announce", this.text(name, params));
    }

    setSelection(refs) {
        this.selection = new Set(refs);
        if (this.params.select) {
            this.params.select([...this.selection]);
        } else {
            this.update();
        }
    }

    /**
     * Go to a row.
     *
     * @param {number} position
     * @param {Object} [options]
     * @param {number} [options.column]
     * @param {"one"|"extend"|"toggle"|"keep"} [options.mode] what becomes of the selection
     */
    activate(position, { column = this.column, mode = "one" } = {}) {
        this.active = Math.max(Math.min(position, this.rows.length - 1), 0);
        this.column = column;
        this.chosenLink = null;
        const row = this.rows[this.active];
        if (mode !== "extend") {
            this.anchor = row?.ref;
        }
        this.reveal(this.active);
        const refs = this._getSelection(row, mode);
        if (refs) {
            this.setSelection(refs);
        } else {
            this.draw(true);
        }
    }

    _getSelection(row, mode) {
        const isRow = row && !row.isDraft;
        if (mode === "keep") {
            return null;
        }
        if (mode === "toggle" && isRow) {
            const refs = new Set(this.selection);
            refs[refs.has(row.ref) ? "delete" : "add"](row.ref);
            return refs;
        }
        if (mode === "extend") {
            const anchor = this.positionOf.get(this.anchor) ?? this.active;
            const [low, high] = [Math.min(anchor, this.active), Math.max(anchor, this.active)];
            const rows = this.rows.slice(low, high + 1);
            return rows.filter((one) => !one.isDraft).map((one) => one.ref);
        }
        return isRow ? [row.ref] : [];
    }

    // === THE LINE TO TYPE ON === //

    /** Where a new row goes: the line is at the end of the plan, unless it was inserted. */
    setDraft(draft) {
        this.draft = draft;
        this.update();
    }

    getDraftPlace() {
        if (this.draft) {
            return this.draft;
        }
        const last = this.plan.items.at(-1);
        const phase = last?.kind === "phase" ? last.ref : last?.parent || false;
        return { after: null, parent: phase };
    }

    getDraftPosition() {
        return this.rows.findIndex((row) => row.isDraft);
    }

    /** Type a new row below the active one. */
    insert(kind = "task") {
        const row = this.rows[this.active];
        if (!this.editable) {
            return;
        }
        this.editor.commit();
        if (row && !row.isDraft) {
            const isOpen = row.kind === "phase" && !this.folded.has(row.ref);
            const parent = kind === "phase" ? false : isOpen ? row.ref : row.parent;
            this.setDraft({ after: row.ref, parent, kind });
        } else {
            const { parent } = this.getDraftPlace();
            this.setDraft({ after: null, parent: kind === "phase" ? false : parent, kind });
        }
        this.activate(this.getDraftPosition(), { column: 0 });
        this.editor.open();
    }

    /**
     * Put the line to type on into the phase above it, or out of the one it is in.
     *
     * @returns {boolean} false when there is no such phase
     */
    indentDraft(isIn) {
        const { after, parent } = this.getDraftPlace();
        const above = after === null ? this.plan.items.at(-1) : this.plan.getItem(after);
        const places = above && canHold(this.plan, above) ? [above.ref] : [];
        for (let row = this.plan.getItem(above?.parent); row; row = this.plan.getItem(row.parent)) {
            places.push(row.ref);
        }
        places.push(false);
        const place = places[places.indexOf(parent || false) + (isIn ? -1 : 1)];
        if (place === undefined) {
            return false;
        }
        this.setDraft({ ...this.draft, after, parent: place });
        return true;
    }

    /** Zoom in or out by one step. */
    zoom(step) {
        const names = ["fit", "quarter", "month", "week", "day"];
        const current = names.indexOf(this.options.zoom);
        const next = names[Math.max(Math.min(current + step, names.length - 1), 0)];
        this.ask("options", { zoom: next });
    }

    /** Scroll a row, and its bar when that is where the keyboard is, into sight. */
    reveal(position) {
        const { root, rowHeight } = this;
        const room = this.seenHeight - this.head.offsetHeight;
        const top = position * rowHeight;
        if (top < root.scrollTop) {
            root.scrollTop = top;
        } else if (top + rowHeight > root.scrollTop + room) {
            root.scrollTop = top + rowHeight - room;
        }
        const row = this.rows[position];
        if (COLUMNS[this.column] === "bar" && row && !row.isDraft) {
            const { left, right } = this.getBox(position);
            const width = this.seenWidth - this.treeWidth;
            if (right < root.scrollLeft || left > root.scrollLeft + width - 20) {
                root.scrollLeft = Math.max(left - width / 3, 0);
            }
        }
    }

    /** The rows that an action is about: the selected ones, or the active one. */
    get targets() {
        const row = this.rows[this.active];
        if (this.selection.size) {
            return this.selection;
        }
        return new Set(row && !row.isDraft ? [row.ref] : []);
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
