/**
 * The line on which a new row is typed: at the end of the plan, or where the user inserts one.
 * Nothing of Odoo is used here.
 *
 * @typedef {Object} DraftPlace
 * @property {any} after ref of the row above it; null at the end of the plan
 * @property {any} parent ref of the phase that the row goes into, or false
 * @property {string} [kind] of the row
 */
import { canHold } from "./plan_commands";

export class PlanDraftLine {
    /** @param {PlanView} view */
    constructor(view) {
        this.view = view;
        /** @type {DraftPlace|null} nothing: at the end of the plan, in the phase that is there */
        this.chosen = null;
    }

    /** Put the line somewhere else; at the end of the plan without an argument. */
    moveTo(place = null) {
        this.chosen = place;
        this.view.update();
    }

    /** Forget a place that is no longer there. */
    check() {
        const { plan } = this.view;
        const isGone = (ref) => ref && !plan.getItem(ref);
        if (this.chosen && (isGone(this.chosen.after) || isGone(this.chosen.parent))) {
            this.chosen = null;
        }
    }

    /** @returns {DraftPlace} */
    get place() {
        const last = this.view.plan.items.at(-1);
        const phase = last?.kind === "phase" ? last.ref : last?.parent || false;
        return this.chosen || { after: null, parent: phase };
    }

    /** The line as a row of the screen. */
    get row() {
        const phase = this.view.plan.getItem(this.place.parent);
        const level = phase ? phase.level + 1 : 0;
        return { ref: null, isDraft: true, kind: "draft", level, name: "" };
    }

    get position() {
        return this.view.rows.findIndex((row) => row.isDraft);
    }

    /** Type a new row below the active one. */
    insert(kind = "task") {
        const { view } = this;
        if (!view.editable) {
            return;
        }
        view.editor.commit();
        const row = view.rows[view.active];
        const isRow = row && !row.isDraft;
        const isOpen = row?.kind === "phase" && !view.folded.has(row.ref);
        const inside = isRow ? (isOpen ? row.ref : row.parent) : this.place.parent;
        const parent = kind === "phase" ? false : inside;
        this.moveTo({ after: isRow ? row.ref : this.place.after, parent, kind });
        view.activate(this.position, { column: 0 });
        view.editor.open();
    }

    /**
     * Put the line into the phase above it, or out of the one it is in.
     *
     * @returns {boolean} false when there is no such phase
     */
    indent(isIn) {
        const { plan } = this.view;
        const { after, parent, kind } = this.place;
        const above = after === null ? plan.items.at(-1) : plan.getItem(after);
        const places = above && canHold(plan, above) ? [above.ref] : [];
        for (let row = plan.getItem(above?.parent); row; row = plan.getItem(row.parent)) {
            places.push(row.ref);
        }
        places.push(false);
        const place = places[places.indexOf(parent || false) + (isIn ? -1 : 1)];
        if (place === undefined) {
            return false;
        }
        this.moveTo({ after, parent: place, kind });
        return true;
    }
}
