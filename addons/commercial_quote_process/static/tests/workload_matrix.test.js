import { expect, test } from "@odoo/hoot";
import {
    edit,
    manuallyDispatchProgrammaticEvent,
    press,
    queryAllTexts,
    queryOne,
    queryText,
} from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { contains, mountWithCleanup } from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { WorkloadMatrix } from "@commercial_quote_process/workload_matrix/workload_matrix";
import { getLargeData, getWorkloadData, makeWorkloadStore } from "./workload_matrix_helpers";

defineMailModels();

let store;

async function mountMatrix(data, props = {}) {
    store = await makeWorkloadStore(data);
    await mountWithCleanup(WorkloadMatrix, { props: { store, ...props } });
    await animationFrame();
}

function at(task, column) {
    return `.o_quote_matrix [data-task="${task}"][data-column="${column}"]`;
}

function getActive() {
    const id = queryOne("[role=grid]").getAttribute("aria-activedescendant");
    return id.split("_").slice(-2).map(Number);
}

async function type(...keys) {
    for (const key of keys) {
        await press(key);
        await animationFrame();
    }
}

function sendClipboard(name, data = new DataTransfer()) {
    return manuallyDispatchProgrammaticEvent(queryOne("[role=grid]"), name, {
        clipboardData: data,
        bubbles: true,
        cancelable: true,
    });
}

test("tasks under their phases, roles with their rates, and totals", async () => {
    await mountMatrix();
    expect(queryAllTexts(".o_quote_matrix_row:not(.o_head) > .o_quote_matrix_name")).toEqual([
        "Design",
        "Survey",
        "Model",
        "Build",
        "Portal",
        "Training",
        "Total",
        "Cost",
        "Average per day",
    ]);
    expect(queryAllTexts(".o_head .o_quote_matrix_role")).toEqual(["Consultant", "Engineer"]);
    expect(queryAllTexts(".o_quote_matrix_row:eq(1) .o_quote_matrix_cell")).toEqual([
        "3",
        "2",
        "5",
        "2,101.10",
    ]);
    expect(queryAllTexts(".o_sums .o_quote_matrix_cell")).toEqual(["4.5", "2", "6.5", "2,701.10"]);
});

test("prices are shown to those who see them", async () => {
    await mountMatrix(getWorkloadData({ sees_prices: true }));
    expect(queryAllTexts(".o_sums .o_quote_matrix_cell").at(-1)).toBe("5,400.00");
});

test("people who may not know costs read days only", async () => {
    await mountMatrix(getWorkloadData({ sees_costs: false }));
    expect(queryAllTexts(".o_sums .o_quote_matrix_cell")).toEqual(["4.5", "2", "6.5"]);
    expect(queryAllTexts(".o_quote_matrix_foot .o_quote_matrix_name")).toEqual(["Total"]);
    expect(".o_head .o_quote_matrix_rate").toHaveCount(0);
    expect(".o_head [data-column='0']").toHaveAttribute("title", "Consultant");
    expect("[role=grid]").toHaveAttribute("aria-rowcount", "8");
    expect("[role=grid]").toHaveAttribute("aria-colcount", "4");
});

test("the table says what it is to people who do not see it", async () => {
    await mountMatrix();
    expect("[role=grid]").toHaveAttribute("aria-label", "Days by task and role");
    expect("[role=grid]").toHaveAttribute("aria-rowcount", "10");
    await contains(at(1, 1)).click();
    expect(getActive()).toEqual([1, 1]);
    expect(at(1, 1)).toHaveAttribute("aria-selected", "true");
    expect(`#${queryOne("[role=grid]").getAttribute("aria-activedescendant")}`).toHaveText("2");
});

test("typing replaces, Enter goes down, Tab to the right", async () => {
    await mountMatrix();
    await contains(at(0, 0)).click();
    await type("7");
    expect(".o_quote_matrix_input").toHaveValue("7");
    await type(".", "5", "Enter");
    expect(at(0, 0)).toHaveText("7.5");
    expect(getActive()).toEqual([1, 0]);
    expect("[role=grid]").toBeFocused();
    await type("1", "Tab", "2", "Enter");
    expect([at(1, 0), at(1, 1)].map((cell) => queryText(cell))).toEqual(["1", "2"]);
    expect(getActive()).toEqual([2, 1]);
});

