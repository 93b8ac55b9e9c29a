import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useBus } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { formatFloat } from "@web/views/fields/formatters";
import { parseFloat } from "@web/views/fields/parsers";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { useFigures } from "./format";
import { TYPING_DELAY } from "./live_number_field";

import { Component, useState } from "@odoo/owl";

const COLUMNS = ["price", "margin"];

/**
 * The lines of the quote as they would be. A price or a margin may be typed in each of them; the
 * decisions go into the field `overrides` of the record, by key of a line, and the server answers
 * with a new preview.
 */
export class PricingLines extends Component {
    static template = "commercial_quote_process.PricingLines";
    static props = { ...standardFieldProps };

    setup() {
        this.figures = useFigures(this);
        // The cell that a person is typing in keeps its text whatever the server answers.
        this.typing = useState({ key: null, column: null, text: "" });
        this.commitSoon = useDebounced(() => this.commit(), TYPING_DELAY);
        useBus(this.props.record.model.bus, "NEED_LOCAL_CHANGES", (ev) =>
            ev.detail.proms.push(this.commit()),
        );
    }

    get preview() {
        return this.props.record.data.preview || { rows: [], gone: [], totals: {} };
    }

    get rows() {
        let phase = false;
        return this.preview.rows.map((row) => {
            const isFirst = row.phase !== phase;
            phase = row.phase;
            return { ...row, heading: isFirst && row.phase };
        });
    }

    get hasBefore() {
        return this.preview.is_priced;
    }

    // --- Cells

    getText(row, column) {
        const { typing } = this;
        if (typing.key === row.key && typing.column === column) {
            return typing.text;
        }
        const value = column === "price" ? row.price : row.margin_percent;
        return formatFloat(value, { digits: [16, column === "price" ? 2 : 1] });
    }

    getLabel(row, column) {
        return column === "price"
            ? _t("Price of %(line)s", { line: row.name })
            : _t("Margin of %(line)s, in percent", { line: row.name });
    }

    /** Whether a line changes what the quote says today. */
    isChanged(row) {
        return this.hasBefore && row.before !== row.price;
    }

    onInput(row, column, ev) {
        Object.assign(this.typing, { key: row.key, column, text: ev.target.value });
        this.commitSoon();
    }

    async onChange() {
        await this.commit();
        Object.assign(this.typing, { key: null, column: null, text: "" });
    }

    /** Enter and the arrows lead to the next line, as in a spreadsheet. */
    onKeydown(column, ev) {
        const step = { ArrowDown: 1, ArrowUp: -1, Enter: 1 }[ev.key];
        if (!step) {
            return;
        }
        ev.preventDefault();
        ev.stopPropagation();
        const table = ev.target.closest("table");
        const inputs = [...table.querySelectorAll(`input[data-column=${column}]`)];
        const next = inputs[inputs.indexOf(ev.target) + step];
        (next || ev.target).focus();
        (next || ev.target).select();
    }

    async commit() {
        const { column, key, text } = this.typing;
        if (key === null) {
            return;
        }
        let value;
        try {
            value = parseFloat(text, { allowOperation: true });
        } catch {
            return;
        }
        const row = this.preview.rows.find((other) => other.key === key);
        const shown = column === "price" ? row?.price : row?.margin_percent;
        const wish = this.getWish(key);
        if (!Number.isFinite(value) || wish[column] === value) {
            return;
        }
        if (!COLUMNS.some((name) => name in wish) && Math.abs(value - shown) < 0.005) {
            return;
        }
        const { optional } = wish;
        await this.setWish(key, { ...(optional && { optional }), [column]: value });
    }

    // --- Decisions

    getWish(key) {
        return (this.props.record.data.overrides || {})[key] || {};
    }

    setWish(key, wish) {
        const overrides = { ...this.props.record.data.overrides };
        if (Object.keys(wish).length) {
            overrides[key] = wish;
        } else {
            delete overrides[key];
        }
        return this.props.record.update({ overrides });
    }

    /** Give a line back to the method. */
    release(row) {
        const { optional } = this.getWish(row.key);
        return this.setWish(row.key, optional ? { optional } : {});
    }

    toggleOption(row) {
        const { optional, ...wish } = this.getWish(row.key);
        return this.setWish(row.key, optional ? wish : { ...wish, optional: true });
    }
}

registry.category("fields").add("quote_pricing_lines", {
    component: PricingLines,
    supportedTypes: ["json"],
    fieldDependencies: [
        { name: "currency_id", type: "many2one" },
        { name: "preview", type: "json" },
    ],
});
