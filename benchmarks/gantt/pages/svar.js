import { createElement } from "react";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { Gantt, Willow } from "@svar-ui/react-gantt";
import "@svar-ui/react-gantt/all.css";

import { dateOf, getLinks } from "../plan.js";
import { servePage } from "./page.js";

const TYPES = { phase: "summary", task: "task", milestone: "milestone", deliverable: "milestone" };
const WEEKS = {
    scales: [
        { unit: "month", step: 1, format: "%F %Y" },
        { unit: "week", step: 1, format: "%w" },
    ],
};
const MONTHS = {
    cellWidth: 45,
    scales: [
        { unit: "year", step: 1, format: "%Y" },
        { unit: "month", step: 1, format: "%m" },
    ],
};

// Without this it grows to the height of its content, and draws all of it.
document.head.append(
    Object.assign(document.createElement("style"), {
        textContent: ".wx-theme { height: 100%; }",
    }),
);

servePage({
    row: ".wx-row",
    bar: ".wx-bar",
    arrow: ".wx-links .wx-line-selectable",
    rowHeight: 38,
    prepare: (plan) => ({
        tasks: plan.map((row) => ({
            id: row.id,
            text: row.name,
            type: TYPES[row.kind],
            parent: row.parent_id || 0,
            start: dateOf(row.start),
            end: dateOf(row.end),
            open: row.kind === "phase",
        })),
        links: getLinks(plan).map(({ id, from, to }) => ({
            id,
            source: from,
            target: to,
            type: "e2s",
        })),
    }),
    open(container, data, full) {
        const gantt = createElement(Gantt, { ...data, ...(full ? MONTHS : WEEKS) });
        const root = createRoot(container);
        flushSync(() => root.render(createElement(Willow, { fonts: false }, gantt)));
    },
});
