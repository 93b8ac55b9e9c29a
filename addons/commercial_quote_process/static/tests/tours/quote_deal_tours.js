/**
 * One deal by clicks, one tour per part played: from a first contact to the client's signature.
 */
import { registry } from "@web/core/registry";
import {
    addRow,
    choose,
    clickButton,
    fill,
    goTo,
    isAt,
    isClosed,
    openCard,
    openRow,
    openTab,
    save,
    write,
} from "./quote_tour_steps";

const tours = registry.category("web_tour.tours");
const CLIENT = "Ville de Bressac";
const OFFERS = ["sale.sale_menu_root", "sale.sale_order_menu"];

function addItem(label, name, days) {
    return [
        ...addRow("item_ids", label),
        fill("name", name, ".o_selected_row"),
        ...(days ? [fill("duration", days, ".o_selected_row")] : []),
        ...save(),
    ];
}

function waitFor(name, previous) {
    return [
        { trigger: `.o_data_row:contains("${name}") td[name='depend_on_ids']`, run: "click" },
        ...choose("depend_on_ids", previous, ".o_selected_row"),
        { trigger: `.o_selected_row [name='depend_on_ids'] .o_tag:contains("${previous}")` },
        ...save(),
    ];
}

function addWorkload(item, role, days) {
    return [
        ...addRow("workload_ids"),
        ...choose("item_id", item, ".o_selected_row"),
        ...choose("role_id", role, ".o_selected_row"),
        fill("days", days, ".o_selected_row"),
        ...save(),
    ];
}

tours.add("quote_process_salesperson_scope", {
    steps: () => [
        ...goTo("crm.crm_menu_root", "crm.crm_menu_sales", "crm.sales_team_menu_team_pipeline"),
        openCard("Services"),
        { content: "The seven steps, and no other stage", trigger: ".o_kanban_group:count(7)" },
        { trigger: ".o-kanban-button-new", run: "click" },
        ...choose("commercial_partner_id", CLIENT, ".o_kanban_quick_create"),
        ...choose("partner_id", "Julie Perrin", ".o_kanban_quick_create"),
        fill("name", "Extension of the town archives", ".o_kanban_quick_create"),
        { trigger: ".o_kanban_quick_create .o_kanban_edit", run: "click" },
        isAt("Identification"),
        // The client wants an offer
        clickButton("action_log_contact"),
        { trigger: ".modal .o_field_widget[name='no_specification'] input", run: "click" },
        { trigger: ".modal button[name='action_apply']", run: "click" },
        isClosed(),
        clickButton("action_sale_quotations_new"),
        // Its scope
        fill("scope_agreed_on", "today"),
        ...choose("scope_agreed_with", "Julie Perrin"),
        ...choose("project_manager_id", "Paul Lambert"),
        fill("technical_deadline", "+10d"),
        write("scope_content", "Sort, digitise and publish the archives."),
        clickButton("action_start_technical"),
        isAt("Technical part"),
        { trigger: ".o_field_widget[name='quote_turn_text']:contains('Paul Lambert')" },
    ],
});

tours.add("quote_process_project_manager_estimate", {
    steps: () => [
        ...goTo("project.menu_main_pm", "commercial_quote_process.menu_estimates"),
        openCard(CLIENT),
        clickButton("action_start"),
        { trigger: ".o_statusbar_buttons button[name='action_ready']" },
        // The plan
        ...addItem("Add a phase", "Design"),
        ...addItem("Add a task", "Survey", "3"),
        ...addItem("Add a task", "Data model", "5"),
        ...addItem("Add a milestone", "Model approved"),
        ...waitFor("Data model", "Survey"),
        ...waitFor("Model approved", "Data model"),
        fill("planned_start", "+14d"),
        ...save(),
        // Who works on it, and what else it costs
        ...openTab("workload"),
        ...addWorkload("Survey", "Consultant", "3"),
        ...addWorkload("Data model", "Engineer", "5"),
        ...openTab("costs"),
        ...addRow("cost_ids"),
        fill("name", "Nights at the inn", ".o_selected_row"),
        fill("unit_cost", "257.31", ".o_selected_row"),
        ...save(),
        ...openTab("technical"),
        write("technical_content", "An open-source archive server."),
        clickButton("action_ready"),
        isAt("Ready"),
    ],
});

tours.add("quote_process_salesperson_price", {
    steps: () => [
        ...goTo(...OFFERS, "commercial_quote_process.menu_offers"),
        openRow(CLIENT),
        clickButton("action_price"),
        fill("target_margin_percent", "25 && press Tab", ".modal"),
        { trigger: ".modal .o_data_row:contains('Design')" },
        { trigger: ".modal .o_field_widget[name='margin_percent']:contains('25')" },
        { trigger: ".modal button[name='action_apply']", run: "click" },
        isClosed(),
        clickButton("action_request_validation"),
        isAt("Validation"),
    ],
});

tours.add("quote_process_approver_approves", {
    steps: () => [
        ...goTo(...OFFERS, "commercial_quote_process.menu_to_validate"),
        openRow(CLIENT),
        { trigger: ".o_statusbar_buttons button:contains('Approve'):enabled", run: "click" },
        { trigger: ".modal .o_field_widget[name='margin_percent']:contains('25')" },
        fill("comment", "A fair margin", ".modal"),
        { trigger: ".modal button[name='action_approve']", run: "click" },
        isClosed(),
        isAt("Ready to send"),
    ],
});

tours.add("quote_process_salesperson_sends", {
    steps: () => [
        ...goTo(...OFFERS, "commercial_quote_process.menu_offers"),
        openRow(CLIENT),
        { trigger: "#quotation_send_primary:enabled", run: "click" },
        { trigger: ".modal button[name='action_send_mail']:enabled", run: "click" },
        isClosed(),
        isAt("Sent"),
    ],
});

tours.add("quote_process_client_signs", {
    steps: () => [
        { trigger: "body[is-ready=true]" },
        { trigger: "#offer_scope:contains('Sort, digitise and publish')" },
        { trigger: "#offer_technical:contains('open-source archive server')" },
        { trigger: "#offer_plan svg" },
        { trigger: "#offer_milestones:contains('Model approved')" },
        { trigger: "a[data-bs-target='#modalaccept']:visible", run: "click" },
        { trigger: ".modal.show .o_web_sign_name_input:value('Julie Perrin')" },
        { trigger: ".modal.show canvas.o_web_sign_signature", run: "canvasNotEmpty" },
        { trigger: ".modal.show #offer_signer_function", run: "edit Directrice générale" },
        {
            content: "No signature without the general terms",
            trigger: ".modal.show .o_portal_sign_submit:disabled",
        },
        { trigger: ".modal.show #offer_terms_accepted", run: "click" },
        {
            trigger: ".modal.show .o_portal_sign_submit:enabled",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: ".alert:contains('Your signed copy is being prepared')" },
        { trigger: "body:not(:has(a[data-bs-target='#modalaccept']))" },
    ],
});
