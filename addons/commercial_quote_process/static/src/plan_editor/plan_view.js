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
import { COLUMNS, PlanTree } from "./plan_tree";
import { PlanCellEditor } from "./plan_cell_editor";
import { PlanChart } from "./plan_chart";
import { PlanGestures } from "./plan_gestures";
import { PlanDraftLine } from "./plan_draft_line";
import { PlanKeys } from "./plan_keys";
import { PlanLayout } from "./plan_layout";

const DEFAULT_OPTIONS = { zoom: "fit", showCritical: true, treeWidth: 0, pane: "both" };
/** Rows drawn beyond the screen on each side, so that scrolling shows no hole. */
const OVERSCAN = 4;
const SIDE_OVERSCAN = 300;
let views = 0;

export class PlanView extends PlanLayout {
    /**
     * @param {HTMLElement} host an empty element with a height
     * @param {PlanViewParams} params
     */
    constructor(host, params) {
        super();
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
        this.active = 0;
        this.column = 0;
        this._build();
        this.tree = new PlanTree(this, this.treeElement);
        this.chart = new PlanChart(this, this.body, this.head);
        this.draftLine = new PlanDraftLine(this);
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

    /** Whether the row is folded or not changes. */
    fold(ref, isFolded = !this.folded.has(ref)) {
        this.folded[isFolded ? "add" : "delete"](ref);
        this.update();
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
}
