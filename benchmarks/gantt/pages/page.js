/**
 * What every page offers to `measure.js`: one library, opened once on a plan held in memory.
 */
import { makePlan, getLinks } from "../plan.js";

export const WIDTH = 1360;
const HEADER = 120;

const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));

/**
 * @param {Object} library
 * @param {string} library.bar selector of the bars, summaries and milestones on the screen
 * @param {string} [library.arrow] selector of the arrows, one element each
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
    let data;
    let everything = false;
    globalThis.bench = {
        /**
         * Size the container and make the data: what is in memory before the clock starts.
         * With ``full`` every row, and the whole time, are in the viewport.
         */
        prepare({ count, full }) {
            everything = full;
            const height = full ? HEADER + count * library.rowHeight : 700;
            container.style.cssText = `width: ${WIDTH}px; height: ${height}px; overflow: hidden`;
            const plan = makePlan(count);
            data = library.prepare(plan);
            return { height, links: getLinks(plan).length };
        },
        /** Return the milliseconds from the data in memory to the second frame after render. */
        async open() {
            const start = performance.now();
            await library.open(container, data, everything);
            while (!container.querySelector(library.bar)) {
                await nextFrame();
            }
            await nextFrame();
            await nextFrame();
            return performance.now() - start;
        },
        count() {
            const size = (selector) =>
                selector ? container.querySelectorAll(selector).length : null;
            return { elements: size("*"), bars: size(library.bar), arrows: size(library.arrow) };
        },
    };
}
