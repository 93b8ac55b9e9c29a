/**
 * The rows of the tree: as many elements as fit on the screen, used again while it scrolls. Nothing
 * of Odoo is used here.
 */
import { formatAfter, formatDays } from "./plan_commands";

/** Columns of the tree; the bar of the row is the last place the keyboard reaches. */
export const COLUMNS = ["name", "duration", "after", "start", "end", "bar"];
const CELLS = ["number", ...COLUMNS.slice(0, -1)];

export class PlanTree {
    /**
     * @param {PlanView} view
     * @param {HTMLElement} host
     */
    constructor(view, host) {
        Object.assign(this, { view, host });
        this.slots = [];
    }

    /** Draw the rows from `first` to `last` (excluded). */
    draw(first, last) {
        const count = last - first;
        while (this.slots.length < count) {
            this.slots.push(this._makeSlot());
        }
        this.size = Math.max(this.slots.length, 1);
        const used = new Set();
        for (let position = first; position < last; position++) {
            const slot = this.slots[position % this.size];
            used.add(slot);
            this._fill(slot, position);
        }
        for (const slot of this.slots) {
            slot.element.hidden = !used.has(slot);
        }
    }

    /** The element of a drawn row. */
    getElement(position) {
        const slot = this.slots[position % this.size];
        return slot?.position === position ? slot.element : undefined;
    }

    _makeSlot() {
        const element = document.createElement("div");
        element.className = "o_plan_row";
        element.setAttribute("role", "row");
        const cells = CELLS.map((name) => {
            const cell = element.appendChild(document.createElement("div"));
            cell.className = `o_plan_cell o_plan_${name}`;
            cell.dataset.column = name;
            cell.setAttribute("role", name === "number" ? "rowheader" : "gridcell");
            return cell;
        });
        this.host.appendChild(element);
        return { element, cells, texts: [], position: -1 };
    }

    _fill(slot, position) {
        const { view } = this;
        const row = view.rows[position];
        if (slot.position !== position || slot.height !== view.rowHeight) {
            Object.assign(slot, { position, height: view.rowHeight });
            slot.element.style.transform = `translateY(${position * view.rowHeight}px)`;
            slot.element.id = view.rowId(position);
            slot.element.setAttribute("aria-rowindex", position + 2);
            slot.cells.forEach((cell, index) => {
                cell.id = index ? view.cellId(position, index - 1) : "";
            });
        }
        this._setState(slot, position, row);
        this._getTexts(row).forEach((text, index) => {
            if (slot.texts[index] !== text) {
                slot.texts[index] = text;
                slot.cells[index].textContent = text;
            }
        });
    }

    _setState(slot, position, row) {
        const { view } = this;
        const isSelected = view.selection.has(row.ref);
        const isFolded = view.folded.has(row.ref);
        const active = view.active === position ? view.column : "";
        const state = [row.kind, row.level, isSelected, isFolded, active, row.critical].join();
        if (slot.state === state && slot.row === row.ref) {
            return;
        }
        Object.assign(slot, { state, row: row.ref });
        const { element } = slot;
        element.className = `o_plan_row o_plan_kind_${row.kind}`;
        element.classList.toggle("o_selected", isSelected);
        element.classList.toggle("o_folded", isFolded);
        element.classList.toggle("o_active", active !== "");
        element.classList.toggle("o_draft", Boolean(row.isDraft));
        element.style.setProperty("--plan-level", row.level);
        element.setAttribute("aria-selected", isSelected);
        element.setAttribute("aria-level", row.level + 1);
        if (row.kind === "phase" && !row.isDraft) {
            element.setAttribute("aria-expanded", !isFolded);
        } else {
            element.removeAttribute("aria-expanded");
        }
        slot.cells.forEach((cell, index) => {
            cell.classList.toggle("o_active", index - 1 === active);
        });
    }

    _getTexts(row) {
        const { view } = this;
        if (row.isDraft) {
            return ["", view.text("draft"), "", "", "", ""];
        }
        const [start, end] = view.describeDays(row.start, row.end);
        const duration = row.kind === "task" ? formatDays(row.duration, view.separator) : "";
        return [
            String(view.numberOf.get(row.ref)),
            row.name,
            duration,
            formatAfter(row, view.numberOf, view.separator),
            row.kind === "milestone" || row.kind === "deliverable" ? "" : start,
            end,
        ];
    }
}
