/**
 * The shapes of the Gantt as SVG paths. Nothing of Odoo is used here.
 */

const ELBOW = 8;

export class Shapes {
    constructor({ rowHeight }) {
        this.size = { task: rowHeight * 0.5, mark: 7 };
        this.rowHeight = rowHeight;
    }

    /**
     * @param {string} kind of the row
     * @param {{left: number, right: number, middle: number}} box
     */
    bar(kind, box) {
        return this[`_${kind}`](box);
    }

    _task({ left, right, middle }) {
        const width = Math.max(right - left, 3);
        const [half, r] = [this.size.task / 2, Math.min(3, width / 2)];
        return (
            `M${left + r} ${middle - half}h${width - 2 * r}q${r} 0 ${r} ${r}v${2 * (half - r)}` +
            `q0 ${r} ${-r} ${r}h${2 * r - width}q${-r} 0 ${-r} ${-r}v${2 * (r - half)}q0 ${-r} ${r} ${-r}Z`
        );
    }

    /** A bracket over what is inside. */
    _phase({ left, right, middle }) {
        const width = Math.max(right - left, 6);
        const tip = Math.min(6, width / 2);
        return `M${left} ${middle - 5}h${width}v11l${-tip} -5h${2 * tip - width}l${-tip} 5Z`;
    }

    _milestone({ right, middle }) {
        const size = this.size.mark;
        return `M${right} ${middle - size}l${size} ${size}l${-size} ${size}l${-size} ${-size}Z`;
    }

    /** A sheet of paper with a folded corner. */
    _deliverable({ right, middle }) {
        return `M${right - 5.5} ${middle - 7}h7l4 4v10h-11Zm7 0v4h4`;
    }

    /** From the end of a row to the day on which it must be finished. */
    slack({ right, middle }, end) {
        return end - right < 2 ? "" : `M${right} ${middle}H${end}M${end} ${middle - 4}v8`;
    }

    /** The corners of a line from the end of a row to the start of another one. */
    link(from, to) {
        const down = to.middle >= from.middle;
        const edge = to.middle + (down ? -1 : 1) * to.half;
        const [x1, x2] = [from.right + from.reach, to.left + Math.min(5, to.room)];
        if (x2 >= x1 + 2 && !to.isMark) {
            return [
                [x1, from.middle],
                [x2, from.middle],
                [x2, edge],
            ];
        }
        const target = to.left - (to.isMark ? to.half : 0);
        if (target >= x1 + 2 * ELBOW) {
            const turn = target - ELBOW;
            return [
                [x1, from.middle],
                [turn, from.middle],
                [turn, to.middle],
                [target, to.middle],
            ];
        }
        const between = from.middle + ((down ? 1 : -1) * this.rowHeight) / 2;
        return [
            [x1, from.middle],
            [x1 + ELBOW, from.middle],
            [x1 + ELBOW, between],
            [target - ELBOW, between],
            [target - ELBOW, to.middle],
            [target, to.middle],
        ];
    }

    /** A line with its head. */
    arrow(points) {
        const [[x0, y0], [x, y]] = points.slice(-2);
        const head =
            x === x0
                ? `m-3.5 ${y > y0 ? -4.5 : 4.5}L${x} ${y}l3.5 ${y > y0 ? -4.5 : 4.5}`
                : `m-4.5 -3.5L${x} ${y}l-4.5 3.5`;
        return "M" + points.map((point) => point.join(" ")).join("L") + head;
    }
}
