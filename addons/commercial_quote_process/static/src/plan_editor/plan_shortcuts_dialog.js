import { getShortcuts } from "./plan_texts";
import { Component } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";

/** The keys of the plan, and what they do. */
export class PlanShortcutsDialog extends Component {
    static template = "commercial_quote_process.PlanShortcutsDialog";
    static components = { Dialog };
    static props = { close: Function };

    setup() {
        this.shortcuts = getShortcuts();
    }
}
