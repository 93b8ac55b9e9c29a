/**
 * Steps that the tours share. Each one waits for what it needs, none waits for time to pass.
 */
import { stepUtils } from "@web_tour/tour_utils";

/** Go to a menu as people do: the app, the heading, the entry. */
export function goTo(app, ...menus) {
    return [
        ...stepUtils.goToAppSteps(app),
        ...menus.map((menu) => ({
            trigger: `.o_main_navbar button[data-menu-xmlid='${menu}'], a[data-menu-xmlid='${menu}']`,
            run: "click",
        })),
    ];
}

export function openCard(name) {
    return { trigger: `.o_kanban_record:contains("${name}")`, run: "click" };
}

export function openRow(name) {
    return { trigger: `.o_list_view .o_data_row:contains("${name}") td[name='name']`, run: "click" };
}

export function openTab(name) {
    return [
        { trigger: `.o_notebook_headers a[name='${name}']`, run: "click" },
        { trigger: `.o_notebook_headers a[name='${name}'].active` },
    ];
}

export function clickButton(name) {
    return { trigger: `.o_statusbar_buttons button[name='${name}']:enabled`, run: "click" };
}

/** The step that the document shows in its header. */
export function isAt(label) {
    return { trigger: `.o_arrow_button_current:contains("${label}")` };
}

export function isClosed(dialog = ".modal") {
    return { trigger: `body:not(:has(${dialog}))` };
}

export function fill(field, value, scope = "") {
    return {
        trigger: `${scope} .o_field_widget[name='${field}'] :is(input, textarea)`,
        run: `edit ${value}`,
    };
}

export function write(field, text) {
    return {
        trigger: `.o_field_widget[name='${field}'] .odoo-editor-editable`,
        run: `editor ${text}`,
    };
}

/** Choose a record by its name in a many2one or tags field. */
export function choose(field, name, scope = "") {
    return [
        fill(field, name, scope),
        { trigger: `.o-autocomplete--dropdown-item:contains("${name}")`, run: "click" },
    ];
}

/** Add a row at the bottom of a list, and wait until it is the one that is edited. */
export function addRow(field, label) {
    const list = `.o_field_widget[name='${field}']`;
    const link = `${list} .o_field_x2many_list_row_add a`;
    return [
        { trigger: `${list}:not(:has(.o_selected_row))` },
        { trigger: label ? `${link}:contains("${label}")` : link, run: "click" },
        { trigger: `${list} .o_selected_row` },
    ];
}

export function save() {
    return [
        { trigger: ".o_form_button_save:enabled", run: "click" },
        { trigger: ".o_form_view:not(:has(.o_selected_row)):has(.o_form_saved)" },
    ];
}
