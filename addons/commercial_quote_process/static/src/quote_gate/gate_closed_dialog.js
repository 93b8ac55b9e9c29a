import { RedirectWarningDialog } from "@web/core/errors/error_dialogs";
import { registry } from "@web/core/registry";

/** Says why a door of a quote is closed, with a button to what opens it. */
export class GateClosedDialog extends RedirectWarningDialog {
    static props = { ...RedirectWarningDialog.props };

    setup() {
        super.setup();
        const { action, button } = this.props.data.context;
        this.actionId = action;
        this.buttonText = button;
    }
}

registry
    .category("error_dialogs")
    .add("odoo.addons.commercial_quote_process.exceptions.GateClosed", GateClosedDialog);
