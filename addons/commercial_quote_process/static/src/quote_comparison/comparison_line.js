import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";

/** One line of the quote in both versions: what it says, and what it brings in each. */
export class ComparisonLine extends Component {
    static template = "commercial_quote_process.ComparisonLine";
    static props = {
        line: {
            type: Object,
            shape: {
                key: String,
                sort: { validate: (sort) => ["line", "section", "note"].includes(sort) },
                state: {
                    validate: (state) => ["same", "changed", "added", "removed"].includes(state),
                },
                name: Object,
                before: { type: [Object, { value: null }] },
                after: { type: [Object, { value: null }] },
                difference: String,
            },
        },
        older: String,
        newer: String,
    };

    get mark() {
        return {
            added: { className: "fa fa-plus text-success", title: _t("Added") },
            removed: { className: "fa fa-minus text-danger", title: _t("Removed") },
            changed: { className: "fa fa-pencil text-warning-emphasis", title: _t("Changed") },
        }[this.props.line.state];
    }

    get sides() {
        const { line, older, newer } = this.props;
        return [
            { version: older, values: line.before, other: line.after },
            { version: newer, values: line.after, other: line.before },
        ];
    }

    /** @returns {boolean} whether how many, and at which price, says more than the amount */
    hasDetail({ values, other }) {
        return !values.is_plain || Boolean(other?.amount && !other.is_plain);
    }

    /** @returns {boolean} whether a value of one side is another one than on the other side */
    isOther({ values, other }, name) {
        return Boolean(other) && values[name] !== other[name];
    }
}
