import { Component, useState } from "@odoo/owl";
import { useAutofocus } from "@web/core/utils/hooks";
import { getMean } from "../estimate_store/workload_document";
import { formatNumber, parseDays } from "./workload_clipboard";

/**
 * Days at best, most likely and at worst of one cell, with the mean and the spread they give.
 */
export class WorkloadPointsPopover extends Component {
    static template = "commercial_quote_process.WorkloadPointsPopover";
    static props = {
        title: String,
        /** The three numbers as text. */
        points: { type: Array, element: String },
        separators: Object,
        /** Gets "low/likely/high". */
        save: Function,
        close: { type: Function, optional: true },
    };

    setup() {
        const [low, likely, high] = this.props.points;
        this.state = useState({ low, likely, high });
        useAutofocus();
    }

    get text() {
        const { low, likely, high } = this.state;
        return [low, likely, high].join("/");
    }

    /** @returns {DaysValues|null} null while they are not in order */
    get values() {
        return parseDays(this.text, this.props.separators);
    }

    get mean() {
        const { days_low: low = 0, days_likely: likely = 0, days_high: high = 0 } = this.values;
        return formatNumber(getMean(low, likely, high), this.props.separators);
    }

    get spread() {
        const { days_low: low = 0, days_high: high = 0 } = this.values;
        return formatNumber((high - low) / 6, this.props.separators);
    }

    onSubmit() {
        if (this.values) {
            this.props.save(this.text);
            this.props.close();
        }
    }
}
