/**
 * The one input of the tree, over the cell that is edited. Nothing of Odoo is used here.
 */
import { add, formatAfter, formatDays, parseAfter, parseDays } from "./plan_commands";
import { COLUMNS } from "./plan_tree";

export const EDITABLE = ["name", "duration", "after"];
const LONGEST_NAME = 250;

export class PlanCellEditor {
    /**
     * @param {PlanView} view
     * @param {HTMLElement} host
     */
    constructor(view, host) {
        Object.assign(this, { view, host, input: null });
    }

    get isOpen() {
        return Boolean(this.input);
    }

    canEdit(position, column) {
        const row = this.view.rows[position];
        const name = COLUMNS[column];
        return (
            this.view.editable &&
            Boolean(row) &&
            EDITABLE.includes(name) &&
            (!row.isDraft || name === "name") &&
            (name !== "duration" || row.kind === "task")
        );
    }

    /**
     * Edit the active cell.
     *
     * @param {string} [typed] what the user has typed, instead of what is there
     * @returns {boolean} false when the cell is not to be edited
     */
    open(typed) {
        const { view } = this;
        this.commit();
        if (!this.canEdit(view.active, view.column)) {
            return false;
        }
        const row = view.rows[view.active];
        this.name = COLUMNS[view.column];
        this.ref = row.ref;
        this.input = document.createElement("input");
        this.input.className = `o_plan_input o_plan_input_${this.name}`;
        this.input.setAttribute("aria-label", view.text(`column_${this.name}`));
        this.input.inputMode = this.name === "duration" ? "decimal" : "text";
        this.input.maxLength = LONGEST_NAME;
        this.input.autocomplete = "off";
        this.input.placeholder = row.isDraft ? view.text("draft") : "";
        this.initial = this._getText(row);
        this.input.value = typed ?? this.initial;
        this.host.appendChild(this.input);
        this.place();
        this.input.focus({ preventScroll: true });
        if (typed === undefined) {
            this.input.select();
        }
        this.input.addEventListener("keydown", (event) => this._onKeydown(event));
        this.input.addEventListener("blur", () => this.commit());
        return true;
    }

    _getText(row) {
        if (row.isDraft) {
            return "";
        }
        const { numberOf, separator } = this.view;
        return {
            name: () => row.name,
            duration: () => formatDays(row.duration, separator),
            after: () => formatAfter(row, numberOf, separator),
        }[this.name]();
    }

    /** Keep the input over its cell. */
    place() {
        if (!this.input) {
            return;
        }
        const { view } = this;
        const row = view.rows[view.active];
        if (!row || row.ref !== this.ref) {
            this.cancel();
            return;
        }
        const cell = view.tree.getElement(view.active)?.querySelector(`.o_plan_${this.name}`);
        if (cell) {
            const indent = this.name === "name" ? 22 + row.level * 18 : 0;
            Object.assign(this.input.style, {
                top: `${view.active * view.rowHeight}px`,
                left: `${cell.offsetLeft + indent}px`,
                width: `${cell.offsetWidth - indent}px`,
            });
        }
    }

    /** Close the input, and give the keyboard back to the plan. */
    _close() {
        const { input } = this;
        this.input = null;
        const hadFocus = document.activeElement === input;
        input.remove();
        if (hadFocus) {
            this.view.root.focus({ preventScroll: true });
        }
    }

    cancel() {
        if (this.input) {
            this._close();
        }
    }

    /**
     * Keep what is typed.
     *
     * @returns {boolean} whether something was kept
     */
    commit() {
        if (!this.input) {
            return false;
        }
        const { ref, name, initial } = this;
        const text = this.input.value.trim();
        this._close();
        if (text === initial || (name === "name" && !text)) {
            return false;
        }
        return ref === null ? this._add(text) : this._write(ref, name, text);
    }

