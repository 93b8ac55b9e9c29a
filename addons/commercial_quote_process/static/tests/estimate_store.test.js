import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { advanceTime } from "@odoo/hoot-mock";
import { ConnectionLostError, RPCError } from "@web/core/network/rpc";
import { allowTranslations } from "@web/../tests/web_test_helpers";
import { EstimateStore } from "@commercial_quote_process/estimate_store/store";

describe.current.tags("headless");

function item(id, name, values = {}) {
    return {
        id,
        name,
        kind: "task",
        parent_id: false,
        duration: 1,
        not_before: 0,
        not_before_date: false,
        after: [],
        description: false,
        acceptance_criteria: false,
        ...values,
    };
}

function getData(values = {}) {
    return {
        id: 7,
        revision: 3,
        editable: true,
        planned_start: false,
        calendar: { weekdays: [0, 1, 2, 3, 4], holidays: [] },
        items: [
            item(1, "Design", { kind: "phase", duration: 0 }),
            item(2, "Survey", { parent_id: 1, duration: 3 }),
            item(3, "Model", { parent_id: 1, duration: 5, after: [[2, 0]] }),
            item(4, "Build", { duration: 2, after: [[1, 1]] }),
        ],
        roles: [{ id: 9, name: "Consultant", daily_cost: 400 }],
        workload: [{ item_id: 2, role_id: 9, days: 3, daily_cost: 400 }],
        totals: { total_days: 3, workload_cost: 1200, total_cost: 1500 },
        ...values,
    };
}

let calls, messages, answers, data;

async function makeStore() {
    const orm = {
        call: async (model, method, args) => {
            expect(model).toBe("quote.estimate");
            if (method === "get_editor_data") {
                return data;
            }
            calls.push({ commands: args[1], revision: args[2] });
            const answer = answers.shift() || { revision: args[2] + 1, ids: {} };
            if (answer instanceof Error) {
                throw answer;
            }
            return answer;
        },
    };
    const store = new EstimateStore({ orm, notify: (message) => messages.push(message) });
    await store.load(7);
    return store;
}

function refuse(message) {
    const error = new RPCError(message);
    error.exceptionName = "odoo.exceptions.ValidationError";
    error.data = { message };
    return error;
}

function getStarts(store) {
    return Object.fromEntries(store.items.map((row) => [row.name, row.start]));
}

beforeEach(() => {
    allowTranslations();
    [calls, messages, answers, data] = [[], [], [], getData()];
});

test("a change shows at once, and is written a moment later in one batch", async () => {
    const store = await makeStore();
    expect(getStarts(store)).toEqual({ Design: 0, Survey: 0, Model: 3, Build: 9 });
    store.execute([{ op: "write", ref: 2, vals: { duration: 4 } }]);
    store.execute([{ op: "write", ref: 2, vals: { name: "Visits" } }]);
    expect(getStarts(store)).toEqual({ Design: 0, Visits: 0, Model: 4, Build: 10 });
    expect(store.status).toBe("saving");
    expect(calls).toEqual([]);
    await advanceTime(400);
    expect(calls).toEqual([
        {
            commands: [{ op: "write", ref: 2, vals: { duration: 4, name: "Visits" } }],
            revision: 3,
        },
    ]);
    expect(store.status).toBe("saved");
    expect(store.revision).toBe(4);
});

test("a new row keeps its ref, and goes by its id once it has one", async () => {
    const store = await makeStore();
    const key = store.newKey();
    store.execute([
        { op: "create", key, vals: { name: "Tests", duration: 2, after: [[4, 2]] } },
        { op: "order", refs: [1, 2, 3, key, 4] },
    ]);
    expect(store.getItem(key).start).toBe(13);
    answers.push({ revision: 4, ids: { [key]: 55 } });
    expect(await store.flush()).toBe(true);
    expect(calls[0].commands[1].refs).toEqual([1, 2, 3, key, 4]);
    expect(store.getItem(key).id).toBe(55);
    store.execute([{ op: "write", ref: 4, vals: { after: [] } }]);
    store.execute([{ op: "workload", item: key, role: 9, vals: { days: 2 } }]);
    await store.flush();
    expect(calls[1].commands[1]).toEqual({ op: "workload", item: 55, role: 9, vals: { days: 2 } });
    // What the server sends again is the same row.
    data = getData({ revision: 5, items: [...data.items, item(55, "Tests")] });
    await store.load();
    expect(store.getItem(key).name).toBe("Tests");
});

