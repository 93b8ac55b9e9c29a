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

/**
 * The mean of three points, counted in whole hundredths as `tools/three_point.py` does.
 *
 * @param {number} low
 * @param {number} likely
 * @param {number} high
 * @returns {number} days
 */
export function getMean(low, likely, high) {
    const [best, usual, worst] = [low, likely, high].map((days) => Math.round(days * 100));
    return Math.floor((best + 4 * usual + worst + 3) / 6) / 100;
}

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
    const cell = {
        days: days === undefined ? getMean(low, likely, high) : days,
        low: days === undefined ? low : 0,
        likely: days === undefined ? likely : 0,
        high: days === undefined ? high : 0,
        dailyCost: old ? old.dailyCost : role.dailyCost,
        dailyPrice: old ? old.dailyPrice : role.dailyPrice,
        rateMissing: old ? old.rateMissing : role.rateMissing,
    };
    setCell(plan.workload, row.ref, roleId, cell);
    addToTotals(plan.totals, old, cell);
    const before = old?.high
        ? { days_low: old.low, days_likely: old.likely, days_high: old.high }
        : { days: old?.days || 0 };
    return [{ op: "workload", item: row.ref, role: roleId, vals: before }];
}

/** What a cell costs, rounded as the server rounds it. */
function getCost(cell) {
    return cell ? Math.round(cell.days * (cell.dailyCost || 0) * 100) / 100 : 0;
}

/** Follow the change of one cell: a pasted block has thousands of them. */
function addToTotals(totals, old, cell) {
    const cost = getCost(cell) - getCost(old);
    const days = cell.days - (old?.days || 0);
    for (const [name, change] of Object.entries({
        total_days: days,
        workload_cost: cost,
        total_cost: cost,
    })) {
        totals[name] = Math.round(((totals[name] || 0) + change) * 100) / 100;
    }
}

/** The totals that follow from the cells; the server's answer brings the others. */
export function sumWorkload({ workload, totals }) {
    let [days, cost] = [0, 0];
    for (const cells of workload.values()) {
        for (const cell of cells.values()) {
            days += cell.days;
            cost += getCost(cell);
        }
    }
    return {
        total_days: Math.round(days * 100) / 100,
        workload_cost: cost,
        total_cost: (totals.total_cost || 0) + cost - (totals.workload_cost || 0),
    };
}
