import { useEffect, useState } from "@odoo/owl";

/** Rows drawn above and below those that are seen, and the step in which they change. */
const MARGIN = 4;

/**
 * Draw only the rows that are seen of a long table in a box that scrolls.
 *
 * @param {Object} params
 * @param {Object} params.scroller ref of the box
 * @param {Object} params.head ref of what stays at its top
 * @param {Object} params.foot ref of what stays at its bottom
 * @param {number} params.height of a row, in pixels
 */
export function useRowWindow({ scroller, head, foot, height }) {
    const state = useState({ first: 0, count: 40 });

    /** Follow the box: the rows change by steps, not at each pixel. */
    function update() {
        const { el } = scroller;
        if (el) {
            const top = Math.floor(el.scrollTop / height / MARGIN) * MARGIN;
            state.first = Math.max(0, top - MARGIN);
            state.count = Math.ceil(el.clientHeight / height) + 3 * MARGIN;
        }
    }

    /** Scroll until a row can be seen between head and foot. */
    function reveal(index) {
        const { el } = scroller;
        const room = el.clientHeight - head.el.offsetHeight - foot.el.offsetHeight;
        const top = index * height;
        if (top < el.scrollTop) {
            el.scrollTop = top;
        } else if (top + height > el.scrollTop + room) {
            el.scrollTop = top + height - room;
        }
        update();
    }

    useEffect(
        (el) => {
            if (el) {
                const observer = new ResizeObserver(update);
                observer.observe(el);
                return () => observer.disconnect();
            }
        },
        () => [scroller.el],
    );
    return { state, update, reveal };
}
