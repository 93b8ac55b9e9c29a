/**
 * Opens the same plans in several Gantt libraries, in headless Chromium, and prints a table.
 *
 *     node measure.js [--runs N] [LIBRARY...]
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";

import { buildPage, getCodeSizes, LIBRARIES } from "./libraries.js";
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
    options: { runs: { type: "string", default: "7" } },
    allowPositionals: true,
});

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

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
    const open = await page.evaluate(() => bench.open());
    const counts = await page.evaluate(() => bench.count());
    const heap = (await getHeap(devtools)) - before;
    await context.close();
    return { open, heap, links, ...counts };
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
    const values = (key) => results.map((result) => result[key]);
    return {
        name,
        ...plan,
        ...results[0],
        open: median(values("open")),
        heap: median(values("heap")),
    };
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
    console.log(makeTable(await measure(browser, names, folder), await getCodeSizes(names)));
} finally {
    await browser.close();
    await rm(folder, { recursive: true });
}