    _add(name) {
        const { view } = this;
        const key = view.params.newKey ? view.params.newKey() : `new_${view.plan.items.length}`;
        const { after, parent, kind = "task" } = view.draftLine.place;
        const vals = { kind, name, duration: kind === "task" ? 1 : 0, parent };
        const commands = add(view.plan, { key, after, ...vals });
        const isDone = view.execute(commands, "add");
        if (isDone) {
            this.added = key;
            view.announce("added", { name });
            this._moveDraft(kind, key, parent, after);
        }
        return isDone;
    }

    /** The line stays behind what was typed on it, for the next row. */
    _moveDraft(kind, key, parent, after) {
        const inside = kind === "phase" ? key : parent;
        this.view.draftLine.moveTo(after === null ? null : { after: key, parent: inside });
    }

    _write(ref, name, text) {
        const { view } = this;
        if (name === "name") {
            return view.execute([{ op: "write", ref, vals: { name: text } }], "rename");
        }
        if (name === "duration") {
            const duration = parseDays(text);
            if (!(duration >= 0)) {
                view.ask("notify", view.text("not_days", { text }));
                return false;
            }
            return view.execute([{ op: "write", ref, vals: { duration } }], "resize");
        }
        const after = parseAfter(view.plan, text);
        if (typeof after === "string") {
            view.ask("notify", view.text("not_rows", { text: after }));
            return false;
        }
        return view.execute([{ op: "write", ref, vals: { after } }], "link");
    }

    _onKeydown(event) {
        const handled = this._handle(event);
        event.stopPropagation();
        if (handled) {
            event.preventDefault();
        }
    }

    _handle(event) {
        const { view } = this;
        const { key, shiftKey, altKey } = event;
        if (key === "Escape") {
            this.cancel();
            view.draftLine.moveTo();
            return true;
        }
        if (key === "Enter") {
            this._next(shiftKey ? -1 : 1);
            return true;
        }
        const isDraft = this.ref === null;
        const isStep = altKey && ["ArrowLeft", "ArrowRight"].includes(key);
        if (isStep || (key === "Tab" && isDraft && !this.input.value.trim())) {
            const isIn = isStep ? key === "ArrowRight" : !shiftKey;
            this._indent(isIn);
            return true;
        }
        if (key === "Tab") {
            this._nextCell(shiftKey ? -1 : 1);
            return true;
        }
        if (["ArrowUp", "ArrowDown"].includes(key) && !altKey) {
            this.commit();
            view.activate(view.active + (key === "ArrowUp" ? -1 : 1));
            return true;
        }
        return false;
    }

    /** After Enter: the next line to type on, or the row below. */
    _next(step) {
        const { view } = this;
        const wasDraft = this.ref === null;
        const isEmpty = !this.input.value.trim();
        this.commit();
        if (wasDraft && isEmpty) {
            view.draftLine.moveTo();
            return;
        }
        const next = wasDraft ? view.draftLine.position : view.active + step;
        const isDraft = view.rows[next]?.isDraft;
        view.activate(next, { column: isDraft ? 0 : view.column });
        if (isDraft) {
            this.open();
        }
    }

    _nextCell(step) {
        const { view } = this;
        const wasDraft = this.ref === null;
        this.commit();
        if (wasDraft) {
            view.activate(view.positionOf.get(this.added) ?? view.active, { column: 0 });
        }
        let { active, column } = view;
        do {
            column += step;
            if (!EDITABLE.includes(COLUMNS[column])) {
                active += step;
                column = step > 0 ? 0 : EDITABLE.length - 1;
            }
        } while (view.rows[active] && !this.canEdit(active, column));
        if (view.rows[active]) {
            view.activate(active, { column });
            this.open();
        }
    }

    /** Change the level of the row that is typed. */
    _indent(isIn) {
        const { view } = this;
        const { value } = this.input;
        if (this.ref === null && (view.draftLine.indent(isIn) || !value.trim())) {
            return;
        }
        const wasDraft = this.ref === null;
        this.commit();
        if (wasDraft) {
            view.activate(view.positionOf.get(this.added));
        }
        view.keys.indent(isIn);
        if (wasDraft) {
            view.activate(view.draftLine.position, { column: 0 });
        }
        this.open();
    }
}
