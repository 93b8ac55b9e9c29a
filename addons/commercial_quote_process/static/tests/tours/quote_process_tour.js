/**
 * One deal by clicks, one tour per person: from the opportunity to the client's signature.
 */
import {
    addRole,
    addTour,
    choose,
    clickButton,
    confirmDecision,
    decide,
    editPlan,
    enterDays,
    open,
    save,
    typeRow,
} from "./quote_tour_steps";

addTour("quote_process_1_salesperson_scope", {
    steps: () => [
        {
            trigger: ".o_kanban_record:contains('Extension of the town archives')",
            run: "click",
        },
        clickButton("action_log_contact"),
        {
            trigger: ".modal .o_field_widget[name='no_specification'] input",
            run: "click",
        },
        { trigger: ".modal button[name='action_apply']", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        clickButton("action_sale_quotations_new"),
        ...choose("signer_id", "Julie Perrin"),
        ...choose("project_manager_id", "Paul Lambert"),
        {
            trigger: ".o_field_widget[name='scope_content'] .odoo-editor-editable",
            run: "editor Sort, digitise and publish the archives.",
        },
        clickButton("action_start_technical"),
        { trigger: ".o_field_widget[name='quote_turn_text']:contains('Paul Lambert')" },
    ],
});

addTour("quote_process_2_project_manager_estimate", {
    steps: () => [
        { trigger: ".o_kanban_record:contains('Ville de Bressac')", run: "click" },
        clickButton("action_start"),
        { trigger: ".o_statusbar_buttons button[name='action_ready']" },
        { trigger: ".o_plan_row.o_draft .o_plan_name", run: "click" },
        ...typeRow("Design"),
        { trigger: ".o_plan_input", run: "press Tab" },
        ...typeRow("Survey"),
        ...typeRow("Data model"),
        { trigger: ".o_plan_input", run: "press Escape" },
        { trigger: ".o_plan_add", run: "click" },
        { trigger: ".o-dropdown-item:contains('Milestone')", run: "click" },
        ...typeRow("Model approved"),
        { trigger: ".o_plan_input", run: "press Escape" },
        ...editPlan("Survey", "duration", "3"),
        ...editPlan("Data model", "duration", "5"),
        // What waits for what
        ...editPlan("Data model", "after", "2"),
        ...editPlan("Model approved", "after", "3"),
        { trigger: ".o_plan_status_saved" },
        ...open("workload"),
        ...addRole("Consultant"),
        ...enterDays(0, 0, "3"),
        ...addRole("Engineer"),
        ...enterDays(1, 1, "5"),
        ...open("costs"),
        {
            trigger: ".o_field_widget[name='cost_ids'] .o_field_x2many_list_row_add a",
            run: "click",
        },
        { trigger: ".o_selected_row .o_field_widget[name='name'] input", run: "edit Visits" },
        { trigger: ".o_selected_row .o_field_widget[name='unit_cost'] input", run: "edit 250" },
        ...save,
        clickButton("action_ready"),
        { trigger: ".o_arrow_button_current:contains('Handed over')" },
    ],
});

addTour("quote_process_3_salesperson_price", {
    steps: () => [
        { trigger: ".o_data_row:contains('Ville de Bressac') td[name='name']", run: "click" },
        clickButton("action_price"),
        {
            trigger: ".modal .o_field_widget[name='target_margin_percent'] input",
            run: "edit 25",
        },
        { trigger: ".modal .o_quote_pricing_margin:contains('25')" },
        { trigger: ".modal .o_quote_pricing_line:contains('Design')" },
        { trigger: ".modal button[name='action_apply']", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        clickButton("action_request_validation"),
        { trigger: ".o_arrow_button_current:contains('Validation')" },
    ],
});

addTour("quote_process_4_approver", {
    steps: () => [
        { trigger: ".o_data_row:contains('Ville de Bressac') td[name='name']", run: "click" },
        ...decide("approve"),
        {
            trigger: ".o_quote_decision_panel textarea[name='comment']",
            run: "edit A fair margin",
        },
        ...confirmDecision,
    ],
});

addTour("quote_process_5_salesperson_sends", {
    steps: () => [
        { trigger: ".o_data_row:contains('Ville de Bressac') td[name='name']", run: "click" },
        { trigger: "#quotation_send_primary:enabled", run: "click" },
        { trigger: ".modal button[name='action_send_mail']:enabled", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        { trigger: ".o_arrow_button_current:contains('Sent')" },
    ],
});
