/**
 * What it costs to move one task, and all that wait for it, by the mouse.
 */
const MOVES = 20;
// What the browser counts, in seconds of processor time since the page was opened.
const SCRIPT_AND_LAYOUT = ["ScriptDuration", "LayoutDuration", "RecalcStyleDuration"];

export const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** Count the processor's time and not the clock's, so that other programs do not matter. */
export async function startCounting(devtools) {
    await devtools.send("Performance.enable", { timeDomain: "threadTicks" });
}

/** Milliseconds that the main thread has spent on these things since the page was opened. */
export async function getTimeSpent(devtools, names = SCRIPT_AND_LAYOUT) {
    const { metrics } = await devtools.send("Performance.getMetrics");
    const spent = metrics.filter(({ name }) => names.includes(name)).map(({ value }) => value);
    return 1000 * spent.reduce((sum, value) => sum + value, 0);
}

/** Milliseconds of script and layout that an action and the two frames after it take. */
async function measureAction(page, devtools, action) {
    const before = await getTimeSpent(devtools);
    await action();
    await page.evaluate(() => bench.nextFrame().then(bench.nextFrame));
    return (await getTimeSpent(devtools)) - before;
}

/**
 * Drag the first task to and fro.
 *
 * @returns {Promise<{move: number, drop: number, frames: number}|{}>} script and layout of one move
 *     (median) and of the drop in milliseconds; the most frames after which a move is to be seen
 */
export async function measureDrag(page, devtools) {
    const from = await page.evaluate(() => bench.startDrag());
    if (!from) {
        return {};
    }
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(from.x + from.week, from.y, { steps: 2 });
    const idle = [];
    for (let turn = 0; turn < MOVES; turn++) {
        idle.push(await measureAction(page, devtools, () => {}));
    }
    await page.evaluate(() => bench.watchDrag());
    const moves = [];
    for (let turn = 0; turn < MOVES; turn++) {
        const x = from.x + from.week * (turn % 2 ? 1 : 2);
        moves.push(await measureAction(page, devtools, () => page.mouse.move(x, from.y)));
    }
    const frames = await page.evaluate(() => Math.max(...bench.frames));
    const drop = await measureAction(page, devtools, () => page.mouse.up());
    return { move: median(moves) - median(idle), drop: drop - median(idle), frames };
}
