import { EstimateStore } from "@commercial_quote_process/estimate_store/store";

function item(id, kind, name, parentId = false) {
    return {
        id,
        kind,
        name,
        parent_id: parentId,
        duration: kind === "task" ? 1 : 0,
        not_before: 0,
        not_before_date: false,
        after: [],
        description: "",
        acceptance_criteria: "",
    };
}

function row(itemId, roleId, days, values = {}) {
    return { item_id: itemId, role_id: roleId, days, daily_cost: 400, daily_price: 800, ...values };
}

/** What the server says of an estimate with two phases, four tasks and three roles. */
export function getWorkloadData(values = {}) {
    return {
        id: 7,
        revision: 3,
        editable: true,
        planned_start: false,
        currency_id: 1,
        sees_prices: false,
        sees_costs: true,
        calendar: { weekdays: [0, 1, 2, 3, 4], holidays: [] },
        items: [
            item(1, "phase", "Design"),
            item(2, "task", "Survey", 1),
            item(3, "task", "Model", 1),
            item(4, "milestone", "Approved", 1),
            item(5, "phase", "Build"),
            item(6, "task", "Portal", 5),
            item(7, "task", "Training"),
        ],
        roles: [
            { id: 10, name: "Consultant", daily_cost: 400, daily_price: 800 },
            { id: 11, name: "Engineer", daily_cost: 450.55, daily_price: 900 },
            { id: 12, name: "Archivist", daily_cost: 0, daily_price: 0, rate_missing: true },
        ],
        workload: [
            row(2, 10, 3),
            row(6, 10, 1.5),
            row(3, 11, 2, { daily_cost: 450.55, daily_price: 900 }),
        ],
        totals: { total_days: 6.5, workload_cost: 2701.1, total_cost: 2701.1 },
        ...values,
    };
}

/**
 * A store over such an estimate.
 *
 * @param {Object} [data] see `getWorkloadData`
 * @returns {Promise<EstimateStore>} with `batches`, what was sent to the server, and `messages`
 */
export async function makeWorkloadStore(data = getWorkloadData()) {
    const batches = [];
    const messages = [];
    const orm = {
        call: async (model, method, args) => {
            if (method === "get_editor_data") {
                return data;
            }
            batches.push(args[1]);
            return { revision: args[2] + 1, ids: {}, totals: {} };
        },
    };
    const store = new EstimateStore({ orm, notify: (message) => messages.push(message) });
    await store.load(7);
    return Object.assign(store, { batches, messages });
}

/** An estimate of many tasks and roles, with days in every second cell. */
export function getLargeData(taskCount, roleCount) {
    const items = Array.from({ length: taskCount }, (_, i) => item(i + 1, "task", `Task ${i + 1}`));
    const roles = Array.from({ length: roleCount }, (_, i) => ({
        id: 1000 + i,
        name: `Role ${i + 1}`,
        daily_cost: 300 + i,
    }));
    const workload = items.flatMap(({ id }) =>
        roles.filter((role) => (role.id + id) % 2).map((role) => row(id, role.id, 1)),
    );
    return getWorkloadData({ items, roles, workload });
}
