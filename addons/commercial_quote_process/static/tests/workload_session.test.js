import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { allowTranslations } from "@web/../tests/web_test_helpers";
import { WorkloadSession } from "@commercial_quote_process/workload_matrix/workload_session";
import { getWorkloadData, makeWorkloadStore } from "./workload_matrix_helpers";

describe.current.tags("headless");

let store, session, messages;

async function start(data) {
    store = await makeWorkloadStore(data);
    messages = [];
    session = new WorkloadSession(store, {
        separators: { decimalPoint: ",", thousandsSep: " " },
        getDigits: () => 2,
        notify: (message) => messages.push(message),
    });
    store.addEventListener("change", ({ detail }) => detail === "data" && session.refresh());
}

/** Days of the tasks by column, as they are shown. */
function getDays() {
    return session.grid.tasks.map((row) => row.cells.map((cell) => cell?.days || 0));
}

beforeEach(async () => {
    allowTranslations();
    await start();
});

describe("totals", () => {
    test("rows, columns and phases add up, days and cost", () => {
        const { grid } = session;
        expect(grid.rows.map((row) => [row.name, row.days, row.cost])).toEqual([
            ["Design", 5, 2101.1],
            ["Survey", 3, 1200],
            ["Model", 2, 901.1],
            ["Build", 1.5, 600],
            ["Portal", 1.5, 600],
            ["Training", 0, 0],
        ]);
        expect(grid.columns.map((column) => [column.name, column.days, column.cost])).toEqual([
            ["Consultant", 4.5, 1800],
            ["Engineer", 2, 901.1],
        ]);
        expect(grid.rows[0].sums).toEqual([3, 2]);
        expect(grid.total).toEqual({ days: 6.5, cost: 2701.1, price: 5400 });
    });

    test("each cell is rounded to the cent before it is added", () => {
        session.moveTo(0, 1);
        session.write("0,33");
        expect(session.grid.tasks[0].cost).toBe(1348.68);
        expect(session.grid.total.cost).toBe(2849.78);
    });

    test("phases inside phases add up as well", async () => {
        const data = getWorkloadData();
        data.items[4].parent_id = 1;
        await start(data);
        expect(session.grid.rows[0].days).toBe(6.5);
    });

    test("days of a role that is archived stay in sight", async () => {
        const data = getWorkloadData();
        data.roles.shift();
        await start(data);
        expect(session.grid.columns.map((column) => column.name)).toEqual([
            "Engineer",
            "Archived role",
        ]);
        expect(session.grid.total.days).toBe(6.5);
    });
});

describe("columns", () => {
    test("a role is added, and taken away while it is empty", () => {
        expect(session.otherRoles.map((role) => role.name)).toEqual(["Archivist"]);
        session.addRole(12);
        expect(session.grid.columns[2]).toMatchObject({ name: "Archivist", isEmpty: true });
        expect(session.column).toBe(2);
        session.removeRole(12);
        expect(session.grid.columns).toHaveLength(2);
        expect(session.column).toBe(1);
    });

    test("a column keeps its place when its last days go", () => {
        session.selectRange(session.grid.range);
        session.clear();
        expect(session.grid.columns.map((column) => column.isEmpty)).toEqual([true, true]);
        store.undo();
        expect(session.grid.columns.map((column) => column.name)).toEqual([
            "Consultant",
            "Engineer",
        ]);
    });

    test("a missing rate is that of the days, else that of the card", () => {
        session.addRole(12);
        expect(session.grid.columns.map((column) => column.rateMissing)).toEqual([
            false,
            false,
            true,
        ]);
        session.write("2");
        expect(session.grid.getCell(0, 2)).toMatchObject({ days: 2, rateMissing: true });
    });
});

describe("moving", () => {
    test("Tab goes through the rows and ends behind the last cell", () => {
        session.moveTo(0, 1);
        expect(session.moveNext(1)).toBe(true);
        expect([session.task, session.column]).toEqual([1, 0]);
        session.moveTo(3, 1);
        expect(session.moveNext(1)).toBe(false);
    });

    test("a jump ends where filled cells begin or end", () => {
        session.moveTo(0, 0);
        session.move(1, 0, { jump: true });
        expect(session.task).toBe(2);
        session.move(1, 0, { jump: true });
        expect(session.task).toBe(3);
        session.move(-1, 0, { jump: true });
        expect(session.task).toBe(2);
    });

    test("the selected task is that of the plan", () => {
        session.moveTo(2, 0);
        expect([...store.selection]).toEqual([6]);
        store.select([3]);
        const other = new WorkloadSession(store, session);
        expect(other.task).toBe(1);
    });
});

