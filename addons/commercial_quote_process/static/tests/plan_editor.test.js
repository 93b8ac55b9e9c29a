import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { advanceTime, animationFrame, edit, press, queryFirst, queryRect } from "@odoo/hoot-dom";
import { queryAllTexts } from "@odoo/hoot-dom";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

describe.current.tags("desktop");

class Estimate extends models.Model {
    _name = "quote.estimate";

    name = fields.Char();
    planned_start = fields.Date();
    total_days = fields.Float();

    _records = [{ id: 7, name: "S00042", total_days: 3 }];
}
defineMailModels();
defineModels([Estimate]);

function item(id, name, values = {}) {
    const empty = { parent_id: false, not_before: 0, not_before_date: false, after: [] };
    return { id, name, kind: "task", duration: 1, ...empty, ...values };
}

let data, batches;

beforeEach(() => {
    batches = [];
    data = {
        id: 7,
        revision: 3,
        editable: true,
        planned_start: false,
        calendar: { weekdays: [0, 1, 2, 3, 4], holidays: [] },
        items: [
            item(1, "Design", { kind: "phase", duration: 0 }),
            item(2, "Survey", { parent_id: 1, duration: 3 }),
            item(3, "Model", { parent_id: 1, duration: 5, after: [[2, 0]] }),
            item(4, "Approved", { parent_id: 1, kind: "milestone", duration: 0, after: [[3, 0]] }),
            item(5, "Build", { duration: 2 }),
        ],
        roles: [],
        workload: [],
        totals: {},
    };
    onRpc("quote.estimate", "get_editor_data", () => data);
    onRpc("quote.estimate", "apply_plan", ({ args }) => {
        batches.push(args[1]);
        const created = args[1].filter(({ op }) => op === "create");
        const ids = Object.fromEntries(created.map(({ key }, index) => [key, 100 + index]));
        return { revision: args[2] + 1, ids, slots: {}, workload: [], totals: {} };
    });
});

async function mountPlan() {
    await mountView({
        type: "form",
        resModel: "quote.estimate",
        resId: 7,
        arch: `<form>
            <field name="name"/><field name="total_days"/><field name="planned_start"/>
            <widget name="quote_plan_editor"/>
        </form>`,
    });
    await animationFrame();
}

/** Wait for the batch to be written. */
async function save() {
    await advanceTime(500);
    await animationFrame();
}

function bar(name) {
    return `.o_plan_chart [aria-label^="${name},"]`;
}

function cell(name, column) {
    return `.o_plan_row:contains(${name}) .o_plan_${column}`;
}

function getNames() {
    const rows = [...document.querySelectorAll(".o_plan_row:not([hidden])")];
    const place = (row) => Number(row.getAttribute("aria-rowindex"));
    return rows
        .sort((a, b) => place(a) - place(b))
        .map((row) => {
            const name = row.querySelector(".o_plan_name").textContent;
            return "> ".repeat(Number(row.getAttribute("aria-level")) - 1) + name;
        });
}

async function drag(from, fromX, to, toX) {
    const { height } = queryRect(from);
    const at = (x) => ({ position: { x, y: height / 2 }, relative: true });
    const { moveTo, drop } = await contains(from).drag(at(fromX));
    await moveTo(to, { position: { x: toX, y: queryRect(to).height / 2 }, relative: true });
    await drop();
    await animationFrame();
}

test("the plan is a tree with a Gantt", async () => {
    await mountPlan();
    expect(getNames()).toEqual([
        "Design",
        "> Survey",
        "> Model",
        "> Approved",
        "Build",
        "Type to add a row",
    ]);
    expect(".o_plan_scroll").toHaveAttribute("role", "treegrid");
    expect(queryAllTexts(cell("Model", "after"))).toEqual(["2"]);
    expect(bar("Model")).toHaveAttribute("aria-label", "Model, Task, D4 to D8, critical");
    expect(bar("Build")).toHaveAttribute("aria-label", "Build, Task, D1 to D2, 6 days of slack");
    expect(bar("Model")).toHaveClass("o_critical");
    await contains(".o_plan_critical").click();
    expect(bar("Model")).not.toHaveClass("o_critical");
});

test("rows are typed one after the other, and are written in one batch", async () => {
    await mountPlan();
    await contains(cell("Type to add", "name")).click();
    await edit("Tests");
    await press("Enter");
    await edit("Training");
    await press("Enter");
    await press("Escape");
    expect(getNames().slice(4)).toEqual(["Build", "Tests", "Training", "Type to add a row"]);
    await save();
    expect(batches.flat().map(({ op, vals }) => [op, vals.name])).toEqual([
        ["create", "Tests"],
        ["create", "Training"],
    ]);
    expect(".o_plan_status").toHaveText("Saved");
});

