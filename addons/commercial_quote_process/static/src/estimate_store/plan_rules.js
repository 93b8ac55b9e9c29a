/**
 * What a plan allows, before the server is asked. Nothing of Odoo is used here.
 */

const MOST_DAYS = 9999;

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
    const parent = "parent" in vals ? vals.parent : row.parent;
    if (parent) {
        const phase = plan.getItem(parent);
        if (!phase || phase.kind !== "phase" || kind === "phase") {
            throw new PlanError("parent", { name, parent: phase?.name || "" });
        }
    }
    if (kind !== row.kind) {
        checkKind(plan, row, kind);
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
