/**
 * Opens the same plans in several Gantt libraries, in headless Chromium, and prints a table.
 *
 *     node measure.js [--runs N] [--check] [LIBRARY...]
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";

import { getTimeSpent, measureDrag, median, startCounting } from "./drag.js";
import { buildPage, getCodeSizes, LIBRARIES } from "./libraries.js";
import { findExcess } from "./limits.js";
import { makeTable } from "./table.js";

const VIEWPORT = { width: 1400, height: 900 };
const PLANS = [
    { count: 40, full: false },
    { count: 500, full: false },
    { count: 2000, full: false },
    // Every row in the viewport: what a library costs when it cannot leave out what is not seen.
    { count: 40, full: true },
    { count: 500, full: true },
];
const { values: options, positionals } = parseArgs({
    options: { runs: { type: "string", default: "7" }, check: { type: "boolean" } },
    allowPositionals: true,
});

async function openPage(browser, pagePath, plan) {
    const context = await browser.newContext({ viewport: VIEWPORT });
    const page = await context.newPage();
    page.on("pageerror", (error) => {
        throw error;
    });
    await page.goto(`file://${pagePath}`);
    const { height, links } = await page.evaluate((plan) => bench.prepare(plan), plan);
    if (plan.full) {
        await page.setViewportSize({ width: VIEWPORT.width, height });
    }
    const devtools = await context.newCDPSession(page);
    return { context, page, devtools, links };
}

async function getHeap(devtools) {
    await devtools.send("HeapProfiler.enable");
    await devtools.send("HeapProfiler.collectGarbage");
    await devtools.send("HeapProfiler.collectGarbage");
    return (await devtools.send("Runtime.getHeapUsage")).usedSize;
}

/** Open one plan once, on a page of its own. */
async function measureOnce(browser, pagePath, plan) {
    const { context, page, devtools, links } = await openPage(browser, pagePath, plan);
    const before = await getHeap(devtools);
    await startCounting(devtools);
    const idle = await getTimeSpent(devtools, ["TaskDuration"]);
    const open = await page.evaluate(() => bench.open());
    const work = (await getTimeSpent(devtools, ["TaskDuration"])) - idle;
    const counts = await page.evaluate(() => bench.count());
    const heap = (await getHeap(devtools)) - before;
    const drag = await measureDrag(page, devtools);
    await context.close();
    return { open, work, heap, links, ...counts, ...drag };
}

/** Open one plan several times in each library by turns, so that a busy moment touches them all. */
async function measurePlan(browser, pages, plan) {
    const runs = new Map([...pages.keys()].map((name) => [name, []]));
    for (let run = 0; run <= Number(options.runs); run++) {
        for (const [name, path] of pages) {
            runs.get(name).push(await measureOnce(browser, path, plan));
        }
    }
    return [...runs].map(([name, results]) => summarize(name, plan, results.slice(1)));
}

/** Times and memory are medians; the first run, which warms up the machine, is not counted. */
function summarize(name, plan, results) {
    const summary = { name, ...plan, ...results[0] };
    for (const key of ["open", "work", "heap", "move", "drop", "frames"].filter(
        (key) => key in summary,
    )) {
        summary[key] = median(results.map((result) => result[key]));
    }
    summary.best = Math.min(...results.map((result) => result.open));
    return summary;
}

async function measure(browser, names, folder) {
    const pages = new Map();
    for (const name of names) {
        pages.set(name, await buildPage(name, folder));
    }
    const results = [];
    for (const plan of PLANS) {
        results.push(...(await measurePlan(browser, pages, plan)));
    }
    return results;
}

const folder = await mkdtemp(join(tmpdir(), "gantt-"));
const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND"],
});
try {
    const names = positionals.length ? positionals : Object.keys(LIBRARIES);
    const results = await measure(browser, names, folder);
    const codeSizes = await getCodeSizes(names);
    console.log(makeTable(results, codeSizes));
    if (options.check) {
        const excess = findExcess(results, codeSizes);
        excess.forEach((line) => console.error(line));
        process.exitCode = excess.length ? 1 : 0;
    }
} finally {
    await browser.close();
    await rm(folder, { recursive: true });
}
