import { expect, test } from "@odoo/hoot";
import { click, edit, press, queryAllTexts, queryFirst } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    getService,
    makeServerError,
    mountWebClient,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { registry } from "@web/core/registry";
import { QuoteDecision } from "@commercial_quote_process/quote_decision/quote_decision";

defineMailModels();

// The screen itself, without the bundle that brings it to a browser.
registry.category("actions").add("quote_decision_test", QuoteDecision);

const ROW = {
    id: 1,
    rule: "Low margin",
    round: 1,
    reason: "Margin of 27.0 %, below 30.0 %",
    state: "pending",
    state_label: "Waiting",
    is_kept: false,
    people: "Sophie Delmas",
    person: "",
    on_behalf_of: "",
    decided_on: "",
    comment: "",
    part: "",
    closed_reason: "",
};
const FIGURES = {
    currency_id: 1,
    amount: 18000,
    total: 21600,
    discount: 5,
    days: 24,
    cost: 13140,
    margin: 4860,
    margin_percent: 27,
    target_percent: 30,
    floor_percent: 10,
    floor: 14600,
    is_under_floor: false,
    contingency: 4,
};

function getData(values = {}) {
    return {
        id: 7,
        name: "S00007",
        client: "Ville de Bressac",
        title: "Town archives",
        step: "validation",
        step_label: "Validation",
        fingerprint: "aaa",
        can_decide: true,
        reason: "",
        figures: FIGURES,
        facts: {
            plan_days: 18,
            plan_weeks: 4,
            plan_end: false,
            payment_term: "30 days",
            is_payment_term_usual: true,
            requirement_count: 3,
            unmet: [
                { name: "1. Speed", answer: "Partly compliant", level: "partial", comment: "" },
            ],
        },
        deadline: false,
        is_overdue: false,
        standing: [ROW],
        changes: [{ title: "Since V1 was sent", sentences: ["Price: 1 to 2", "A task more"] }],
        changed: false,
        requests: [{ asked_by: "Claire Morel", asked_on: "2026-11-23 10:00:00", rows: [ROW] }],
        refusal: false,
        questions: [],
        owners: { technical: "Paul Lambert", commercial: "Claire Morel" },
        estimate_id: 3,
        queue: [7, 8],
        ...values,
    };
}

/** Mount the screen on what the server answers, one answer after the other. */
async function mountScreen(...answers) {
    const calls = [];
    onRpc("sale.order", "get_decision_data", ({ args, kwargs }) => {
        calls.push(["read", args[0][0], kwargs.seen]);
        return answers.length > 1 ? answers.shift() : answers[0];
    });
    for (const method of ["action_approve", "action_refuse", "action_ask_question"]) {
        onRpc("sale.order", method, ({ args, kwargs }) => {
            const { comment, fingerprint } = kwargs;
            calls.push([method, ...args.slice(1), { comment, fingerprint }]);
            return true;
        });
    }
    await mountWebClient();
    const action = { type: "ir.actions.client", tag: "quote_decision_test" };
    await getService("action").doAction(action, { props: { resId: 7 } });
    await animationFrame();
    return calls;
}

test("an approver reads figures, rules and changes, in that order", async () => {
    await mountScreen(getData());
    expect(".o_quote_decision h1").toHaveText("Ville de Bressac");
    expect(".o_quote_decision_figures").toHaveText(/27/);
    expect(".o_quote_decision_figures .badge:first").toHaveText("Below the target");
    expect(".o_quote_decision_rule").toHaveText(/below 30.0 %/);
    expect(queryAllTexts(".o_quote_decision_change")).toEqual(["Price: 1 to 2", "A task more"]);
    expect(".o_quote_decision_unmet summary").toHaveText(/1 of 3 requirements/);
});

test("without the right to costs no margin is on the screen", async () => {
    const { amount, currency_id, discount, total } = FIGURES;
    await mountScreen(getData({ figures: { amount, currency_id, discount, total } }));
    expect(".o_quote_decision_bar").toHaveCount(0);
    expect(queryFirst(".o_quote_decision_figures").textContent).not.toInclude("Margin");
});

test("an approval carries the comment and the fingerprint of the screen", async () => {
    const calls = await mountScreen(
        getData(),
        getData({ can_decide: false, reason: "Approved by you", step: "ready", queue: [8] }),
    );
    await click("button[name=approve]");
    await animationFrame();
    expect("textarea[name=comment]").toBeFocused();
    await edit("A fair margin");
    await contains("button[name=confirm]").click();
    await animationFrame();
    expect(calls).toEqual([
        ["read", 7, false],
        ["action_approve", { comment: "A fair margin", fingerprint: "aaa" }],
        ["read", 7, false],
    ]);
    expect(".o_quote_decision_panel").toHaveText(/Approved by you/);
    expect("button[name=next]").toHaveText("Next to decide (1)");
});

test("a refusal needs its reason and says which part", async () => {
    const calls = await mountScreen(getData());
    await contains("button[name=refuse]").click();
    expect("button[name=confirm]").not.toBeEnabled();
    await contains("input[name=part][value=technical]").click();
    await contains("textarea[name=reason]").edit("No time for the tests", { confirm: false });
    await press(["Control", "Enter"]);
    await animationFrame();
    expect(calls[1]).toEqual([
        "action_refuse",
        "No time for the tests",
        "technical",
        { comment: undefined, fingerprint: "aaa" },
    ]);
});

test("a question goes to the people chosen", async () => {
    const calls = await mountScreen(getData());
    await contains("button[name=ask]").click();
    await contains("input[name=ask_technical]").click();
    await contains("textarea[name=question]").edit("Why 24 days?");
    await contains("button[name=confirm]").click();
    await animationFrame();
    expect(calls[1].slice(0, 3)).toEqual(["action_ask_question", "Why 24 days?", "both"]);
    expect("button[name=approve]").toBeEnabled();
});

test("what changed meanwhile is shown, and what was typed is kept", async () => {
    await mountScreen(getData(), getData({ fingerprint: "bbb", changed: ["Total: 1 to 2"] }));
    onRpc("sale.order", "action_approve", () => {
        throw makeServerError({ message: "S00007 has changed since you opened it." });
    });
    await contains("button[name=approve]").click();
    await contains("textarea[name=comment]").edit("Fine");
    await contains("button[name=confirm]").click();
    await animationFrame();
    expect(".o_quote_decision_message").toHaveText(/has changed since you opened it/);
    expect(".o_quote_decision_message li").toHaveText("Total: 1 to 2");
    await contains("button[name=approve]").click();
    expect("textarea[name=comment]").toHaveValue("Fine");
});

test("people who may not decide read why, and have no button", async () => {
    await mountScreen(getData({ can_decide: false, reason: "You asked for it", queue: [] }));
    expect(".o_quote_decision_panel p").toHaveText("You asked for it");
    expect("button[name=approve]").toHaveCount(0);
    expect("button[name=list]").toHaveCount(1);
});
