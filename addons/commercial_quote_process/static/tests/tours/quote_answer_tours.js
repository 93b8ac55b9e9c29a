/**
 * The answers that send a quote back: the approver's refusal, the client's on a phone.
 */
import { registry } from "@web/core/registry";
import { fill, goTo, isClosed, openCard, openRow } from "./quote_tour_steps";

const tours = registry.category("web_tour.tours");
const CLIENT = "Ville de Bressac";

tours.add("quote_process_approver_refuses", {
    steps: () => [
        ...goTo(
            "sale.sale_menu_root",
            "sale.sale_order_menu",
            "commercial_quote_process.menu_to_validate"
        ),
        openRow(CLIENT),
        { trigger: ".o_statusbar_buttons button:contains('Refuse'):enabled", run: "click" },
        { trigger: ".modal input[data-value='technical']", run: "click" },
        fill("reason", "No time for the tests", ".modal"),
        { trigger: ".modal button[name='action_refuse']", run: "click" },
        isClosed(),
        { trigger: ".o_field_widget[name='quote_turn_text']:contains('Paul Lambert')" },
    ],
});

tours.add("quote_process_project_manager_reads_refusal", {
    steps: () => [
        ...goTo("project.menu_main_pm", "commercial_quote_process.menu_estimates"),
        openCard(CLIENT),
        { trigger: ".o-mail-Activity:contains('No time for the tests')" },
        { trigger: ".o_statusbar_buttons button[name='action_ready']:enabled" },
    ],
});

tours.add("quote_process_client_asks_for_changes", {
    steps: () => [
        { trigger: "body[is-ready=true]" },
        { trigger: "a[data-bs-target='#modalchanges']:visible", run: "click" },
        { trigger: "#modalchanges.show textarea", run: "edit Publish the maps as well" },
        {
            trigger: "#modalchanges button[type='submit']",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: ".alert:contains('You will receive a new version')" },
    ],
});

tours.add("quote_process_client_declines", {
    steps: () => [
        { trigger: "body[is-ready=true]" },
        { trigger: "a[data-bs-target='#modaldecline']:visible", run: "click" },
        {
            trigger: "#modaldecline.show #offer_decline_reason",
            run: "selectByLabel The price is too high",
        },
        { trigger: "#modaldecline textarea", run: "edit The budget was cut" },
        {
            trigger: "#modaldecline button[type='submit']",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: ".alert:contains('Your answer has been recorded')" },
    ],
});
