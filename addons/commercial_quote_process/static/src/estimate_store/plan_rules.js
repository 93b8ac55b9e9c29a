/**
 * What a plan allows, before the server is asked. Nothing of Odoo is used here.
 */

const MOST_DAYS = 9999;
/** Levels of the tree, as on the server. */
const MOST_LEVELS = 8;

/** A command that the plan refuses; `code` and `params` make a sentence in the user's words. */
export class PlanError extends Error {
    constructor(code, params = {}) {
        super(code);
        this.name = "PlanError";
        this.code = code;
        this.params = params;
    }
}

/**
 * Refuse values that the server would refuse.
 *
 * @param {PlanDocument} plan
 * @param {PlanRow} row the row before the change
 * @param {Object} vals as in commands
 * @throws {PlanError}
 */
export function checkRow(plan, row, vals) {
    const name = "name" in vals ? vals.name : row.name;
    const kind = vals.kind || row.kind;
    if (!String(name || "").trim()) {
        throw new PlanError("name");
    }
    for (const days of [vals.duration || 0, vals.not_before || 0]) {
        if (!(days >= 0 && days <= MOST_DAYS)) {
            throw new PlanError("duration", { name });
        }
    }
    if (vals.parent) {
        checkParent(plan, row, vals.parent, name);
    }
    if (kind !== row.kind) {
        checkKind(plan, row, kind);
    }
}

function checkParent(plan, row, parent, name) {
    let level = 1;
    for (let phase = plan.getItem(parent); phase; phase = plan.getItem(phase.parent)) {
        if (phase.kind !== "phase" || phase === row) {
            throw new PlanError("parent", { name, parent: phase.name });
        }
        if (++level > MOST_LEVELS) {
            throw new PlanError("depth", { name });
        }
    }
}

function checkKind(plan, row, kind) {
    if (kind !== "phase" && plan.items.some((one) => one.parent === row.ref)) {
        throw new PlanError("phase_kind", { name: row.name });
    }
    if (kind !== "task" && plan.workload.get(row.ref)?.size) {
        throw new PlanError("workload_kind", { name: row.name });
    }
}
