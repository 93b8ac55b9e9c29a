import { LIBRARIES } from "./libraries.js";

const COLUMNS = [
    "library",
    "items",
    "open (ms)",
    "best (ms)",
    "processor (ms)",
    "bars",
    "arrows",
    "DOM elements",
    "heap (MB)",
    "code (KB gzipped)",
    "move (ms)",
    "drop (ms)",
    "seen after (frames)",
];

const makeLine = (cells) => `| ${cells.join(" | ")} |`;

/**
 * @param {Object[]} results of each plan in each library
 * @param {Map<string, number>} codeSizes bytes by library
 * @returns {string} a markdown table
 */
export function makeTable(results, codeSizes) {
    const lines = results.map((result) =>
        makeLine([
            LIBRARIES[result.name].title,
            result.full ? `${result.count}, all in view` : result.count,
            result.open.toFixed(0),
            result.best.toFixed(0),
            result.work.toFixed(0),
            result.bars,
            result.arrows ?? "none",
            result.elements,
            (result.heap / 1e6).toFixed(1),
            (codeSizes.get(result.name) / 1000).toFixed(0),
            result.move?.toFixed(1) ?? "",
            result.drop?.toFixed(1) ?? "",
            result.frames ?? "",
        ]),
    );
    return [makeLine(COLUMNS), makeLine(COLUMNS.map(() => "---")), ...lines].join("\n");
}
