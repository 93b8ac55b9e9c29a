import { Component, xml } from "@odoo/owl";
import { LazyComponent } from "@web/core/assets";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/** Two versions of a quote side by side; its code is loaded by those who compare. */
export class QuoteComparisonAction extends Component {
    static template = xml`
        <LazyComponent
            bundle="'commercial_quote_process.assets_quote_comparison'"
            Component="'QuoteComparison'"
            props="props"
        />`;
    static components = { LazyComponent };
    static props = {
        ...standardActionServiceProps,
        otherId: { type: [Number, Boolean], optional: true },
    };
    static path = "quote-comparison";
    static displayName = _t("Compare versions");

    static extractProps({ params }) {
        return {
            resId: Number(params?.resId) || false,
            otherId: Number(params?.other) || false,
        };
    }
}

registry.category("actions").add("quote_comparison", QuoteComparisonAction);