test("what is typed goes into the phase above it", async () => {
    await mountPlan();
    await contains(cell("Type to add", "name")).click();
    // The task above becomes a phase with what is inside.
    await press("Tab");
    await edit("Portal");
    await press("Enter");
    await press("Escape");
    await animationFrame();
    expect(getNames().slice(4)).toEqual(["Build", "> Portal", "> Type to add a row"]);
    expect(".o_plan_row:contains(Build)").toHaveClass("o_plan_kind_phase");
    await press("ctrl+z");
    await animationFrame();
    expect(".o_plan_row:contains(Build)").toHaveClass("o_plan_kind_task");
});

test("rows are indented, outdented and put in another order by keyboard", async () => {
    await mountPlan();
    await contains(cell("Build", "number")).click();
    await press("Tab");
    await animationFrame();
    expect(getNames()[4]).toBe("> Build");
    await press("shift+Tab");
    await animationFrame();
    expect(getNames()[4]).toBe("Build");
    await press("alt+ArrowUp");
    await animationFrame();
    expect(getNames().slice(0, 2)).toEqual(["Build", "Design"]);
    await press("ctrl+z");
    await animationFrame();
    expect(getNames().slice(0, 2)).toEqual(["Design", "> Survey"]);
    await press("ctrl+y");
    await animationFrame();
    expect(getNames().slice(0, 2)).toEqual(["Build", "Design"]);
    await save();
    expect(batches.flat().at(-1)).toEqual({ op: "order", refs: [5, 1, 2, 3, 4] });
});

test("a task dragged to the right starts later, and takes what follows with it", async () => {
    await mountPlan();
    const day = queryRect(bar("Survey")).width / 3;
    await drag(bar("Survey"), day, bar("Survey"), 3 * day);
    expect(bar("Survey")).toHaveAttribute("aria-label", "Survey, Task, D3 to D5, critical");
    expect(bar("Model")).toHaveAttribute("aria-label", "Model, Task, D6 to D10, critical");
    await save();
    expect(batches).toEqual([
        [{ op: "write", ref: 2, vals: { not_before: 2, not_before_date: false } }],
    ]);
    // What is dragged back to where it starts anyway has no wish any more.
    await press("ctrl+ArrowLeft");
    await press("ctrl+ArrowLeft");
    await save();
    expect(batches.at(-1)).toEqual([
        { op: "write", ref: 2, vals: { not_before: 0, not_before_date: false } },
    ]);
});

test("the edge of a bar changes the duration, keys do too", async () => {
    await mountPlan();
    const { width } = queryRect(bar("Survey"));
    await drag(bar("Survey"), width - 2, bar("Survey"), width + width / 3);
    expect(queryAllTexts(cell("Survey", "duration"))).toEqual(["4"]);
    await press("ctrl+shift+ArrowRight");
    await animationFrame();
    expect(queryAllTexts(cell("Survey", "duration"))).toEqual(["5"]);
    await save();
    expect(batches.flat()).toEqual([{ op: "write", ref: 2, vals: { duration: 5 } }]);
});

test("a line from one bar to another makes a dependency; a click and Delete remove it", async () => {
    await mountPlan();
    const { width } = queryRect(bar("Survey"));
    await drag(bar("Survey"), width + 10, bar("Build"), 5);
    expect(queryAllTexts(cell("Build", "after"))).toEqual(["2"]);
    await contains(".o_plan_row:contains(Build) .o_plan_after").click();
    await press("Enter");
    await edit("2+1, 3-2");
    await press("Enter");
    await animationFrame();
    expect(queryAllTexts(cell("Build", "after"))).toEqual(["2+1, 3-2"]);
    // The line comes down to the bar that waits.
    const position = { x: 5, y: -20 };
    await contains(bar("Build")).click({ position, relative: true });
    await animationFrame();
    await press("Delete");
    await save();
    expect(batches.flat().at(-1).vals.after).toHaveLength(1);
});

test("a link is made by keyboard, and one that goes in a circle is refused", async () => {
    await mountPlan();
    await contains(bar("Approved")).click();
    await press("l");
    await press("ArrowDown");
    await press("Enter");
    await animationFrame();
    expect(queryAllTexts(cell("Build", "after"))).toEqual(["4"]);
    expect("[aria-live]:contains(Build comes after Approved)").toHaveCount(1);
    await press("l");
    await press("ArrowUp");
    await press("ArrowUp");
    await press("Enter");
    await animationFrame();
    expect(".o_notification").toHaveText(/“Model” → “Approved” → “Build” → “Model”/);
    expect(queryAllTexts(cell("Model", "after"))).toEqual(["2"]);
});

