/**
 * The plan by keyboard: every action of the mouse, and more. Nothing of Odoo is used here.
 */
import * as commands from "./plan_commands";
import { COLUMNS } from "./plan_tree";
import { EDITABLE } from "./plan_cell_editor";

const PAGE = 10;
const BAR = COLUMNS.indexOf("bar");

export class PlanKeys {
    constructor(view) {
        this.view = view;
        this.linkFrom = null;
        this.isTabFree = false;
        view.root.addEventListener("keydown", (event) => this._onKeydown(event));
        this.bindings = this._bind();
    }

    _bind() {
        const { view } = this;
        const go = (step, mode) => () => view.activate(view.active + step, { mode });
        const end = () => view.rows.length - 1;
        return {
            ArrowUp: go(-1),
            ArrowDown: go(1),
            "shift+ArrowUp": go(-1, "extend"),
            "shift+ArrowDown": go(1, "extend"),
            PageUp: go(-PAGE),
            PageDown: go(PAGE),
            ArrowLeft: () => this._side(-1),
            ArrowRight: () => this._side(1),
            Home: () => view.activate(view.active, { column: 0, mode: "keep" }),
            End: () => view.activate(view.active, { column: BAR, mode: "keep" }),
            "ctrl+Home": () => view.activate(0),
            "ctrl+End": () => view.activate(end()),
            "ctrl+a": () => view.setSelection(view.plan.items.map((row) => row.ref)),
            "ctrl+ ": () => view.activate(view.active, { mode: "toggle" }),
            Enter: () => this._enter(),
            F2: () => view.editor.open(),
            "alt+Enter": () => this._details(),
            Insert: () => view.draftLine.insert(),
            Delete: () => this.remove(),
            Backspace: () => this.remove(),
            Escape: () => this._escape(),
            Tab: () => this.indent(true),
            "shift+Tab": () => this.indent(false),
            "alt+ArrowRight": () => this.indent(true),
            "alt+ArrowLeft": () => this.indent(false),
            "alt+ArrowUp": () => this._reorder(-1),
            "alt+ArrowDown": () => this._reorder(1),
            "ctrl+ArrowRight": () => this._shift(1),
            "ctrl+ArrowLeft": () => this._shift(-1),
            "ctrl+shift+ArrowRight": () => this._resize(1),
            "ctrl+shift+ArrowLeft": () => this._resize(-1),
            "ctrl+z": () => view.ask("undo"),
            "ctrl+y": () => view.ask("redo"),
            "ctrl+shift+z": () => view.ask("redo"),
            "ctrl+l": () => this.startLink(),
            "?": () => view.ask("help"),
        };
    }

    /** What else a key does where nothing is typed. */
    _bindReadonly() {
        const { view } = this;
        return {
            l: () => this.startLink(),
            "+": () => view.zoom(1),
            "-": () => view.zoom(-1),
            0: () => view.ask("options", { zoom: "fit" }),
            " ": () => this._space(),
            p: () => this.setKind("phase"),
            t: () => this.setKind("task"),
            m: () => this.setKind("milestone"),
            d: () => this.setKind("deliverable"),
        };
    }

    setKind(kind) {
        const { view } = this;
        const rows = view.plan.items.filter(
            (row) => view.targets.has(row.ref) && row.kind !== kind,
        );
        const found = rows.map((row) => ({ op: "write", ref: row.ref, vals: { kind } }));
        this._run(found, "set_kind");
    }

    _onKeydown(event) {
        if (event.target !== this.view.root || event.isComposing) {
            return;
        }
        const { key } = event;
        const isFreeTab = this.isTabFree && key === "Tab";
        this.isTabFree = key === "Escape" || (this.isTabFree && key === "Shift");
        if (isFreeTab) {
            return;
        }
        const action = this._find(event);
        if (action && action() !== false) {
            event.preventDefault();
            event.stopPropagation();
        }
    }

    _find(event) {
        const { ctrlKey, metaKey, altKey, shiftKey } = event;
        const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
        const isCharacter = event.key.length === 1;
        // The shift of a character is in the character already.
        const hasShift = shiftKey && (!isCharacter || ctrlKey || metaKey);
        const name = [(ctrlKey || metaKey) && "ctrl+", altKey && "alt+", hasShift && "shift+", key];
        const combination = name.filter(Boolean).join("");
        const isPlain = isCharacter && !ctrlKey && !metaKey && !altKey;
        if (isPlain && !EDITABLE.includes(COLUMNS[this.view.column])) {
            return this._bindReadonly()[key] || this.bindings[combination];
        }
        if (this.bindings[combination]) {
            return this.bindings[combination];
        }
        return isPlain && event.key !== " " ? () => this.view.editor.open(event.key) : undefined;
    }

