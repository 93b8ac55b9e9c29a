import { gantt } from "dhtmlx-gantt";
import "dhtmlx-gantt/codebase/dhtmlxgantt.css";

import { dateOf, getLinks } from "../plan.js";
import { servePage } from "./page.js";

const TYPES = { phase: "project", task: "task", milestone: "milestone", deliverable: "milestone" };
const WEEKS = [
    { unit: "month", step: 1, format: "%F %Y" },
    { unit: "week", step: 1, format: "%W" },
];
const MONTHS = [
    { unit: "year", step: 1, format: "%Y" },
    { unit: "month", step: 1, format: "%m" },
];

servePage({
    row: ".gantt_row",
    bar: ".gantt_task_line",
    arrow: ".gantt_task_link",
    rowHeight: 35,
    prepare: (plan) => ({
        data: plan.map((row) => ({
            id: row.id,
            text: row.name,
            type: TYPES[row.kind],
            parent: row.parent_id || 0,
            start_date: dateOf(row.start),
            end_date: dateOf(row.end),
            open: row.kind === "phase",
        })),
        links: getLinks(plan).map(({ id, from, to }) => ({
            id,
            source: from,
            target: to,
            type: "0",
        })),
    }),
    open(container, data, full) {
        gantt.config.scales = full ? MONTHS : WEEKS;
        gantt.config.min_column_width = full ? 38 : 70;
        gantt.init(container);
        gantt.parse(data);
    },
});