test("what is typed wrong is said, and changes nothing", async () => {
    await mountPlan();
    await contains(cell("Survey", "duration")).click();
    await press("x");
    await press("Enter");
    await animationFrame();
    expect(".o_notification").toHaveText(/“x” is no number of days/);
    await contains(cell("Model", "after")).click();
    await press("F2");
    await edit("99");
    await press("Enter");
    await animationFrame();
    expect(queryAllTexts(cell("Model", "after"))).toEqual(["2"]);
    await save();
    expect(batches).toEqual([]);
});

test("several rows are selected and deleted at once", async () => {
    await mountPlan();
    await contains(cell("Survey", "number")).click();
    await press("shift+ArrowDown");
    await press("Delete");
    await animationFrame();
    expect(getNames().slice(0, 3)).toEqual(["Design", "> Approved", "Build"]);
    await press("ctrl+z");
    await animationFrame();
    expect(getNames().slice(0, 4)).toEqual(["Design", "> Survey", "> Model", "> Approved"]);
});

test("phases fold", async () => {
    await mountPlan();
    await contains(cell("Design", "name")).click({ position: { x: 10, y: 10 }, relative: true });
    await animationFrame();
    expect(getNames()).toEqual(["Design", "Build", "Type to add a row"]);
    expect(".o_plan_row:contains(Design)").toHaveAttribute("aria-expanded", "false");
});

test("only rows on the screen are drawn", async () => {
    data.items = [];
    for (let id = 1; id <= 2000; id++) {
        data.items.push(item(id, `Task ${id}`, { after: id > 1 && id % 9 ? [[id - 1, 0]] : [] }));
    }
    await mountPlan();
    expect(document.querySelectorAll(".o_plan_editor *").length).toBeLessThan(400);
    const root = queryFirst(".o_plan_scroll");
    root.scrollTop = 30000;
    await animationFrame();
    await animationFrame();
    expect(getNames()).toInclude("Task 1001");
    expect(document.querySelectorAll(".o_plan_editor *").length).toBeLessThan(400);
});

test("readers read", async () => {
    data.editable = false;
    await mountPlan();
    expect(getNames()).not.toInclude("Type to add a row");
    expect(".o_plan_add").toHaveCount(0);
    await contains(bar("Survey")).click();
    await press("Delete");
    await press("ctrl+ArrowRight");
    const { width } = queryRect(bar("Survey"));
    await drag(bar("Survey"), width - 2, bar("Survey"), 2 * width);
    expect(bar("Survey")).toHaveAttribute("aria-label", "Survey, Task, D1 to D3, critical");
    await save();
    expect(batches).toEqual([]);
});

test("an empty plan invites to begin; the details of a row are kept in one step", async () => {
    data.items = [];
    await mountPlan();
    expect(".o_plan_empty").toHaveCount(1);
    await contains(".o_plan_empty button").click();
    await edit("Design");
    await press("Enter");
    await press("Escape");
    await animationFrame();
    expect(".o_plan_empty").toHaveCount(0);
    await contains(cell("Design", "number")).click();
    await press("alt+Enter");
    await animationFrame();
    await contains(".o_plan_item select").select("deliverable");
    await contains(".o_plan_item textarea:last").edit("Signed by the client");
    await contains(".o_plan_item_save").click();
    await save();
    const [create, write] = batches.flat();
    expect(create.vals.kind).toBe("phase");
    expect(write.vals).toEqual({
        kind: "deliverable",
        acceptance_criteria: "Signed by the client",
    });
});

test("with a start, days are dates and the calendar is seen", async () => {
    data.planned_start = "2026-11-26";
    data.calendar.holidays = ["2026-11-30"];
    await mountPlan();
    // Thursday and Friday, then neither the week end nor the holiday
    expect(bar("Survey")).toHaveAttribute("aria-label", /Nov 26 to Dec 1/);
    expect(queryFirst(".o_plan_layer_off").getAttribute("d")).not.toBe("");
});

test("what waits is written before the form is saved", async () => {
    await mountPlan();
    await contains(bar("Build")).click();
    await press("ctrl+shift+ArrowRight");
    await contains(".o_field_widget[name=name] input").edit("S00043");
    await contains(".o_form_button_save").click();
    expect(batches.flat()).toEqual([{ op: "write", ref: 5, vals: { duration: 3 } }]);
});
