import { _t } from "@web/core/l10n/translation";

/** What the view of the plan says, by name; the names of actions are those of undo, too. */
const TEXTS = {
    // parts of the screen
    plan: () => _t("Plan"),
    chart: () => _t("Gantt"),
    draft: () => _t("Type to add a row"),
    column_number: () => _t("No."),
    column_name: () => _t("Name"),
    column_duration: () => _t("Days"),
    column_after: () => _t("After"),
    column_start: () => _t("Start"),
    column_end: () => _t("End"),
    week: ({ n }) => _t("W%s", n),
    quarter: ({ n }) => _t("Q%s", n),
    day: ({ n }) => _t("D%s", n),
    t0: () => _t("T0"),
    // rows
    phase: () => _t("Phase"),
    task: () => _t("Task"),
    milestone: () => _t("Milestone"),
    deliverable: () => _t("Deliverable"),
    critical: () => _t("critical"),
    slack: ({ n }) => _t("%s days of slack", n),
    bar: (params) => _t("%(name)s, %(kind)s, %(start)s to %(end)s, %(slack)s", params),
    // actions
    add: () => _t("New row"),
    rename: () => _t("Name"),
    resize: () => _t("Duration"),
    shift: () => _t("Move"),
    link: () => _t("Dependency"),
    unlink: () => _t("Dependency removed"),
    remove: () => _t("Deletion"),
    indent: () => _t("Into the phase"),
    outdent: () => _t("Out of the phase"),
    reorder: () => _t("Order"),
    set_kind: () => _t("Kind"),
    details: () => _t("Details"),
    // what has happened
    added: ({ name }) => _t("%s added", name),
    removed: ({ n }) => _t("%s rows deleted", n),
    folded: ({ name }) => _t("%s folded", name),
    unfolded: ({ name }) => _t("%s unfolded", name),
    indented: ({ name }) => _t("%s is inside the phase now", name),
    outdented: ({ name }) => _t("%s is outside the phase now", name),
    cannot_indent: () =>
        _t("Only tasks, milestones and deliverables go into a phase: the one above them."),
    reordered: (params) => _t("%(name)s is row %(n)s now", params),
    linking: ({ name }) =>
        _t("%s: go to the row that comes after it and press Enter; Escape gives up.", name),
    linked: (params) => _t("%(to)s comes after %(from)s", params),
    unlinked: () => _t("Dependency removed"),
    chosen_link: () => _t("Dependency chosen: Delete removes it."),
    // what is not possible
    not_days: ({ text }) => _t("“%s” is no number of days.", text),
    not_rows: ({ text }) =>
        _t("“%s” names no row: type numbers of rows, with a lag if need be, such as 3, 5+2.", text),
};

/**
 * @param {string} name
 * @param {Object} [params]
 * @returns {string} in the user's language
 */
export function getText(name, params = {}) {
    return String(TEXTS[name](params));
}

/** The shortcuts, as pairs of keys and what they do. */
export function getShortcuts() {
    return [
        ["Enter, F2", _t("Edit the cell; on the last line, add a row")],
        ["Insert", _t("Add a row below")],
        ["Delete", _t("Delete the selected rows, or the dependency that was clicked")],
        ["Tab, Alt+→", _t("Into the phase above")],
        ["Shift+Tab, Alt+←", _t("Out of the phase")],
        ["Alt+↑, Alt+↓", _t("Move the row up or down")],
        ["Shift+↑, Shift+↓", _t("Select several rows")],
        ["Ctrl+Space, Ctrl+A", _t("Add the row to the selection, select all")],
        ["Ctrl+←, Ctrl+→", _t("Start earlier or later")],
        ["Ctrl+Shift+←, Ctrl+Shift+→", _t("Make shorter or longer")],
        ["Ctrl+L", _t("Link to the row that comes after: go to it and press Enter")],
        ["Alt+Enter", _t("Details of the row")],
        ["Ctrl+Z, Ctrl+Y", _t("Undo, redo")],
        ["+, -, 0", _t("On a bar: zoom in, zoom out, show all")],
        ["P, T, M, D", _t("On a bar: make it a phase, task, milestone, deliverable")],
        [_t("Escape, then Tab"), _t("Leave the plan")],
    ];
}
