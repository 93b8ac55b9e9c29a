import { expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { contains, defineModels, fields, models, mountView } from "@web/../tests/web_test_helpers";

class Item extends models.Model {
    _name = "item";

    name = fields.Char();
    kind = fields.Selection({
        selection: [
            ["phase", "Phase"],
            ["task", "Task"],
            ["milestone", "Milestone"],
        ],
    });
    parent_id = fields.Many2one({ relation: "item" });

    _records = [
        { id: 1, name: "Design", kind: "phase" },
        { id: 2, name: "Survey", kind: "task", parent_id: 1 },
        { id: 3, name: "Approved", kind: "milestone", parent_id: 1 },
        { id: 4, name: "Alone", kind: "task" },
    ];
}
defineMailModels();
defineModels([Item]);

async function mountPlan() {
    await mountView({
        type: "list",
        resModel: "item",
        arch: `<list editable="bottom"><field name="name" widget="quote_plan_item_name"/></list>`,
    });
}

test("kinds have their icon, and what is inside a phase is set to the right", async () => {
    await mountPlan();
    expect(queryAllTexts(".o_data_row")).toEqual(["Design", "Survey", "Approved", "Alone"]);
    expect(".o_data_row .ps-4").toHaveCount(2);
    expect(".o_data_row:eq(0) .fa-folder-open-o").toHaveAttribute("title", "Phase");
    expect(".o_data_row:eq(2) .fa-flag-checkered").toHaveAttribute("title", "Milestone");
    expect(".o_data_row:eq(1) .fa").toHaveCount(0);
});

test("the name is edited in its place", async () => {
    await mountPlan();
    await contains(".o_data_row:eq(1) .o_data_cell").click();
    await contains(".o_field_widget[name=name] input").edit("Inventory");
    await contains(".o_control_panel").click();
    expect(".o_data_row:eq(1)").toHaveText("Inventory");
});
