/**
 * What typing, pasting, filling and deleting in the matrix changes, as commands of `apply_plan`.
 * Nothing of Odoo is used here.
 */
import { getCellValues, joinBlock, parseDays, splitBlock } from "./workload_clipboard";

/** Whether a cell says already what it is to say. */
function isSame(cell, values) {
    const old = getCellValues(cell);
    return Object.keys(old).every((name) => old[name] === values[name]);
}

/**
 * @param {WorkloadGrid} grid
 * @param {{task: number, column: number, values: DaysValues}[]} changes
 * @returns {Object[]} commands, without those that change nothing
 */
export function makeCommands(grid, changes) {
    return changes
        .filter(({ task, column, values }) => !isSame(grid.getCell(task, column), values))
        .map(({ task, column, values }) => ({
            op: "workload",
            item: grid.tasks[task].ref,
            role: grid.columns[column].id,
            vals: values,
        }));
}

/**
 * @param {GridRange} range
 * @param {(task: number, column: number) => T} callback
 * @returns {T[]}
 * @template T
 */
function mapRange({ top, left, bottom, right }, callback) {
    const result = [];
    for (let task = top; task <= bottom; task++) {
        for (let column = left; column <= right; column++) {
            result.push(callback(task, column));
        }
    }
    return result;
}

/** Commands that empty a block. */
export function makeClearCommands(grid, range) {
    return makeCommands(
        grid,
        mapRange(range, (task, column) => ({ task, column, values: { days: 0 } })),
    );
}

/**
 * Repeat the rows of a block below it.
 *
 * @param {WorkloadGrid} grid
 * @param {GridRange} source what is repeated
 * @param {number} bottom the last task that is filled
 * @returns {Object[]} commands
 */
export function makeFillCommands(grid, source, bottom) {
    const height = source.bottom - source.top + 1;
    return makeCommands(
        grid,
        mapRange({ ...source, top: source.bottom + 1, bottom }, (task, column) => ({
            task,
            column,
            values: getCellValues(
                grid.getCell(source.top + ((task - source.top) % height), column),
            ),
        })),
    );
}

/**
 * Text of a block, for the clipboard.
 *
 * @param {WorkloadGrid} grid
 * @param {GridRange} range
 * @param {(cell: WorkloadCell|undefined) => string} format
 * @returns {string}
 */
export function makeText(grid, { top, left, bottom, right }, format) {
    return joinBlock(
        grid.tasks
            .slice(top, bottom + 1)
            .map((row) => row.cells.slice(left, right + 1).map(format)),
    );
}

/** How far a pasted block reaches: one that fits several times into the selection is repeated. */
function getPastedSize(size, selected) {
    return selected % size ? size : selected;
}

/**
 * Read a block of the clipboard into the cells of a selection and beyond it.
 *
 * @param {WorkloadGrid} grid
 * @param {GridRange} range the selection
 * @param {string} text
 * @param {Separators} separators
 * @returns {{commands: Object[], range: GridRange, invalid: Object|undefined, lostRows: number,
 *     lostColumns: number}} ``invalid`` is the first cell (``task``, ``column``, ``text``) that is
 *     no number of days: then there is no command at all
 */
export function readPaste(grid, range, text, separators) {
    const block = splitBlock(text);
    const width = Math.max(0, ...block.map((row) => row.length));
    const wanted = {
        bottom: range.top + getPastedSize(block.length, range.bottom - range.top + 1) - 1,
        right: range.left + getPastedSize(width, range.right - range.left + 1) - 1,
    };
    const result = {
        commands: [],
        lostRows: Math.max(0, wanted.bottom - grid.range.bottom),
        lostColumns: Math.max(0, wanted.right - grid.range.right),
        range: {
            ...range,
            bottom: Math.min(wanted.bottom, grid.range.bottom),
            right: Math.min(wanted.right, grid.range.right),
        },
    };
    if (!width) {
        return { ...result, range };
    }
    const changes = mapRange(result.range, (task, column) => {
        const row = block[(task - range.top) % block.length];
        const cellText = row[(column - range.left) % width] || "";
        const values = parseDays(cellText, separators);
        if (!values) {
            result.invalid ||= { task, column, text: cellText.trim() };
        }
        return { task, column, values };
    });
    if (!result.invalid) {
        result.commands = makeCommands(grid, changes);
    }
    return result;
}
