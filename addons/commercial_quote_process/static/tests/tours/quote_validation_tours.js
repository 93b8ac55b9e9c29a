/**
 * A validation that goes round twice, and versions that are compared: one tour per person.
 */
import {
    addTour,
    clickButton,
    confirmDecision,
    decide,
    editPlan,
    enterDays,
    open,
} from "./quote_tour_steps";

addTour("quote_validation_1_approver_refuses", {
    steps: () => [
        { trigger: ".o_data_row:contains('Ville de Bressac') td[name='name']", run: "click" },
        { trigger: ".o_quote_decision_rule:contains('One manager')" },
        ...decide("refuse"),
        {
            trigger: ".o_quote_decision_panel input[name='part'][value='technical']",
            run: "click",
        },
        {
            trigger: ".o_quote_decision_panel textarea[name='reason']",
            run: "edit Three days of survey are too few for five kilometres of shelves",
        },
        ...confirmDecision,
        { trigger: ".o_quote_decision_refusal:contains('five kilometres')" },
    ],
});

addTour("quote_validation_2_project_manager_corrects", {
    steps: () => [
        { trigger: ".o_kanban_record:contains('Ville de Bressac')", run: "click" },
        { trigger: ".o-mail-Activity:contains('five kilometres')" },
        ...editPlan("Survey", "duration", "6"),
        { trigger: ".o_plan_status_saved" },
        ...open("workload"),
        ...enterDays(0, 0, "6"),
        clickButton("action_ready"),
        { trigger: ".o_arrow_button_current:contains('Handed over')" },
    ],
});

addTour("quote_validation_3_salesperson_prices_again", {
    steps: () => [
        { trigger: ".o_data_row:contains('Ville de Bressac') td[name='name']", run: "click" },
        clickButton("action_price"),
        { trigger: ".modal .o_quote_pricing_margin:contains('30')" },
        { trigger: ".modal button[name='action_apply']", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        clickButton("action_request_validation"),
        { trigger: ".o_arrow_button_current:contains('Validation')" },
    ],
});

addTour("quote_validation_4_approver_sees_the_difference", {
    steps: () => [
        { trigger: ".o_data_row:contains('Ville de Bressac') td[name='name']", run: "click" },
        { trigger: ".o_quote_decision_refusal:contains('five kilometres')" },
        { trigger: ".o_quote_decision_change:contains('Survey'):contains('3'):contains('6')" },
        { trigger: ".o_quote_decision_change:contains('Total without taxes')" },
        ...decide("approve"),
        {
            trigger: ".o_quote_decision_panel textarea[name='comment']",
            run: "edit Six days: agreed",
        },
        ...confirmDecision,
        { trigger: ".o_quote_decision:contains('Ready to send')" },
    ],
});

/** Choose a version on one side of the comparison; the first one has no suffix. */
function compare(side, suffix) {
    const select = `.o_quote_comparison select[name='${side}']`;
    const pick = (node) =>
        [...node.options].find((option) =>
            suffix ? option.text.endsWith(suffix) : !option.text.includes("-V"),
        );
    return [
        {
            trigger: select,
            run() {
                this.anchor.value = pick(this.anchor).value;
                this.anchor.dispatchEvent(new Event("change", { bubbles: true }));
            },
        },
        {
            trigger: suffix
                ? `${select}:has(option:selected:contains('${suffix}'))`
                : `${select}:has(option:selected:not(:contains('-V')))`,
        },
    ];
}

addTour("quote_versions_compared_and_restored", {
    steps: () => [
        { trigger: ".o_arrow_button_current:contains('Sent')" },
        ...open("quote_versions"),
        { trigger: "button[name='action_compare_versions']:visible", run: "click" },
        ...compare("older", ""),
        ...compare("newer", "-V3"),
        { trigger: ".o_quote_comparison_line.o_changed" },
        { trigger: ".o_quote_comparison_figure:contains('35')" },
        { trigger: ".o_quote_comparison_text ins:contains('maps')" },
        ...compare("older", "-V2"),
        { trigger: ".o_quote_comparison button[name='restore_older']:enabled", run: "click" },
        { trigger: ".modal-footer .btn-primary", run: "click" },
        { trigger: ".o_form_view .o_field_widget[name='name']:contains('-V4')" },
    ],
});
