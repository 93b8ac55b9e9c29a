/**
 * A plan of a given size, the same for every library and on every run: streams of phases, each
 * phase a chain of five tasks, a deliverable and a milestone. One first task starts everything, so
 * that moving it moves all the others.
 */

const ROWS_PER_PHASE = 8;
const PHASES_PER_STREAM = 31; // a year and a half at most, whatever the size
const START = Date.UTC(2027, 0, 4); // a Monday
const DAY = 24 * 3600 * 1000;

/**
 * @param {number} seed
 * @returns {function(number): number} numbers from 0 to below its argument, from a simple
 *     congruential generator, so that plans are the same on every machine
 */
function makeRandom(seed) {
    let state = seed;
    return (below) => {
        state = (state * 1103515245 + 12345) % 2147483648;
        return Math.floor((state / 2147483648) * below);
    };
}

/**
 * @param {number} count number of rows
 * @returns {Object[]} rows in tree order, as the estimate's `get_editor_data` gives them
 */
export function makePlan(count) {
    const random = makeRandom(42);
    const streams = Math.max(2, Math.ceil(count / ROWS_PER_PHASE / PHASES_PER_STREAM));
    const rows = [];
    const lastOfStream = new Array(streams).fill(null);
    let phase = null;
    let previous = null;
    for (let index = 0; index < count; index++) {
        const place = index % ROWS_PER_PHASE;
        const stream = Math.floor(index / ROWS_PER_PHASE) % streams;
        const row = makeRow(index + 1, place, random);
        if (place === 0) {
            phase = row;
            previous = lastOfStream[stream] || rows[1] || null;
        } else {
            row.parent_id = phase.id;
            if (previous) {
                row.after.push([previous.id, place === 1 ? random(3) : 0]);
            }
            if (row.kind === "task") {
                previous = lastOfStream[stream] = row;
            }
        }
        rows.push(row);
    }
    return place(rows);
}

function makeRow(id, place, random) {
    const kind = { 0: "phase", 6: "deliverable", 7: "milestone" }[place] || "task";
    return {
        id,
        kind,
        name: `${kind[0].toUpperCase()}${kind.slice(1)} ${id}`,
        parent_id: false,
        duration: kind === "task" ? 1 + random(5) : 0,
        not_before: 0,
        not_before_date: false,
        after: [],
        description: false,
        acceptance_criteria: false,
        slack: 0,
        critical: false,
    };
}

/**
 * Write start and end of each row, in working days. What a row depends on stands above it.
 */
function place(rows) {
    const byId = new Map(rows.map((row) => [row.id, row]));
    for (const row of rows) {
        row.start = Math.max(0, ...row.after.map(([id, lag]) => byId.get(id).end + lag));
        row.end = row.start + row.duration;
    }
    for (const phase of rows.filter((row) => row.kind === "phase")) {
        const parts = rows.filter((row) => row.parent_id === phase.id);
        phase.start = parts.length ? Math.min(...parts.map((row) => row.start)) : 0;
        phase.end = Math.max(phase.start, ...parts.map((row) => row.end));
        phase.duration = phase.end - phase.start;
    }
    return rows;
}

/**
 * @param {number} workingDay days from the start of the plan, weekends left out
 * @returns {Date} local midnight of that day, for the libraries that want dates
 */
export function dateOf(workingDay) {
    const days = Math.floor(workingDay / 5) * 7 + (workingDay % 5);
    const utc = new Date(START + days * DAY);
    return new Date(utc.getUTCFullYear(), utc.getUTCMonth(), utc.getUTCDate());
}

/**
 * @param {Object[]} rows
 * @returns {Object[]} dependencies as {id, from, to, lag}
 */
export function getLinks(rows) {
    const links = rows.flatMap((row) =>
        row.after.map(([from, lag]) => ({ from, to: row.id, lag })),
    );
    return links.map((link, index) => ({ id: index + 1, ...link }));
}