test("keys that come faster than the drawing are not lost", async () => {
    await mountMatrix();
    await contains(at(0, 0)).click();
    for (const key of ["2", "/", "3", "/", "6", "Enter", "1", "2", "Tab", "4", "Escape"]) {
        await press(key);
    }
    await animationFrame();
    expect(at(0, 0)).toHaveText("3.33");
    expect(at(1, 0)).toHaveText("12");
    expect(at(1, 1)).toHaveText("2");
    expect(".o_quote_matrix_input").toHaveCount(0);
});

test("F2 edits, Escape leaves things as they were", async () => {
    await mountMatrix();
    await contains(at(0, 0)).click();
    await type("F2");
    expect(".o_quote_matrix_input").toHaveValue("3");
    await edit("5");
    await type("Escape");
    expect(at(0, 0)).toHaveText("3");
    expect("[role=grid]").toBeFocused();
});

test("what is no number stays in the field, marked", async () => {
    await mountMatrix();
    await contains(at(0, 0)).dblclick();
    await edit("many");
    await type("Enter");
    expect(".o_quote_matrix_input").toHaveAttribute("aria-invalid", "true");
    await contains(at(1, 0)).click();
    expect(".o_quote_matrix_input").toHaveCount(0);
    expect(at(0, 0)).toHaveText("3");
    expect(".o_notification").toHaveCount(1);
});

test("what is typed is kept when another cell is clicked or the form is saved", async () => {
    await mountMatrix();
    await contains(at(0, 0)).click();
    await type("8");
    await contains(at(2, 1)).click();
    expect(at(0, 0)).toHaveText("8");
    await type("6");
    await store.flush();
    await animationFrame();
    expect(at(2, 1)).toHaveText("6");
    expect(store.batches.flat().map((command) => command.vals)).toEqual([{ days: 8 }, { days: 6 }]);
});

test("arrows, Home, End and their borders", async () => {
    await mountMatrix();
    await contains(at(0, 0)).click();
    await type("ArrowDown", "ArrowRight");
    expect(getActive()).toEqual([1, 1]);
    await type("Home");
    expect(getActive()).toEqual([1, 0]);
    await type("End", "ArrowRight");
    expect(getActive()).toEqual([1, 1]);
    await press(["Control", "End"]);
    await animationFrame();
    expect(getActive()).toEqual([3, 1]);
    await press(["Control", "Home"]);
    await animationFrame();
    expect(getActive()).toEqual([0, 0]);
});

test("Shift selects a block, Delete empties it, undo brings it back", async () => {
    await mountMatrix();
    await contains(at(0, 0)).click();
    await press(["Shift", "ArrowDown"]);
    await press(["Shift", "ArrowRight"]);
    await animationFrame();
    expect(".o_quote_matrix .o_selected").toHaveCount(4);
    expect(".o_quote_matrix_selection").toHaveText("Filled cells selected: 2, days: 5");
    await type("Delete");
    expect(".o_sums .o_quote_matrix_cell:eq(0)").toHaveText("1.5");
    await press(["Control", "z"]);
    await animationFrame();
    expect(".o_sums .o_quote_matrix_cell:eq(0)").toHaveText("4.5");
    await press(["Control", "y"]);
    await animationFrame();
    expect(".o_sums .o_quote_matrix_cell:eq(0)").toHaveText("1.5");
    await contains("button[aria-label=Undo]").click();
    expect(".o_sums .o_quote_matrix_cell:eq(0)").toHaveText("4.5");
});

test("a block is selected by dragging, repeated by its corner", async () => {
    await mountMatrix();
    const { drop, moveTo } = await contains(at(0, 0)).drag();
    await moveTo(at(1, 1));
    await drop();
    expect(".o_quote_matrix .o_selected").toHaveCount(4);
    const handle = await contains(".o_quote_matrix_handle").drag();
    await handle.moveTo(at(3, 1));
    expect(".o_filling").toHaveCount(2);
    await handle.drop();
    expect([at(2, 0), at(3, 1)].map((cell) => queryText(cell))).toEqual(["3", "2"]);
});

test("Ctrl+D fills down", async () => {
    await mountMatrix();
    await contains(at(0, 0)).click();
    await press(["Shift", "ArrowDown"]);
    await press(["Control", "d"]);
    await animationFrame();
    expect(at(1, 0)).toHaveText("3");
});

