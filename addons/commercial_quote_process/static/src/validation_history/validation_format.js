import { deserializeDate, deserializeDateTime } from "@web/core/l10n/dates";
import {
    formatDate,
    formatDateTime,
    formatFloat,
    formatMonetary,
    formatPercentage,
} from "@web/views/fields/formatters";

/** @param {string} text a moment as the server writes it, or an empty text */
export function writeMoment(text) {
    return text ? formatDateTime(deserializeDateTime(text), { showSeconds: false }) : "";
}

/** @param {string} text a date as the server writes it, or an empty text */
export function writeDate(text) {
    return text ? formatDate(deserializeDate(text)) : "";
}

export function writeMoney(amount, currencyId) {
    return formatMonetary(amount || 0, { currencyId });
}

/** @param {number} value from 0 to 100 */
export function writePercent(value) {
    return formatPercentage((value || 0) / 100, { digits: [16, 1] });
}

export function writeNumber(value) {
    return formatFloat(value || 0, { digits: [16, 2], trailingZeros: false });
}
