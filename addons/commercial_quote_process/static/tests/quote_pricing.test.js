import { expect, test } from "@odoo/hoot";
import { click, edit, press, queryAllTexts, queryFirst } from "@odoo/hoot-dom";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

const ROWS = [
    {
        key: "service:1:0:0",
        kind: "service",
        name: "Design",
        phase: false,
        days: 8,
        price: 4000,
        is_typed: false,
        is_optional: false,
        may_be_optional: true,
        before: 3500,
        cost: 3000,
        cost_before: 2800,
        margin: 1000,
        margin_percent: 25,
    },
    {
        key: "service:2:0:0",
        kind: "service",
        name: "Build",
        phase: false,
        days: 14,
        price: 8000,
        is_typed: true,
        is_optional: false,
        may_be_optional: true,
        before: false,
        cost: 6000,
        cost_before: false,
        margin: 2000,
        margin_percent: 25,
    },
];
const TOTALS = {
    price: 12000,
    cost: 9000,
    margin: 3000,
    margin_percent: 25,
    floor: 10000,
    is_under_floor: false,
    days: 22,
    daily_price: 545.45,
    before: 3500,
    card_price: 15000,
    added_by_hand: 0,
    target_percent: 30,
    floor_percent: 10,
    with_options: false,
};

function getPreview(values = {}) {
    return {
        error: false,
        sees_costs: true,
        is_priced: true,
        rows: ROWS,
        gone: [],
        ...values,
        totals: { ...TOTALS, ...values.totals },
    };
}

class QuotePricing extends models.Model {
    _name = "quote.pricing";
    currency_id = fields.Many2one({ relation: "res.currency" });
    target_margin_percent = fields.Float({ onChange: () => {} });
    overrides = fields.Json({ onChange: () => {} });
    preview = fields.Json();
    _records = [
        {
            id: 1,
            currency_id: 1,
            target_margin_percent: 30,
            overrides: { "service:2:0:0": { price: 8000 } },
            preview: getPreview(),
        },
    ];
}

defineMailModels();
defineModels([QuotePricing]);

const ARCH = `
    <form>
        <field name="currency_id" invisible="1"/>
        <field name="preview" widget="quote_pricing_summary"/>
        <field name="target_margin_percent" widget="quote_live_float"/>
        <field name="overrides" widget="quote_pricing_lines"/>
    </form>`;

async function mountPricing(preview = getPreview()) {
    QuotePricing._records[0].preview = preview;
    await mountView({ resModel: "quote.pricing", type: "form", resId: 1, arch: ARCH });
}

const PRICE = "input[data-column=price]";

test("price, margin against the target and warning are read first", async () => {
    await mountPricing();
    expect(".o_quote_pricing_price").toHaveText(/12,000\.00/);
    expect(".o_quote_pricing_margin").toHaveText("25%");
    expect(".o_quote_pricing_summary .badge").toHaveText("Below the target");
    expect(".o_quote_pricing_summary .alert").toHaveCount(0);
});

test("a price under the floor warns", async () => {
    await mountPricing(getPreview({ totals: { is_under_floor: true } }));
    expect(".o_quote_pricing_margin").toHaveClass("text-danger");
    expect(".o_quote_pricing_summary .alert").toHaveText(/minimum margin/);
});

test("what cannot be reached is said", async () => {
    await mountPricing(getPreview({ error: "No way to a total of 5" }));
    expect(".o_quote_pricing_summary .alert-danger").toHaveText("No way to a total of 5");
});

test("lines show what the quote says today", async () => {
    await mountPricing(getPreview({ gone: [{ key: "x", name: "Tests", before: 900 }] }));
    expect(".o_quote_pricing_line").toHaveCount(2);
    expect(".o_quote_pricing_line:first s").toHaveText(/2,800/);
    expect(".o_quote_pricing_line:last .badge").toHaveText("New");
    expect("tr.text-danger").toHaveText(/Tests/);
});

test("whoever may not read costs sees prices only", async () => {
    const rows = ROWS.map(({ key, kind, name, days, price }) => ({
        ...{ key, kind, name, days, price, phase: false, before: false },
    }));
    const totals = { price: 12000, days: 22, daily_price: 545.45, card_price: 12000 };
    await mountPricing({ ...getPreview(), sees_costs: false, rows, totals });
    expect(".o_quote_pricing_margin").toHaveCount(0);
    expect(".o_quote_pricing_bar").toHaveCount(0);
    expect("input[data-column=margin]").toHaveCount(0);
    expect(queryAllTexts(".o_quote_pricing_facts dt")).toEqual([
        "Days",
        "Price per day",
        "Rate card",
    ]);
});

test("a price counts while it is typed, and keeps its text", async () => {
    onRpc("quote.pricing", "onchange", ({ args }) => {
        expect.step(JSON.stringify(args[1].overrides["service:1:0:0"]));
        return { value: { preview: getPreview({ totals: { price: 12500 } }) } };
    });
    await mountPricing();
    await click(PRICE);
    await edit("4500", { confirm: false });
    expect.verifySteps([]);
    await advanceTime(300);
    await animationFrame();
    expect.verifySteps(['{"price":4500}']);
    expect(".o_quote_pricing_price").toHaveText(/12,500/);
    expect(queryFirst(PRICE)).toHaveValue("4500");
});

test("a margin typed replaces a price typed before", async () => {
    onRpc("quote.pricing", "onchange", ({ args }) => {
        expect.step(JSON.stringify(args[1].overrides["service:2:0:0"]));
        return { value: {} };
    });
    await mountPricing();
    await click("tr:nth-child(2) input[data-column=margin]");
    await edit("40", { confirm: false });
    await advanceTime(300);
    await animationFrame();
    expect.verifySteps(['{"margin":40}']);
});

test("the arrows lead from line to line", async () => {
    await mountPricing();
    await click(PRICE);
    await press("ArrowDown");
    expect("tr:nth-child(2) " + PRICE).toBeFocused();
    await press("ArrowUp");
    expect("tr:nth-child(1) " + PRICE).toBeFocused();
});

test("a line goes back to its computed price, or becomes an option", async () => {
    onRpc("quote.pricing", "onchange", ({ args }) => {
        expect.step(JSON.stringify(args[1].overrides));
        return { value: {} };
    });
    await mountPricing();
    await contains(".o_quote_pricing_line .fa-undo").click();
    await contains("tr:nth-child(1) input[type=checkbox]").click();
    expect.verifySteps(["{}", '{"service:1:0:0":{"optional":true}}']);
});

test("the target margin counts while it is typed", async () => {
    onRpc("quote.pricing", "onchange", ({ args }) => {
        expect.step(`margin ${args[1].target_margin_percent}`);
        return { value: {} };
    });
    await mountPricing();
    await click("[name=target_margin_percent] input");
    await edit("27 and", { confirm: false });
    await advanceTime(300);
    await edit("27.5", { confirm: false });
    await advanceTime(300);
    await animationFrame();
    expect.verifySteps(["margin 27.5"]);
    expect("[name=target_margin_percent] input").toHaveValue("27.5");
});
