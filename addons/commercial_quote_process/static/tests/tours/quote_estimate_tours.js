/**
 * The estimate by mouse and keyboard, as its project manager; then its price, as the salesperson.
 */
import {
    addRole,
    addTour,
    clickButton,
    dragBar,
    editPlan,
    getDaysCell,
    goTo,
    open,
    pasteDays,
    pressInPlan,
    save,
    typeDurations,
    typePhase,
    typeRow,
} from "./quote_tour_steps";

const WORKLOAD = [
    "3\t",
    "2\t1,5",
    "1\t5",
    "\t4",
    "\t6",
    "2\t8",
    "\t5",
    "2",
    "3",
    "\t3",
    "1\t4",
    "1",
];

const plan = [
    { trigger: ".o_plan_expand", run: "click" },
    { trigger: ".o_plan_editor.o_plan_full" },
    { trigger: ".o_plan_row.o_draft .o_plan_name", run: "click" },
    ...typePhase("Design", true),
    ...["Survey", "Interviews", "Data model", "Model approved"].flatMap(typeRow),
    ...typePhase("Build"),
    ...["Storage", "Import", "Portal", "Search"].flatMap(typeRow),
    ...typePhase("Launch"),
    ...["Training", "Manual", "Migration", "Acceptance", "Go-live"].flatMap(typeRow),
    { trigger: ".o_plan_input", run: "press Escape" },
    ...goTo("Model approved"),
    pressInPlan("End"),
    pressInPlan("m"),
    ...typeDurations("Survey", ["3", "2", "5"]),
    ...typeDurations("Storage", ["4", "6", "8", "5"]),
    ...typeDurations("Training", ["2", "3", "3", "4", "1"]),
];

const dependencies = [
    // by keyboard: the row that comes before, then the one that comes after it
    ...goTo("Survey"),
    pressInPlan("Control+l"),
    pressInPlan("ArrowDown"),
    pressInPlan("Enter"),
    { trigger: ".o_plan_row:contains('Interviews') .o_plan_after:contains('2')" },
    // by their numbers, with a lag
    ...editPlan("Data model", "after", "3"),
    ...editPlan("Model approved", "after", "4"),
    ...editPlan("Migration", "after", "8+2"),
    // by a line from one bar to another
    dragBar("Model approved", "connect", { row: "Storage" }),
    { trigger: ".o_plan_row:contains('Storage') .o_plan_after:contains('5')" },
    dragBar("Storage", "connect", { row: "Import" }),
    { trigger: ".o_plan_row:contains('Import') .o_plan_after:contains('7')" },
];

const gantt = [
    dragBar("Portal", "bar", { days: 4 }),
    dragBar("Search", "edge", { days: 3 }),
    { trigger: ".o_plan_row:contains('Search') .o_plan_duration:contains('8')" },
    ...goTo("Go-live"),
    pressInPlan("Control+Shift+ArrowRight"),
    { trigger: ".o_plan_row:contains('Go-live') .o_plan_duration:contains('2')" },
    pressInPlan("Control+z"),
    { trigger: ".o_plan_row:contains('Go-live') .o_plan_duration:contains('1')" },
    { trigger: ".o_plan_status_saved" },
    { trigger: ".o_plan_expand", run: "click" },
    { trigger: ".o_plan_editor:not(.o_plan_full)" },
];

const workload = [
    ...open("workload"),
    ...addRole("Consultant"),
    ...addRole("Engineer"),
    ...pasteDays(0, 0, WORKLOAD.join("\r\n")),
    { trigger: `${getDaysCell(11, 0)}:contains(1)` },
];

const travel = [
    ...open("costs"),
    { trigger: "button[name='action_add_travel']", run: "click" },
    { trigger: ".modal .o_field_widget[name='name'] input", run: "edit Visits" },
    { trigger: ".modal .o_field_widget[name='people'] input", run: "edit 2" },
    { trigger: ".modal .o_field_widget[name='trips'] input", run: "edit 3" },
    { trigger: ".modal .o_field_widget[name='transport_cost'] input", run: "edit 120" },
    { trigger: ".modal button[name='action_apply']", run: "click" },
    { trigger: ".o_field_widget[name='cost_ids'] .o_data_row:contains('720')" },
];

function answer(requirement, label, comment) {
    const list = ".o_field_widget[name='requirement_ids']";
    const field = (name) => `${list} .o_selected_row .o_field_widget[name='${name}']`;
    return [
        {
            trigger: `${list} .o_data_row:contains('${requirement}') td[name='compliance']`,
            run: "click",
        },
        { trigger: `${field("name")} textarea:value(${requirement})` },
        { trigger: `${field("compliance")} input`, run: "click" },
        { trigger: `.o_select_menu_item:contains(/^${label}$/)`, run: "click" },
        { trigger: `${field("comment")} textarea`, run: `edit ${comment}` },
    ];
}

addTour("quote_estimate_by_project_manager", {
    steps: () => [
        { trigger: ".o_kanban_record:contains('Ville de Bressac')", run: "click" },
        clickButton("action_start"),
        ...plan,
        ...dependencies,
        ...gantt,
        ...workload,
        ...travel,
        ...open("specification"),
        ...answer("Open formats", "Compliant", "PDF-A and TIFF"),
        ...answer("Hosting in France", "Partly compliant", "Backups in Belgium"),
        ...save,
        clickButton("action_ready"),
        { trigger: ".o_arrow_button_current:contains('Handed over')" },
    ],
});

addTour("quote_estimate_priced_by_salesperson", {
    steps: () => [
        { trigger: ".o_data_row:contains('Ville de Bressac') td[name='name']", run: "click" },
        clickButton("action_price"),
        {
            trigger: ".modal .o_field_widget[name='target_margin_percent'] input",
            run: "edit 30",
        },
        { trigger: ".modal .o_quote_pricing_margin:contains('30')" },
        // The price of one line is typed in the preview; margin and total follow.
        {
            trigger: ".modal .o_quote_pricing_line:contains('Launch') input[data-column='price']",
            run: "edit 9000",
        },
        { trigger: ".modal .o_quote_pricing_line:contains('Launch') button.fa-undo" },
        { trigger: ".modal button[name='action_apply']", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        ...open("order_lines"),
        { trigger: ".o_field_widget[name='order_line'] .o_data_row:contains('Launch')" },
    ],
});
