/**
 * What every page offers to `measure.js`: one library, opened once on a plan held in memory.
 */
import { makePlan, getLinks } from "../plan.js";

export const WIDTH = 1360;
const HEADER = 120;
const MOST_FRAMES = 30;
/** Rows on the screen from which a plan counts as drawn; a bar at the edge may be left out. */
const FEW = 12;
const ALMOST = 0.97;

const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));

/**
 * @param {Object} library
 * @param {string} library.bar selector of the bars, summaries and milestones on the screen
 * @param {string} [library.row] selector of the rows of its table, when it has one
 * @param {string|null} [library.arrow] selector of the arrows, one element each; null without any
 * @param {function(): number} [library.countArrows] when they are not one element each
 * @param {Object} [library.drag] how to move the first task, see ours.js
 * @param {number} library.rowHeight in pixels
 * @param {function(Object[]): Object} library.prepare makes the library's own data from a plan
 * @param {function(HTMLElement, Object, boolean): (Promise|void)} library.open renders this data;
 *     told whether every row has to be in the viewport
 */
export function servePage(library) {
    const container = document.createElement("div");
    container.id = "gantt";
    document.body.style.margin = "0";
    document.body.append(container);
    const size = (selector) => container.querySelectorAll(selector).length;
    let data;
    let everything = false;
    let enough = 0;
    // Some begin with a few rows, or with bars before their table.
    const isDrawn = () => size(library.bar) >= enough && size(library.row || library.bar) >= enough;
    globalThis.bench = {
        /**
         * Size the container and make the data: what is in memory before the clock starts.
         * With ``full`` every row, and the whole time, are in the viewport.
         */
        prepare({ count, full }) {
            everything = full;
            enough = full ? ALMOST * count : FEW;
            const height = full ? HEADER + count * library.rowHeight : 700;
            container.style.cssText = `width: ${WIDTH}px; height: ${height}px; overflow: hidden`;
            const plan = makePlan(count);
            data = library.prepare(plan);
            // The first date that a page formats costs 20 ms; the web client has done it long before.
            new Intl.DateTimeFormat("en", { timeZone: "UTC" }).format();
            return { height, links: getLinks(plan).length };
        },
        /** Return the milliseconds from the data in memory to the second frame after all is drawn. */
        async open() {
            const start = performance.now();
            await library.open(container, data, everything);
            while (!isDrawn()) {
                await nextFrame();
            }
            await nextFrame();
            await nextFrame();
            return performance.now() - start;
        },
        count() {
            const countArrows = library.countArrows || (() => size(library.arrow));
            const arrows = library.arrow === null ? null : countArrows();
            return { elements: size("*"), bars: size(library.bar), arrows };
        },
        startDrag: () => library.drag?.start(),
        /** From now on, note after how many frames each move of the pointer is to be seen. */
        watchDrag() {
            const frames = [];
            let before = library.drag.read();
            const watch = async () => {
                let count = 0;
                do {
                    await nextFrame();
                    count++;
                } while (library.drag.read() === before && count < MOST_FRAMES);
                before = library.drag.read();
                frames.push(count);
            };
            container.addEventListener("pointermove", watch, true);
            this.frames = frames;
        },
        nextFrame,
    };
}
