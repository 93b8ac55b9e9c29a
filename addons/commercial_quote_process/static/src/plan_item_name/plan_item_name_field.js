import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { CharField, charField } from "@web/views/fields/char/char_field";

const ICONS = {
    phase: "fa-folder-open-o",
    milestone: "fa-flag-checkered",
    deliverable: "fa-file-text-o",
};

/**
 * Name of a row of the plan: its kind as an icon, and what is inside a phase set to the right.
 */
export class PlanItemNameField extends CharField {
    static template = "commercial_quote_process.PlanItemNameField";

    get isInside() {
        return Boolean(this.props.record.data.parent_id);
    }

    get isPhase() {
        return this.props.record.data.kind === "phase";
    }

    get icon() {
        return ICONS[this.props.record.data.kind];
    }

    get kindLabel() {
        const { selection } = this.props.record.fields.kind;
        return selection.find(([kind]) => kind === this.props.record.data.kind)?.[1];
    }
}

export const planItemNameField = {
    ...charField,
    component: PlanItemNameField,
    displayName: _t("Name of a row of the plan"),
    fieldDependencies: [
        { name: "kind", type: "selection" },
        { name: "parent_id", type: "many2one" },
    ],
};

registry.category("fields").add("quote_plan_item_name", planItemNameField);