    _side(step) {
        const { view } = this;
        const row = view.rows[view.active];
        if (view.column === 0 && row?.kind === "phase" && step < 0 !== view.folded.has(row.ref)) {
            view.fold(row.ref, step < 0);
            view.announce(step < 0 ? "folded" : "unfolded", { name: row.name });
            return;
        }
        const column = Math.max(Math.min(view.column + step, BAR), 0);
        view.activate(view.active, { column, mode: "keep" });
    }

    _enter() {
        if (this.linkFrom !== null) {
            this._endLink();
        } else if (!this.view.editor.open()) {
            this._details();
        }
    }

    _space() {
        const { view } = this;
        const row = view.rows[view.active];
        if (row?.kind === "phase") {
            view.fold(row.ref);
        }
    }

    _details() {
        const { view } = this;
        const row = view.rows[view.active];
        if (row && !row.isDraft) {
            view.ask("details", row.ref);
        }
    }

    /** What is begun ends; with nothing begun, the next Tab leaves the plan. */
    _escape() {
        const { view } = this;
        view.chosenLink = null;
        view.gestures.cancel();
        this.cancelLink();
        view.draftLine.moveTo();
    }

    remove() {
        const { view } = this;
        if (view.chosenLink) {
            const { from, to } = view.chosenLink;
            view.chosenLink = null;
            view.execute(commands.unlink(view.plan, from, to), "unlink");
            view.announce("unlinked");
            return;
        }
        const count = view.targets.size;
        if (view.execute(commands.remove(view.plan, view.targets), "remove")) {
            view.announce("removed", { n: count });
            view.activate(view.active);
        }
    }

    indent(isIn) {
        const { view } = this;
        const row = view.rows[view.active];
        if (row?.isDraft) {
            view.draftLine.indent(isIn);
            return;
        }
        const found = commands[isIn ? "indent" : "outdent"](view.plan, view.targets);
        if (view.execute(found, isIn ? "indent" : "outdent")) {
            view.announce(isIn ? "indented" : "outdented", { name: row.name });
        } else if (!found.length && view.editable) {
            view.announce("cannot_indent");
        }
    }

    _reorder(step) {
        const { view } = this;
        const row = view.rows[view.active];
        if (view.execute(commands.reorder(view.plan, view.targets, step), "reorder")) {
            view.reveal(view.active);
            view.announce("reordered", { name: row.name, n: view.numberOf.get(row.ref) });
        }
    }

    _shift(step) {
        const { view } = this;
        const earliest = (row) => view.getEarliest(row);
        const found = commands.shift(view.plan, view.targets, step, earliest);
        this._run(found, "shift");
    }

    _resize(step) {
        const { view } = this;
        this._run(commands.resize(view.plan, view.targets, step), "resize");
    }

    _run(found, label) {
        const { view } = this;
        if (view.execute(found, label)) {
            const row = view.rows[view.active];
            if (row && !row.isDraft) {
                view.ask("announce", view.describe(row));
            }
        }
    }

    // === LINKS === //

    /** The active row is what another one will wait for: the user goes to that one. */
    startLink() {
        const { view } = this;
        const row = view.rows[view.active];
        if (!view.editable || !row || row.isDraft) {
            return;
        }
        this.linkFrom = row.ref;
        view.root.classList.add("o_linking");
        view.announce("linking", { name: row.name });
    }

    cancelLink() {
        this.linkFrom = null;
        this.view.root.classList.remove("o_linking");
    }

    _endLink() {
        const { view, linkFrom } = this;
        const row = view.rows[view.active];
        this.cancelLink();
        if (row && !row.isDraft) {
            this.link(linkFrom, row.ref);
        }
    }

    link(from, to) {
        const { view } = this;
        if (view.execute(commands.link(view.plan, from, to), "link")) {
            view.announce("linked", {
                from: view.plan.getItem(from).name,
                to: view.plan.getItem(to).name,
            });
        }
    }
}
