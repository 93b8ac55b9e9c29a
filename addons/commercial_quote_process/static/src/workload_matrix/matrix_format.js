import { formatCurrency } from "@web/core/currency";
import { _t } from "@web/core/l10n/translation";
import { formatFloat } from "@web/core/utils/numbers";

/** Numbers and sentences of the matrix, in the user's language. */
export class MatrixFormat {
    /**
     * @param {EstimateStore} store
     */
    constructor(store) {
        this.store = store;
    }

    /** Days without needless zeros; nothing for none. */
    days(days) {
        return days ? formatFloat(days, { digits: [16, 2], trailingZeros: false }) : "";
    }

    /** An amount under a head that names the currency. */
    amount(amount) {
        return formatCurrency(amount, this.store.currencyId, { noSymbol: true });
    }

    /** A rate, without needless zeros. */
    money(amount) {
        return formatCurrency(amount, this.store.currencyId, { trailingZeros: false });
    }

    /** Cost of a mean day. */
    average({ days, cost }) {
        return days ? this.amount(cost / days) : "";
    }

    averagePrice({ days, price }) {
        return days ? this.amount(price / days) : "";
    }

    /** @returns {string|undefined} what the mean of a cell comes from */
    title(cell) {
        if (!cell?.high) {
            return undefined;
        }
        return _t(
            "At best %(low)s, most likely %(likely)s, at worst %(high)s; spread %(spread)s days",
            {
                low: this.days(cell.low) || "0",
                likely: this.days(cell.likely) || "0",
                high: this.days(cell.high),
                spread: this.days((cell.high - cell.low) / 6) || "0",
            },
        );
    }

    /** @returns {string} what a day of a role costs, for those who may know */
    rateTitle(column) {
        const role = column.name;
        if (column.rateMissing) {
            return _t(
                "%(role)s: no rate is valid for this customer on this day. The rate card needs one" +
                    " before the technical part is ready.",
                { role },
            );
        }
        if (!this.store.seesCosts) {
            return role;
        }
        const cost = this.money(column.dailyCost);
        if (!this.store.seesPrices) {
            return _t("%(role)s: %(cost)s per day", { role, cost });
        }
        return _t("%(role)s: costs %(cost)s per day, sold at %(price)s", {
            role,
            cost,
            price: this.money(column.dailyPrice || 0),
        });
    }

    /** @returns {string} what the selected block adds up to */
    selection({ grid, range, cell }) {
        if (range.top === range.bottom && range.left === range.right) {
            return this.title(cell) || "";
        }
        const { count, days } = grid.sumRange(range);
        return _t("Filled cells selected: %(count)s, days: %(days)s", {
            count,
            days: this.days(days) || "0",
        });
    }

    get status() {
        return {
            saved: "",
            saving: _t("Saving…"),
            offline: _t("Offline: your changes are kept, and saved later."),
            error: _t("Not saved"),
        }[this.store.status];
    }
}