describe("changes", () => {
    test("typing, with a comma or in three points", () => {
        expect(session.write("2,25")).toBe(true);
        expect(session.cell.days).toBe(2.25);
        expect(session.write("2/3/6,5")).toBe(true);
        expect(session.cell).toMatchObject({ days: 3.42, low: 2, likely: 3, high: 6.5 });
        expect(session.write("4")).toBe(true);
        expect(session.cell).toMatchObject({ days: 4, low: 0, likely: 0, high: 0 });
        expect(session.write("many")).toBe(false);
        expect(session.cell.days).toBe(4);
    });

    test("three points come back by undo", () => {
        session.write("2/3/6");
        session.write("5");
        store.undo();
        expect(session.cell).toMatchObject({ days: 3.33, low: 2, likely: 3, high: 6 });
        store.undo();
        expect(session.cell).toMatchObject({ days: 3, high: 0 });
        store.redo();
        expect(session.cell).toMatchObject({ days: 3.33, high: 6 });
    });

    test("what changes nothing is not saved", async () => {
        session.write("3");
        session.write("3,00");
        await store.flush();
        expect(store.batches).toEqual([]);
        expect(store.canUndo).toBe(false);
    });

    test("what was typed goes to its task, wherever that is by now", () => {
        const { target } = session;
        store.execute([{ op: "order", refs: [7, 5, 6, 1, 2, 3, 4] }]);
        session.write("9", target);
        expect(store.workload.get(2).get(10).days).toBe(9);
        store.execute([{ op: "unlink", ref: 2 }]);
        expect(session.write("8", target)).toBe(true);
    });

    test("a block is emptied, filled down and repeated", () => {
        session.moveTo(0, 0);
        session.moveTo(2, 1, { extend: true });
        session.fillDown();
        expect(getDays()).toEqual([
            [3, 0],
            [3, 0],
            [3, 0],
            [0, 0],
        ]);
        store.undo();
        session.moveTo(0, 0);
        session.moveTo(1, 1, { extend: true });
        session.fillTo(3);
        expect(getDays()).toEqual([
            [3, 0],
            [0, 2],
            [3, 0],
            [0, 2],
        ]);
        expect(session.range).toEqual({ top: 0, left: 0, bottom: 3, right: 1 });
        session.clear();
        expect(session.grid.total.days).toBe(0);
        store.undo();
        store.undo();
        expect(getDays()[2]).toEqual([1.5, 0]);
    });

    test("one row takes what is above it; the first one has nothing above", () => {
        session.moveTo(1, 0);
        session.fillDown();
        expect(getDays()[1]).toEqual([3, 2]);
        session.moveTo(0, 0);
        session.fillDown();
        expect(getDays()[0]).toEqual([3, 0]);
    });

    test("filling down repeats three points", () => {
        session.write("1/2/6");
        session.moveTo(1, 0);
        session.fillDown();
        expect(session.cell).toMatchObject({ low: 1, likely: 2, high: 6 });
    });

    test("nothing changes in an estimate that is only read", async () => {
        await start(getWorkloadData({ editable: false }));
        session.write("9");
        session.paste("1\t2");
        session.clear();
        session.fillDown();
        expect(getDays()[0]).toEqual([3, 0]);
    });
});

describe("clipboard", () => {
    test("a block of a spreadsheet is written in one change", async () => {
        session.moveTo(1, 0);
        session.paste("1,5\t2.25\r\n-\t\r\n1\u202f000\t4\r\n");
        expect(getDays()).toEqual([
            [3, 0],
            [1.5, 2.25],
            [0, 0],
            [1000, 4],
        ]);
        expect(session.range).toEqual({ top: 1, left: 0, bottom: 3, right: 1 });
        expect(messages).toEqual([]);
        store.undo();
        expect(getDays()[1]).toEqual([0, 2]);
        expect(store.canUndo).toBe(false);
        store.redo();
        await store.flush();
        expect(store.batches.flat()).toHaveLength(15);
    });

    test("what is no number is named, and nothing is pasted", () => {
        session.paste("1\t2\n3\tfour");
        expect(getDays()[0]).toEqual([3, 0]);
        expect(messages).toEqual([
            "Nothing was pasted: “four”, for “Model” and “Engineer”, is no number of days.",
        ]);
    });

    test("what does not fit is told, and the rest is written", () => {
        session.moveTo(2, 0);
        session.paste("1\t2\t3\n4\t5\t6\n7\t8\tx");
        expect(getDays().slice(2)).toEqual([
            [1, 2],
            [4, 5],
        ]);
        expect(messages).toHaveLength(1);
        session.moveTo(3, 0);
        session.paste("1\n2");
        expect(messages[1]).toMatch(/too few tasks.*\(1\)/);
        session.paste("1\t2\t3\t4");
        expect(messages[2]).toMatch(/too few roles.*\(2\)/);
    });

    test("one number fills the selected block, a row repeats itself", () => {
        session.selectRange({ top: 0, left: 0, bottom: 1, right: 1 });
        session.paste("2");
        expect(getDays().slice(0, 2)).toEqual([
            [2, 2],
            [2, 2],
        ]);
        session.selectRange({ top: 0, left: 0, bottom: 3, right: 1 });
        session.paste("1\t3");
        expect(getDays()).toEqual([
            [1, 3],
            [1, 3],
            [1, 3],
            [1, 3],
        ]);
    });

    test("an empty clipboard changes nothing", () => {
        session.paste("");
        expect(getDays()[0]).toEqual([3, 0]);
    });

    test("a copied block comes back as it was, its three points included", () => {
        session.write("1/2/6");
        session.selectRange({ top: 0, left: 0, bottom: 1, right: 1 });
        expect(session.getText()).toBe("2,5\t\r\n\t2");
        const text = session.getPointsText();
        expect(text).toBe("1/2/6\t\r\n\t2");
        session.moveTo(2, 0);
        session.paste(text);
        expect(session.grid.getCell(2, 0)).toMatchObject({ days: 2.5, low: 1, high: 6 });
        expect(session.grid.getCell(3, 1).days).toBe(2);
    });
});
