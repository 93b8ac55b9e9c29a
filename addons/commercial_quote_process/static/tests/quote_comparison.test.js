import { beforeEach, expect, test } from "@odoo/hoot";
import { click, queryAllTexts, queryAllValues, select } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    makeMockEnv,
    mockService,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { getDefaultConfig } from "@web/views/view";
import { QuoteComparison } from "@commercial_quote_process/quote_comparison/quote_comparison";

defineMailModels();

const VERSIONS = [3, 2, 1].map((number) => ({
    id: number,
    name: number === 1 ? "S00042" : `S00042-V${number}`,
    step: number === 3 ? "sent" : "superseded",
    step_label: number === 3 ? "Sent" : "Replaced",
    kind: "",
    reason: number === 1 ? "" : "Price",
    note: "",
    date: "11/24/2026",
    is_sent: true,
    user: "Claire",
}));

function line(values) {
    return {
        key: "1-1",
        sort: "line",
        state: "same",
        name: "Survey",
        before: { quantity: "1 Days", price: "$ 100", discount: "", amount: "$ 100", taxes: "" },
        after: { quantity: "1 Days", price: "$ 100", discount: "", amount: "$ 100", taxes: "" },
        difference: "",
        ...values,
    };
}

function comparison(newer, older) {
    return {
        versions: VERSIONS,
        older,
        newer,
        sees_costs: true,
        can_restore: older < newer,
        figures: [
            {
                key: "amount_untaxed",
                label: "Untaxed Amount",
                before: "$ 100",
                after: "$ 150",
                difference: "+ $ 50",
                verdict: "",
                changed: true,
            },
        ],
        lines: [
            line({ key: "1-1" }),
            line({ key: "0-2", state: "added", name: "Training", before: null }),
            line({ key: "3-0", state: "removed", name: "Portal", after: null }),
        ],
        costs: [],
        plan: { before: "<svg id='a'></svg>", after: "<svg id='b'></svg>", changes: ["Longer"] },
        terms: [{ label: "Payment terms", before: "15 days", after: "15 days", changed: false }],
        requirements: [],
        texts: [
            {
                key: "scope_content",
                label: "Content of the service",
                changed: true,
                text: "<p>Same</p><p class='o_changed'><del>Two</del><ins>Three</ins> visits</p>",
            },
        ],
    };
}

beforeEach(() => {
    onRpc("sale.order", "get_comparison", ({ args }) => {
        const [[newer], older] = args;
        expect.step(`${older} - ${newer}`);
        return comparison(newer, older);
    });
});

async function open(older, newer) {
    await makeMockEnv({ config: getDefaultConfig() });
    await mountWithCleanup(QuoteComparison, {
        props: { action: {}, actionId: 1, resId: newer, otherId: older },
    });
}

test("differences only, then everything", async () => {
    await open(1, 3);
    expect.verifySteps(["1 - 3"]);
    expect(queryAllTexts(".o_quote_comparison_line .o_quote_comparison_name")).toEqual([
        "Training",
        "Portal",
    ]);
    expect(".o_quote_comparison_line.o_added").toHaveCount(1);
    expect(".o_quote_comparison_line.o_removed").toHaveCount(1);
    expect("section:contains('Terms') table").toHaveCount(0);
    expect(".o_quote_comparison_text ins").toHaveText("Three");
    expect(".o_quote_comparison_plan svg").toHaveCount(2);
    await contains("input[name='only_differences']").click();
    expect(".o_quote_comparison_line").toHaveCount(3);
    expect("section:contains('Terms') table").toHaveCount(1);
});

test("choosing versions, the same one twice included, and swapping them", async () => {
    await open(1, 3);
    const chosen = () => queryAllValues(".o_quote_comparison_header select");
    expect(chosen()).toEqual(["1", "3"]);
    await click("select[name='older']");
    await select("2");
    await animationFrame();
    expect(chosen()).toEqual(["2", "3"]);
    await click("select[name='older']");
    await select("3");
    await animationFrame();
    expect(chosen()).toEqual(["3", "2"]);
    expect("button[name='restore_older']").toHaveCount(0);
    await contains("button[name='swap']").click();
    expect(chosen()).toEqual(["2", "3"]);
    expect.verifySteps(["1 - 3", "2 - 3", "3 - 2", "2 - 3"]);
});

test("the older version is restored after a question", async () => {
    onRpc("sale.order", "action_restore_version", ({ args }) => {
        expect.step(`restore ${args[0][0]}`);
        return { type: "ir.actions.act_window", res_model: "sale.order", res_id: 4 };
    });
    mockService("action", {
        doAction: (action) => expect.step(`open ${action.res_id}`),
    });
    await open(2, 3);
    await contains("button[name='restore_older']").click();
    await contains(".modal .btn-primary").click();
    expect.verifySteps(["2 - 3", "restore 2", "open 4"]);
});

test("a link without its versions leads to the offers", async () => {
    mockService("action", {
        doAction: (action) => expect.step(action),
    });
    await open(false, false);
    expect.verifySteps(["commercial_quote_process.sale_order_action_offers"]);
});
