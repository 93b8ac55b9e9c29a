import { PlanDocument } from "addon/estimate_store/plan_document.js";
import { PlanView } from "addon/plan_editor/plan_view.js";
import "addon/plan_editor/plan_editor.scss";

import { servePage } from "./page.js";

// Row of the first task, which all others wait for.
const FIRST_TASK = 1;

let view = null;

/** Open the plan as the form does: schedule it, and draw it. */
function open(container, data, full) {
    container.classList.add("o_plan_editor");
    const host = container.appendChild(document.createElement("div"));
    host.className = "o_plan_host";
    host.style.height = "100%";
    const plan = new PlanDocument();
    plan.load(data);
    view = new PlanView(host, {
        plan,
        editable: true,
        isTouch: false,
        execute: (commands) => Boolean(plan.apply(commands)) && view.update() === undefined,
        options: { zoom: full ? "fit" : "week" },
    });
}

servePage({
    row: ".o_plan_row",
    bar: "path[class*=o_plan_bar_]",
    countArrows: () => view.chart.links.length,
    rowHeight: 30,
    prepare: (plan) => ({
        id: 1,
        revision: 1,
        editable: true,
        planned_start: "2027-01-04",
        calendar: { weekdays: [0, 1, 2, 3, 4], holidays: [] },
        items: plan,
        roles: [],
        workload: [],
        totals: {},
    }),
    open,
    drag: {
        /** Where to take the bar of the first task, and how wide a week is, in pixels. */
        start() {
            const box = view.getBox(FIRST_TASK);
            const { left, top } = view.chart.svg.getBoundingClientRect();
            const x = left + (box.left + box.right) / 2;
            return { x, y: top + box.middle, week: 7 * view.scale.unit };
        },
        /** What the last row on the screen looks like: it waits for the first task. */
        read() {
            const { chart, last, plan } = view;
            const position = Math.min(last, plan.items.length) - 1;
            return chart.slots[position % chart.size].path.getAttribute("d");
        },
    },
});
