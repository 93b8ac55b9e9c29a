import Gantt from "frappe-gantt";
import "../node_modules/frappe-gantt/dist/frappe-gantt.css";

import { dateOf } from "../plan.js";
import { servePage } from "./page.js";

servePage({
    bar: ".bar-wrapper",
    arrow: ".arrow path",
    rowHeight: 48,
    prepare: (plan) =>
        plan.map((row) => ({
            id: String(row.id),
            name: row.name,
            start: dateOf(row.start),
            end: dateOf(row.end),
            progress: 0,
            dependencies: row.after.map(([id]) => String(id)),
        })),
    open(container, data, full) {
        const view_mode = full ? "Month" : "Week";
        new Gantt(container, data, { view_mode, scroll_to: "start" });
    },
});
