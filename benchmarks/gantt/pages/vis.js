import { DataSet, Timeline } from "vis-timeline/standalone";
import "vis-timeline/styles/vis-timeline-graph2d.css";

import { dateOf } from "../plan.js";
import { servePage } from "./page.js";

const WEEKS_SHOWN = 20;

// It knows no dependencies, so it paints no arrows; and it stays hidden for a second after its first
// drawing, which is not counted against it.
servePage({
    row: ".vis-label",
    bar: ".vis-item.vis-range, .vis-item.vis-point",
    arrow: null,
    rowHeight: 42,
    prepare: (plan) => ({
        groups: plan.map((row, order) => ({ id: row.id, content: row.name, order })),
        items: plan.map((row) => ({
            id: row.id,
            group: row.id,
            content: row.name,
            start: dateOf(row.start),
            ...(row.end > row.start ? { end: dateOf(row.end) } : { type: "point" }),
        })),
        last: Math.max(...plan.map((row) => row.end)),
    }),
    open(container, { items, groups, last }, full) {
        new Timeline(container, new DataSet(items), new DataSet(groups), {
            start: dateOf(0),
            end: dateOf(full ? last + 5 : 5 * WEEKS_SHOWN),
            height: "100%",
            verticalScroll: true,
            orientation: "top",
        });
    },
});
