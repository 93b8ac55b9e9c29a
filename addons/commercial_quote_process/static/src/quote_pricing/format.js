import { formatFloat, formatMonetary, formatPercentage } from "@web/views/fields/formatters";

/**
 * How the components of a pricing write figures.
 *
 * @param {{ props: { record: { data: object } } }} component a field of the pricing
 */
export function useFigures(component) {
    return {
        money: (amount) =>
            formatMonetary(amount || 0, {
                currencyId: component.props.record.data.currency_id.id,
            }),
        /** @param {number} value from 0 to 100 */
        percent: (value) => formatPercentage((value || 0) / 100, { digits: [16, 1] }),
        days: (value) => formatFloat(value || 0, { digits: [16, 2], trailingZeros: false }),
    };
}
