/** What the addon's own Gantt may cost at each size, whatever the others do. */
const LIMITS = {
    40: { open: 50, move: 4 },
    500: { open: 60, move: 6 },
    2000: { open: 70, move: 6 },
};
const ALWAYS = { elements: 400, heap: 2e6, frames: 1 };
const CODE = 20000;

/**
 * @param {Object[]} results of each plan in each library
 * @param {Map<string, number>} codeSizes bytes by library
 * @returns {string[]} what the addon's Gantt exceeds
 */
export function findExcess(results, codeSizes) {
    const own = results.filter(({ name, full }) => name === "ours" && !full);
    const excess = own.flatMap((result) =>
        Object.entries({ ...ALWAYS, ...LIMITS[result.count] })
            .filter(([key, most]) => result[key] > most)
            .map(([key, most]) => `${result.count} items: ${key} ${result[key]}, at most ${most}`),
    );
    if (codeSizes.get("ours") > CODE) {
        excess.push(`code: ${codeSizes.get("ours")} bytes, at most ${CODE}`);
    }
    return excess;
}
