import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component } from "@odoo/owl";

/**
 * Sections of a proposal, in their order: those that are ticked are shown to the client.
 *
 * The field holds the keys of the sections that are left out; `proposal_outline` says which
 * sections there are, and which of them have something to show.
 */
export class QuoteSectionsField extends Component {
    static template = "commercial_quote_process.QuoteSectionsField";
    static props = { ...standardFieldProps };

    /**
     * @returns {{key: string, title: string, fixed: boolean, filled: boolean, shown: boolean}[]}
     */
    get sections() {
        const hidden = this.hidden;
        return (this.props.record.data.proposal_outline || []).map((section) => ({
            ...section,
            shown: section.fixed || !hidden.includes(section.key),
        }));
    }

    /**
     * @returns {string[]} keys of the sections that are left out
     */
    get hidden() {
        return this.props.record.data[this.props.name] || [];
    }

    /**
     * @param {string} key
     */
    toggle(key) {
        const hidden = this.hidden.includes(key)
            ? this.hidden.filter((other) => other !== key)
            : [...this.hidden, key];
        this.props.record.update({ [this.props.name]: hidden.length ? hidden : false });
    }
}

export const quoteSectionsField = {
    component: QuoteSectionsField,
    displayName: _t("Sections of a proposal"),
    supportedTypes: ["json"],
    fieldDependencies: [{ name: "proposal_outline", type: "json", readonly: true }],
};

registry.category("fields").add("quote_sections", quoteSectionsField);
