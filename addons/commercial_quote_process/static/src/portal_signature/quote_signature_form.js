import { useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { redirect } from "@web/core/utils/urls";
import { SignatureForm } from "@portal/signature_form/signature_form";

/**
 * The signature form of a proposal: name, function, drawing, and the general terms to tick. What
 * is sent names the content and the terms that this page shows, so that nothing else is signed.
 */
export class QuoteSignatureForm extends SignatureForm {
    static template = "commercial_quote_process.QuoteSignatureForm";

    setup() {
        super.setup();
        this.answer = useState({
            function: this.props.defaultFunction || "",
            purchaseOrder: "",
            termsAccepted: false,
            sending: false,
        });
    }

    get isReady() {
        return (
            this.answer.termsAccepted &&
            !this.signature.isSignatureEmpty &&
            this.signature.name?.trim() &&
            !this.answer.sending
        );
    }

    get sendLabel() {
        return this.props.sendLabel || _t("Sign this offer");
    }

    /**
     * @returns {Object} what is sent to the server
     */
    prepareAnswer() {
        return {
            name: this.signature.name,
            signature: this.signature.getSignatureImage().split(",")[1],
            function: this.answer.function,
            purchase_order: this.answer.purchaseOrder,
            fingerprint: this.props.fingerprint,
            terms_accepted: this.answer.termsAccepted,
            terms_version: this.props.termsVersion,
        };
    }

    /**
     * @override
     */
    async onClickSubmit() {
        if (!this.isReady) {
            return;
        }
        this.answer.sending = true;
        this.state.error = false;
        let result;
        try {
            result = await rpc(this.props.callUrl, this.prepareAnswer());
        } catch {
            result = { error: _t("The connection failed. Nothing was signed; please try again.") };
        }
        if (result.force_refresh) {
            redirect(result.redirect_url);
            return new Promise(() => {});
        }
        this.answer.sending = false;
        this.state.error = result.error;
    }
}

registry
    .category("public_components")
    .add("commercial_quote_process.quote_signature_form", QuoteSignatureForm);
