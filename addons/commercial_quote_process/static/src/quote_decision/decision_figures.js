import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import {
    writeDate,
    writeMoney,
    writeNumber,
    writePercent,
} from "../validation_history/validation_format";

const UNMET_TONES = { non_compliant: "danger", partial: "warning", to_answer: "secondary" };

/** The figures that an approver weighs; costs only when the server sent them. */
export class DecisionFigures extends Component {
    static template = "commercial_quote_process.DecisionFigures";
    static props = { figures: { type: Object }, facts: { type: Object } };

    setup() {
        this.writePercent = writePercent;
        this.unmetTones = UNMET_TONES;
    }

    money(amount) {
        return writeMoney(amount, this.props.figures.currency_id);
    }

    get seesCosts() {
        return "margin" in this.props.figures;
    }

    /** @returns {"danger"|"warning"|"success"} */
    get level() {
        const { is_under_floor, margin_percent, target_percent } = this.props.figures;
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

    /** Where margin, target and floor stand on the bar, in percent of its length. */
    get marks() {
        const { floor_percent, margin_percent, target_percent } = this.props.figures;
        const end = Math.max(40, 1.3 * target_percent, margin_percent);
        const place = (value) => `${Math.min(100, Math.max(0, (100 * value) / end))}%`;
        return {
            margin: place(margin_percent),
            target: place(target_percent),
            floor: place(floor_percent),
        };
    }

    get plan() {
        const { plan_days, plan_end, plan_weeks } = this.props.facts;
        if (!plan_days) {
            return "";
        }
        const length =
            plan_weeks === 1 ? _t("1 week") : _t("%(count)s weeks", { count: plan_weeks });
        return plan_end
            ? _t("%(length)s, until %(date)s", { length, date: writeDate(plan_end) })
            : length;
    }

    /** What else is worth a look: label, value, and a remark when it is out of the ordinary. */
    get facts() {
        const { contingency, days, discount, floor } = this.props.figures;
        const { is_payment_term_usual, payment_schedule, payment_term } = this.props.facts;
        const unusual = is_payment_term_usual ? "" : _t("not the client's usual ones");
        return [
            ...(days === undefined ? [] : [{ label: _t("Days"), value: writeNumber(days) }]),
            ...(this.plan ? [{ label: _t("Length of the plan"), value: this.plan }] : []),
            ...(this.seesCosts ? [{ label: _t("Floor price"), value: this.money(floor) }] : []),
            ...(this.seesCosts
                ? [{ label: _t("Contingency"), value: writePercent(contingency) }]
                : []),
            ...this.options,
            { label: _t("Largest discount"), value: writePercent(discount) },
            { label: _t("Payment terms"), value: payment_term || _t("None"), remark: unusual },
            ...(payment_schedule
                ? [{ label: _t("Payment schedule"), value: payment_schedule }]
                : []),
        ];
    }

    /** How far the price and the margin may go with the options that the client may take. */
    get options() {
        const { amount_with_options, lowest_margin_percent } = this.props.figures;
        if (amount_with_options === undefined) {
            return [];
        }
        const remark =
            lowest_margin_percent === undefined
                ? ""
                : _t("lowest margin %(margin)s", { margin: writePercent(lowest_margin_percent) });
        return [{ label: _t("With all options"), value: this.money(amount_with_options), remark }];
    }

    get requirementsTitle() {
        const { requirement_count, unmet } = this.props.facts;
        return _t("%(unmet)s of %(count)s requirements not fully met", {
            unmet: unmet.length,
            count: requirement_count,
        });
    }
}
