import { Component, xml } from "@odoo/owl";
import { LazyComponent } from "@web/core/assets";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/** The decision screen; its code is loaded by those who decide. */
export class QuoteDecisionAction extends Component {
    static template = xml`
        <LazyComponent
            bundle="'commercial_quote_process.assets_quote_decision'"
            Component="'QuoteDecision'"
            props="props"
        />`;
    static components = { LazyComponent };
    static props = { ...standardActionServiceProps };
    static path = "quote-decision";
    static displayName = _t("Decide");

    static extractProps({ params }) {
        return { resId: Number(params?.resId) || false };
    }
}

registry.category("actions").add("quote_decision", QuoteDecisionAction);