test("a block is pasted from a spreadsheet, and copied to one", async () => {
    await mountMatrix();
    await contains(at(1, 0)).click();
    const data = new DataTransfer();
    data.setData("text/plain", "1,5\t2\r\n3\t-\r\n");
    await sendClipboard("paste", data);
    await animationFrame();
    expect([at(1, 0), at(1, 1), at(2, 0), at(2, 1)].map((cell) => queryText(cell))).toEqual([
        "1.5",
        "2",
        "3",
        "",
    ]);
    const copied = new DataTransfer();
    await sendClipboard("copy", copied);
    expect(copied.getData("text/plain")).toBe("1.5\t2\r\n3\t");
    await sendClipboard("cut", new DataTransfer());
    await animationFrame();
    expect(at(1, 0)).toHaveText("");
});

test("roles are added as columns, and removed while they are empty", async () => {
    await mountMatrix();
    await contains(".o_quote_matrix_add .o_select_menu_toggler").click();
    await contains(".o_select_menu_item:contains(Archivist)").click();
    expect(queryAllTexts(".o_head .o_quote_matrix_role")).toEqual([
        "Consultant",
        "Engineer",
        "Archivist",
    ]);
    expect(".o_head .text-danger").toHaveText("No rate");
    expect(".o_quote_matrix_add button").toHaveAttribute("disabled");
    expect(getActive()).toEqual([0, 2]);
    await type("1", "Enter");
    expect(".o_quote_matrix_remove").toHaveCount(0);
    expect(at(0, 2)).toHaveClass("o_rate_missing");
    await contains(at(0, 2)).click();
    await type("Delete");
    await contains(".o_quote_matrix_remove").click();
    expect(".o_head .o_quote_matrix_role").toHaveCount(2);
});

test("days at best, most likely and at worst in a box of their own", async () => {
    await mountMatrix();
    await contains(at(0, 0)).click();
    await type(".");
    expect(".o_quote_matrix_points input[name=likely]").toHaveValue("3");
    await contains("input[name=low]").edit("2", { confirm: false });
    await contains("input[name=high]").edit("1", { confirm: false });
    expect(".o_quote_matrix_points button[type=submit]").toHaveAttribute("disabled");
    await contains("input[name=high]").edit("6", { confirm: false });
    expect(".o_quote_matrix_points [role=status]").toHaveText("Mean 3.33 d, spread 0.67 d");
    await contains(".o_quote_matrix_points button[type=submit]").click();
    expect(at(0, 0)).toHaveText("3.33");
    expect(at(0, 0)).toHaveClass("o_three_point");
    expect(at(0, 0)).toHaveAttribute(
        "title",
        "At best 2, most likely 3, at worst 6; spread 0.67 days",
    );
    expect("[role=grid]").toBeFocused();
});

test("an estimate that is only read is walked through and copied", async () => {
    await mountMatrix(getWorkloadData({ editable: false }));
    expect(".o_quote_matrix_toolbar button").toHaveCount(0);
    expect("[role=grid]").toHaveAttribute("aria-readonly", "true");
    await contains(at(0, 0)).click();
    await type("9", "Delete", "ArrowDown");
    expect(getActive()).toEqual([1, 0]);
    expect(at(0, 0)).toHaveText("3");
    await contains(at(0, 0)).dblclick();
    expect(".o_quote_matrix_input").toHaveCount(0);
});

test("without a task the way leads to the plan, without a role to the roles", async () => {
    await mountMatrix(getWorkloadData({ items: [], workload: [] }), {
        openPlan: () => expect.step("plan"),
    });
    await contains(".o_quote_matrix_empty button").click();
    expect.verifySteps(["plan"]);
});

test("tasks without any days ask for a role", async () => {
    await mountMatrix(getWorkloadData({ workload: [] }));
    expect(".o_quote_matrix_hint").toHaveText(/Add a role/);
    await contains(".o_quote_matrix_add .o_select_menu_toggler").click();
    await contains(".o_select_menu_item:contains(Engineer)").click();
    await type("2", "Enter");
    expect(at(0, 0)).toHaveText("2");
    expect(".o_quote_matrix_hint").toHaveCount(0);
});

test("only the rows that are seen are drawn", async () => {
    await mountMatrix(getLargeData(200, 12));
    queryOne(".o_quote_matrix_scroller").style.maxHeight = "500px";
    await animationFrame();
    await animationFrame();
    const count = document.querySelectorAll(".o_quote_matrix_row").length;
    expect(count).toBeLessThan(50);
    await contains(at(0, 0)).click();
    await press(["Control", "End"]);
    await animationFrame();
    await animationFrame();
    expect(at(199, 11)).toHaveCount(1);
    expect(at(0, 0)).toHaveCount(0);
    expect(getActive()).toEqual([199, 11]);
});
