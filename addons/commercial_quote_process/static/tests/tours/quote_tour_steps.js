/** What the tours share: what a person does on the screens of an offer, and how long it may take. */
import { registry } from "@web/core/registry";

/** Milliseconds that a step waits for what it needs: a safeguard, however busy the machine is. */
export const PATIENCE = 60000;

/** Add a tour to those of the tests. */
export function addTour(name, tour) {
    const steps = () => tour.steps().map((step) => ({ timeout: PATIENCE, ...step }));
    registry.category("web_tour.tours").add(name, { steps });
}

/** Choose a record by its name in a many2one or tags field. */
export function choose(field, name, scope = "") {
    return [
        {
            trigger: `${scope} .o_field_widget[name='${field}'] input`,
            run: `edit ${name}`,
        },
        {
            trigger: `.o-autocomplete--dropdown-item:contains("${name}")`,
            run: "click",
        },
    ];
}

export function open(tab) {
    return [
        { trigger: `.o_notebook_headers a[name='${tab}']`, run: "click" },
        { trigger: `.o_notebook_headers a[name='${tab}'].active` },
    ];
}

export function clickButton(name) {
    return { trigger: `.o_statusbar_buttons button[name='${name}']:enabled`, run: "click" };
}

// === THE DECISION === //

/** Begin a decision or a question on the decision screen. */
export function decide(what) {
    return [
        { trigger: `.o_quote_decision_panel button[name='${what}']:enabled`, run: "click" },
        { trigger: ".o_quote_decision_panel textarea" },
    ];
}

/** End what was begun: the screen then shows where the quote stands. */
export const confirmDecision = [
    { trigger: ".o_quote_decision_panel button[name='confirm']:enabled", run: "click" },
    { trigger: ".o_quote_decision_panel:not(:has(form))" },
];

// === THE PLAN === //

/** Type a row on the line at the end of the plan; the next one can be typed at once. */
export function typeRow(name) {
    return [
        { trigger: ".o_plan_input", run: `edit ${name} && press Enter` },
        { trigger: `.o_plan_row:contains('${name}')` },
    ];
}

/** Type a phase at the outermost level, and go on inside it. */
export function typePhase(name, isFirst = false) {
    return [
        ...(isFirst ? [] : [{ trigger: ".o_plan_input", run: "press Shift+Tab" }]),
        ...typeRow(name),
        { trigger: ".o_plan_input", run: "press Tab" },
    ];
}

function cellOf(name, column) {
    return `.o_plan_row:contains('${name}') .o_plan_${column}`;
}

/** Make a cell of the plan the active one. */
export function goTo(name, column = "name") {
    const cell = cellOf(name, column);
    return [{ trigger: cell, run: "click" }, { trigger: `${cell}.o_active` }];
}

/** Edit a cell of the plan by clicking it twice. */
export function editPlan(name, column, text) {
    return [
        ...goTo(name, column),
        { trigger: `${cellOf(name, column)}.o_active`, run: "click" },
        { trigger: ".o_plan_input", run: `edit ${text} && press Enter` },
        { trigger: `${cellOf(name, column)}:contains('${text}')` },
    ];
}

/** Press a key where the plan has the keyboard. */
export function pressInPlan(key) {
    return { trigger: ".o_plan_scroll:focus", run: `press ${key}` };
}

/** Type numbers one below the other, as in a spreadsheet. */
export function typeDurations(name, durations) {
    return [
        ...goTo(name, "duration"),
        ...durations.flatMap((days) => [
            pressInPlan(days),
            { trigger: ".o_plan_input", run: "press Enter" },
        ]),
    ];
}

function getBar(name) {
    return document.querySelector(`.o_plan_host svg [aria-label^='${name},']`);
}

/**
 * Drag a bar of the Gantt with the mouse.
 *
 * @param {string} name of the row
 * @param {"bar"|"edge"|"connect"} grip the bar moves, its edge makes it longer, the handle behind
 *     it draws a dependency
 * @param {Object} to
 * @param {number} [to.days] how far, in widths of a day
 * @param {string} [to.row] name of the row on which the dependency ends
 */
export function dragBar(name, grip, { days = 0, row }) {
    return {
        trigger: `.o_plan_host svg [aria-label^='${name},']`,
        run() {
            const host = document.querySelector(".o_plan_host");
            const box = getBar(name).getBoundingClientRect();
            const middle = box.top + box.height / 2;
            const x = { bar: box.left + 2, edge: box.right, connect: box.right + 11 }[grip];
            const target = row && getBar(row).getBoundingClientRect();
            const end = target
                ? [target.left + target.width / 2, target.top + target.height / 2]
                : [x + days * (box.width / getDuration(name)), middle];
            const fire = (type, clientX, clientY) =>
                host.querySelector("svg").dispatchEvent(
                    new PointerEvent(type, {
                        bubbles: true,
                        cancelable: true,
                        clientX,
                        clientY,
                        pointerId: 1,
                        pointerType: "mouse",
                        isPrimary: true,
                    }),
                );
            fire("pointerdown", x, middle);
            fire("pointermove", (x + end[0]) / 2 + 6, (middle + end[1]) / 2);
            fire("pointermove", ...end);
            fire("pointerup", ...end);
        },
    };
}

function getDuration(name) {
    const rows = [...document.querySelectorAll(".o_plan_row")];
    const row = rows.find((one) => one.querySelector(".o_plan_name").textContent.includes(name));
    return Number(row.querySelector(".o_plan_duration").textContent);
}

// === THE WORKLOAD === //

/** Give the matrix of the workload a column. */
export function addRole(name) {
    return [
        { trigger: ".o_quote_matrix_add .o_select_menu_toggler", run: "click" },
        { trigger: `.o_select_menu_item:contains("${name}")`, run: "click" },
        { trigger: `.o_quote_matrix_row.o_head:contains("${name}")` },
    ];
}

export function getDaysCell(task, column) {
    return `.o_quote_matrix [data-task='${task}'][data-column='${column}']`;
}

export function enterDays(task, column, days) {
    const cell = getDaysCell(task, column);
    return [
        { trigger: cell, run: "dblclick" },
        { trigger: ".o_quote_matrix_input", run: `edit ${days} && press Enter` },
        { trigger: `${cell}:contains(${days})` },
    ];
}

/** Paste what a spreadsheet copies. */
export function pasteDays(task, column, text) {
    return [
        { trigger: getDaysCell(task, column), run: "click" },
        {
            trigger: ".o_quote_matrix_scroller:focus",
            run() {
                const clipboardData = new DataTransfer();
                clipboardData.setData("text/plain", text);
                this.anchor.dispatchEvent(
                    new ClipboardEvent("paste", {
                        bubbles: true,
                        cancelable: true,
                        clipboardData,
                    }),
                );
            },
        },
    ];
}

export const save = [
    { trigger: ".o_form_button_save", run: "click" },
    { trigger: ".o_form_view:not(:has(.o_selected_row)):has(.o_form_saved)" },
];
