/**
 * The days by item and role of a `PlanDocument`. Nothing of Odoo is used here.
 *
 * @typedef {Object} WorkloadCell
 * @property {number} days
 * @property {number} low three-point entry, 0 without it
 * @property {number} likely
 * @property {number} high
 * @property {number} dailyCost
 * @property {number} [dailyPrice] only for those who see prices
 * @property {boolean} rateMissing
 */
import { PlanError } from "./plan_rules";

const MOST_DAYS = 9999;

/** A cell from a row of the server. */
export function readCell(row) {
    return {
        days: row.days,
        low: row.days_low || 0,
        likely: row.days_likely || 0,
        high: row.days_high || 0,
        dailyCost: row.daily_cost,
        dailyPrice: row.daily_price,
        rateMissing: Boolean(row.rate_missing),
    };
}

/**
 * @param {Object[]} rows workload of `get_editor_data`
 * @param {(id: number) => number|string} refOf
 * @returns {Map<any, Map<number, WorkloadCell>>}
 */
export function loadWorkload(rows, refOf) {
    const workload = new Map();
    rows.forEach((row) => setCell(workload, refOf(row.item_id), row.role_id, readCell(row)));
    return workload;
}

/** Put a cell in its place; one without days leaves it. */
export function setCell(workload, ref, roleId, cell) {
    if (!workload.has(ref)) {
        workload.set(ref, new Map());
    }
    if (cell.days || cell.high) {
        workload.get(ref).set(roleId, cell);
    } else {
        workload.get(ref).delete(roleId);
        if (!workload.get(ref).size) {
            workload.delete(ref);
        }
    }
}

/**
 * Apply a command of the kind `workload`.
 *
 * @param {PlanDocument} plan
 * @param {PlanRow} row
 * @param {{role: number, vals: Object}} command
 * @returns {Object[]} the commands that take it back
 * @throws {PlanError} when the days cannot be kept
 */
export function applyWorkload(plan, row, { role: roleId, vals }) {
    const old = plan.workload.get(row.ref)?.get(roleId);
    const role = plan.roles.find((one) => one.id === roleId);
    const { days, days_low: low = 0, days_likely: likely = 0, days_high: high = 0 } = vals;
    const given = days === undefined ? [low, likely, high] : [days];
    if (!given.every((one) => one >= 0 && one <= MOST_DAYS) || (!role && !old)) {
        throw new PlanError("days", { name: row.name });
    }
    if (row.kind !== "task" && given.some(Boolean)) {
        throw new PlanError("workload_kind", { name: row.name });
    }
    setCell(plan.workload, row.ref, roleId, {
        // The mean of three points, as in tools/three_point.py
        days: days === undefined ? Math.round((low + 4 * likely + high) / 0.06) / 100 : days,
        low: days === undefined ? low : 0,
        likely: days === undefined ? likely : 0,
        high: days === undefined ? high : 0,
        dailyCost: old ? old.dailyCost : role.dailyCost,
        dailyPrice: old ? old.dailyPrice : role.dailyPrice,
        rateMissing: old ? old.rateMissing : role.rateMissing,
    });
    plan.updateTotals();
    const before = old?.high
        ? { days_low: old.low, days_likely: old.likely, days_high: old.high }
        : { days: old?.days || 0 };
    return [{ op: "workload", item: row.ref, role: roleId, vals: before }];
}

/** The totals that follow from the cells; the server's answer brings the others. */
export function sumWorkload({ workload, totals }) {
    let [days, cost] = [0, 0];
    for (const cells of workload.values()) {
        for (const cell of cells.values()) {
            days += cell.days;
            cost += Math.round(cell.days * (cell.dailyCost || 0) * 100) / 100;
        }
    }
    return {
        total_days: Math.round(days * 100) / 100,
        workload_cost: cost,
        total_cost: (totals.total_cost || 0) + cost - (totals.workload_cost || 0),
    };
}
