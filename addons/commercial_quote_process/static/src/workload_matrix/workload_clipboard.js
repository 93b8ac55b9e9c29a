/**
 * Days as text: typed into a cell, copied to a spreadsheet, pasted from one. Nothing of Odoo is
 * used here.
 *
 * @typedef {Object} Separators
 * @property {string} [decimalPoint] of the user's language
 * @property {string} [thousandsSep]
 *
 * @typedef {Object} DaysValues what a `workload` command of `apply_plan` takes
 * @property {number} [days] or the three others
 * @property {number} [days_low]
 * @property {number} [days_likely]
 * @property {number} [days_high]
 */

export const MOST_DAYS = 9999;
/** Longest text that is read from the clipboard: many times the largest matrix. */
const LONGEST_TEXT = 1000000;

const BLANKS = /[\s'’]/g;
const DASHES = /^[-–—−]+$/;
const NUMBER = /^\d*([.,]\d*)*$/;

/** Whether digits before the decimals stand in groups of three, parted by a mark. */
function isGrouped(text, mark) {
    const [first, ...groups] = text.split(mark);
    return /^\d{1,3}$/.test(first) && groups.every((group) => /^\d{3}$/.test(group));
}

/**
 * Read a number of days as spreadsheets write it: decimal comma or point, thousands parted by
 * blanks, apostrophes, commas or points, a dash for nothing.
 *
 * A mark that stands once is the decimal one, "1.234" excepted where the language writes
 * thousands like that.
 *
 * @param {string} text
 * @param {Separators} [separators]
 * @returns {number} to the hundredth; NaN when it is no number from 0 to 9999
 */
export function parseNumber(text, { decimalPoint, thousandsSep } = {}) {
    const digits = text.replace(BLANKS, "");
    if (!digits || DASHES.test(digits)) {
        return 0;
    }
    if (!NUMBER.test(digits) || !/\d/.test(digits)) {
        return NaN;
    }
    const last = Math.max(digits.lastIndexOf("."), digits.lastIndexOf(","));
    let [whole, decimals] = [digits, ""];
    if (last >= 0) {
        const mark = digits[last];
        const other = mark === "." ? "," : ".";
        const isRepeated = digits.indexOf(mark) !== last;
        const isThousands =
            mark === thousandsSep &&
            mark !== decimalPoint &&
            /^[1-9]/.test(digits) &&
            isGrouped(digits, mark);
        if (isRepeated || isThousands) {
            if (digits.includes(other) || !isGrouped(digits, mark)) {
                return NaN;
            }
            whole = digits.split(mark).join("");
        } else {
            whole = digits.slice(0, last);
            decimals = digits.slice(last + 1);
            if (whole.includes(other)) {
                if (!isGrouped(whole, other)) {
                    return NaN;
                }
                whole = whole.split(other).join("");
            }
        }
    }
    const value = Math.round(Number(`${whole || 0}.${decimals || 0}`) * 100 + 1e-7) / 100;
    return value <= MOST_DAYS ? value : NaN;
}

/**
 * Read what was typed into a cell: days, or "low/likely/high".
 *
 * @param {string} text
 * @param {Separators} [separators]
 * @returns {DaysValues|null} null when it is neither
 */
export function parseDays(text, separators) {
    const parts = text.split("/");
    const numbers = parts.map((part) => parseNumber(part, separators));
    if (numbers.some(Number.isNaN)) {
        return null;
    }
    if (parts.length === 1) {
        return { days: numbers[0] };
    }
    const [low, likely, high] = numbers;
    if (parts.length !== 3 || parts.some((part) => !part.trim()) || low > likely || likely > high) {
        return null;
    }
    return high ? { days_low: low, days_likely: likely, days_high: high } : { days: 0 };
}

/**
 * @param {number} value
 * @param {Separators} [separators]
 * @returns {string} as a spreadsheet of the user's language reads it
 */
export function formatNumber(value, { decimalPoint = "." } = {}) {
    return String(Math.round(value * 100) / 100).replace(".", decimalPoint);
}

/**
 * @param {WorkloadCell|undefined} cell of the store
 * @param {Separators} [separators]
 * @returns {string} what is edited in the cell: its days, or "low/likely/high"
 */
export function formatCell(cell, separators) {
    if (!cell) {
        return "";
    }
    const numbers = cell.high ? [cell.low, cell.likely, cell.high] : [cell.days];
    return numbers.map((value) => formatNumber(value, separators)).join("/");
}

/**
 * @param {WorkloadCell|undefined} cell
 * @returns {DaysValues} what makes another cell like this one
 */
export function getCellValues(cell) {
    return cell?.high
        ? { days_low: cell.low, days_likely: cell.likely, days_high: cell.high }
        : { days: cell?.days || 0 };
}

/**
 * @param {string} text of the clipboard: rows in lines, cells parted by tabs
 * @returns {string[][]}
 */
export function splitBlock(text) {
    const lines = text.slice(0, LONGEST_TEXT).replace(/\r\n?/g, "\n").replace(/\n$/, "");
    return lines ? lines.split("\n").map((line) => line.split("\t")) : [];
}

/**
 * @param {string[][]} rows
 * @returns {string} as spreadsheets take it
 */
export function joinBlock(rows) {
    return rows.map((row) => row.join("\t")).join("\r\n");
}
