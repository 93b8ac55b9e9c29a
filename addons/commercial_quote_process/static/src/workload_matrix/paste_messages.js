import { _t } from "@web/core/l10n/translation";

/**
 * @param {WorkloadGrid} grid
 * @param {{task: number, column: number, text: string}} cell what is no number of days
 * @returns {string}
 */
export function getInvalidMessage(grid, { task, column, text }) {
    return _t(
        "Nothing was pasted: “%(text)s”, for “%(task)s” and “%(role)s”, is no number of days.",
        {
            text: text.slice(0, 40),
            task: grid.tasks[task].name,
            role: grid.columns[column].name,
        },
    );
}

/**
 * @param {{lostRows: number, lostColumns: number}} lost how much of a block had no place
 * @returns {string}
 */
export function getLostMessage({ lostRows, lostColumns }) {
    const values = { rows: lostRows, columns: lostColumns };
    if (!lostColumns) {
        return _t("There are too few tasks: the last rows (%(rows)s) were left out.", values);
    }
    if (!lostRows) {
        return _t(
            "There are too few roles: the last columns (%(columns)s) were left out. Add roles," +
                " then paste again.",
            values,
        );
    }
    return _t(
        "The block is larger than the matrix: its last rows (%(rows)s) and its last columns" +
            " (%(columns)s) were left out.",
        values,
    );
}