test("undo and redo are batches of their own, a deleted phase comes back whole", async () => {
    const store = await makeStore();
    store.execute([{ op: "unlink", ref: 1 }], { label: "Delete" });
    expect(store.items.map((row) => row.name)).toEqual(["Build"]);
    expect(store.totals.total_days).toBe(0);
    expect(store.undoLabel).toBe("Delete");
    await store.flush();
    expect(store.undo()).toBe(true);
    expect(getStarts(store)).toEqual({ Design: 0, Survey: 0, Model: 3, Build: 9 });
    expect(store.workload.get(2).get(9).days).toBe(3);
    expect(store.totals.total_cost).toBe(1500);
    answers.push({ revision: 5, ids: { b1: 11, b2: 12, b3: 13 } });
    await store.flush();
    const ops = calls[1].commands;
    expect(ops[1]).toMatchObject({ op: "create", key: "b2", vals: { parent: "b1" } });
    expect(ops.at(-1)).toEqual({ op: "order", refs: ["b1", "b2", "b3", 4] });
    expect(store.redo()).toBe(true);
    await store.flush();
    expect(calls[2].commands).toEqual([{ op: "unlink", ref: 11 }]);
    expect(store.canRedo).toBe(false);
});

test("a circle is refused before the server is asked, and named", async () => {
    const store = await makeStore();
    const isDone = store.execute([{ op: "write", ref: 2, vals: { after: [[3, 0]] } }]);
    expect(isDone).toBe(false);
    expect(messages).toHaveLength(1);
    expect(messages[0]).toMatch("“Survey” → “Model” → “Survey”");
    expect(getStarts(store)).toEqual({ Design: 0, Survey: 0, Model: 3, Build: 9 });
    expect(store.canUndo).toBe(false);
    await advanceTime(1000);
    expect(calls).toEqual([]);
});

test("what is typed meanwhile goes on top of what others have changed", async () => {
    const store = await makeStore();
    store.execute([{ op: "write", ref: 2, vals: { duration: 4 } }], { label: "Duration" });
    store.execute([{ op: "write", ref: 4, vals: { name: "Making" } }], { label: "Name" });
    const items = [...data.items.slice(0, 3), item(6, "Added")];
    answers.push({ stale: true, data: getData({ revision: 8, items }) });
    expect(await store.flush()).toBe(true);
    expect(calls.map((call) => call.revision)).toEqual([3, 8]);
    expect(calls[1].commands).toEqual([{ op: "write", ref: 2, vals: { duration: 4 } }]);
    expect(getStarts(store)).toEqual({ Design: 0, Survey: 0, Model: 4, Added: 0 });
    expect(messages).toHaveLength(1);
    expect(messages[0]).toMatch("Name");
});

test("one refused change does not take the others with it", async () => {
    const store = await makeStore();
    store.execute([{ op: "write", ref: 2, vals: { duration: 4 } }]);
    store.execute([{ op: "write", ref: 4, vals: { name: "Making" } }]);
    answers.push(refuse("No."), refuse("No."));
    await store.flush();
    expect(calls.map((call) => call.commands.length)).toEqual([2, 1, 1]);
    expect(messages).toEqual(["No."]);
    // The refused one is shown as the server has it; the other one is kept.
    expect(store.getItem(2).duration).toBe(3);
    expect(store.canUndo).toBe(true);
    expect(store.status).toBe("saved");
});

test("without a connection nothing is lost", async () => {
    const store = await makeStore();
    answers.push(new ConnectionLostError("/web"));
    store.execute([{ op: "write", ref: 2, vals: { duration: 4 } }]);
    expect(await store.flush()).toBe(false);
    expect(store.status).toBe("offline");
    expect(store.getItem(2).duration).toBe(4);
    await advanceTime(5000);
    expect(store.status).toBe("saved");
    expect(calls).toHaveLength(2);
});

test("an estimate that is not to be edited is not", async () => {
    data = getData({ editable: false });
    const store = await makeStore();
    expect(store.execute([{ op: "write", ref: 2, vals: { duration: 4 } }])).toBe(false);
    expect(store.getItem(2).duration).toBe(3);
});
