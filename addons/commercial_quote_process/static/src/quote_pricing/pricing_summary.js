import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { useFigures } from "./format";

import { Component } from "@odoo/owl";

/** What is read first in a pricing: the price, the margin that it leaves, and whether that will do. */
export class PricingSummary extends Component {
    static template = "commercial_quote_process.PricingSummary";
    static props = { ...standardFieldProps };

    setup() {
        this.figures = useFigures(this);
    }

    get preview() {
        return this.props.record.data.preview || { rows: [], totals: {} };
    }

    get totals() {
        return this.preview.totals;
    }

    /** @returns {"danger"|"warning"|"success"} */
    get level() {
        const { is_under_floor, margin_percent, target_percent } = this.totals;
        if (is_under_floor) {
            return "danger";
        }
        // A margin that is written like the target has reached it.
        return margin_percent < target_percent - 0.05 ? "warning" : "success";
    }

    get verdict() {
        return {
            danger: _t("Under the floor price"),
            warning: _t("Below the target"),
            success: _t("On target"),
        }[this.level];
    }

    get before() {
        const { before, price } = this.totals;
        if (!this.preview.is_priced || before === price) {
            return "";
        }
        return _t("%(price)s today (%(change)s)", {
            price: this.figures.money(before),
            change: this.getChange(before, price),
        });
    }

    /** The price against the rate card: what a discount would say. */
    get card() {
        const { card_price, price } = this.totals;
        if (!card_price || card_price === price) {
            return this.figures.money(card_price);
        }
        return _t("%(price)s (%(change)s)", {
            price: this.figures.money(card_price),
            change: this.getChange(card_price, price),
        });
    }

    getChange(before, after) {
        if (!before) {
            return "";
        }
        const change = (100 * (after - before)) / before;
        return `${change > 0 ? "+" : ""}${this.figures.percent(change)}`;
    }

    get facts() {
        const { added_by_hand, cost, daily_price, days, floor } = this.totals;
        const { figures } = this;
        const costs = [
            [_t("Cost"), figures.money(cost)],
            [_t("Floor price"), figures.money(floor)],
        ];
        return [
            ...(this.preview.sees_costs ? costs : []),
            [_t("Days"), figures.days(days)],
            [_t("Price per day"), figures.money(daily_price)],
            [_t("Rate card"), this.card],
            ...(added_by_hand ? [[_t("Lines added by hand"), figures.money(added_by_hand)]] : []),
        ];
    }

    /** What the price would be if the client took every option. */
    get withOptions() {
        const { with_options } = this.totals;
        const price = this.figures.money(with_options.price);
        if (!this.preview.sees_costs) {
            return _t("With all options: %(price)s", { price });
        }
        return _t("With all options: %(price)s, margin %(margin)s, floor price %(floor)s", {
            price,
            margin: this.figures.percent(with_options.margin_percent),
            floor: this.figures.money(with_options.floor),
        });
    }

    get warning() {
        const { is_under_floor, with_options } = this.totals;
        if (is_under_floor) {
            return _t(
                "This price leaves less than the company's minimum margin: its approver will see that.",
            );
        }
        return with_options?.is_under_floor
            ? _t("With all options, the price is under the company's floor price.")
            : "";
    }

    /** Where margin, target and floor stand on the bar, in percent of its length. */
    get marks() {
        const { floor_percent, margin_percent, target_percent } = this.totals;
        const end = Math.max(40, 1.3 * target_percent, margin_percent);
        const place = (value) => `${Math.min(100, Math.max(0, (100 * value) / end))}%`;
        return {
            margin: place(margin_percent),
            target: place(target_percent),
            floor: place(floor_percent),
        };
    }
}

/** What stands behind the price; on a phone it comes after the lines. */
export class PricingFacts extends PricingSummary {
    static template = "commercial_quote_process.PricingFacts";
}

registry.category("fields").add("quote_pricing_facts", {
    component: PricingFacts,
    supportedTypes: ["json"],
});

registry.category("fields").add("quote_pricing_summary", {
    component: PricingSummary,
    supportedTypes: ["json"],
});
