import { onMounted, useState } from "@odoo/owl";
import { SignatureForm } from "@portal/signature_form/signature_form";
import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError, rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { delay } from "@web/core/utils/concurrency";
import { redirect } from "@web/core/utils/urls";
import { QuoteNameAndSignature } from "./quote_name_and_signature";

/** Milliseconds to wait before what got no answer is sent again. */
const RETRY_DELAYS = [1000, 3000];

/** The inputs in the order in which they stand, and how to find each one. */
const INPUTS = {
    name: ".o_web_sign_name_input",
    function: "input[name='function']",
    signature: "input[name='signature_mode']:checked",
    purchase_order: "input[name='purchase_order']",
    terms: "input[name='terms_accepted']",
};

/**
 * The signature form of a proposal: name, function, typed or drawn signature, and the general
 * terms to tick. What is sent names the content, the terms and the options that this page shows,
 * so that nothing else is signed. Sent twice, it is signed once: the server knows the answer.
 */
export class QuoteSignatureForm extends SignatureForm {
    static template = "commercial_quote_process.QuoteSignatureForm";
    static components = { QuoteNameAndSignature };
    static props = {
        callUrl: String,
        defaultName: { type: String, optional: true },
        defaultFunction: { type: String, optional: true },
        fingerprint: String,
        termsLabel: String,
        termsVersion: String,
        hasTerms: { type: Boolean, optional: true },
    };

    setup() {
        super.setup();
        this.signature.name = this.props.defaultName || "";
        this.answer = useState({
            function: this.props.defaultFunction || "",
            purchaseOrder: "",
            termsAccepted: false,
            isOpen: false,
            isSending: false,
            isRetrying: false,
        });
        this.errors = useState({});
        onMounted(() => this.waitUntilShown());
    }

    /**
     * Ask for the signature when somebody wants to sign, not on each visit of the page.
     */
    waitUntilShown() {
        const modal = this.rootRef.el.closest(".modal");
        if (!modal || modal.classList.contains("show")) {
            this.answer.isOpen = true;
        } else {
            modal.addEventListener("shown.bs.modal", () => (this.answer.isOpen = true));
        }
    }

    get sendLabel() {
        return _t("Sign this offer");
    }

    /**
     * @returns {number[]} ids of the options that are ticked on the page
     */
    get options() {
        const inputs = document.querySelectorAll(".o_quote_option input[name='option']:checked");
        return [...inputs].map((input) => Number(input.value));
    }

    /**
     * @returns {Object} what is sent to the server
     */
    prepareAnswer() {
        return {
            name: this.signature.name,
            signature: this.signature.getSignatureImage().split(",")[1],
            signature_mode: this.signature.mode,
            function: this.answer.function,
            purchase_order: this.answer.purchaseOrder,
            options: this.options,
            fingerprint: this.props.fingerprint,
            terms_accepted: this.answer.termsAccepted,
            terms_version: this.props.termsVersion,
        };
    }

    /**
     * @returns {Object} what is missing, in words, by the name of the input
     */
    findErrors() {
        const errors = {};
        if (!this.signature.name?.trim()) {
            errors.name = _t("Please type your name.");
        } else if (this.signature.isSignatureEmpty) {
            errors.signature = _t("Please draw your signature.");
        }
        if (!this.answer.termsAccepted) {
            errors.terms = _t("Please tick this box to accept.");
        }
        return errors;
    }

    /**
     * Show what is wrong where it is wrong, and go there.
     *
     * @param {Object} errors sentences by the name of the input, or under "form"
     */
    showErrors(errors) {
        for (const name of [...Object.keys(INPUTS), "form"]) {
            this.errors[name] = errors[name] || "";
        }
        const first = Object.keys(INPUTS).find((name) => errors[name]);
        if (first) {
            this.rootRef.el.querySelector(INPUTS[first])?.focus();
        }
    }

    /**
     * What is wrong with an input is said until it changes.
     *
     * @param {Event} ev
     */
    onChange(ev) {
        const name = Object.keys(INPUTS).find((key) => ev.target.matches(INPUTS[key]));
        if (name) {
            this.errors[name] = "";
        }
    }

    /**
     * Open the general terms above, and go there.
     */
    onClickTerms() {
        const terms = document.getElementById("quote_sign_terms");
        terms.open = true;
        terms.querySelector(".o_quote_terms").focus();
        terms.scrollIntoView({ block: "start" });
    }

    /**
     * Send the answer, again when the connection gets lost on the way: the server signs once.
     *
     * @param {Object} answer
     * @returns {Promise<Object>} the answer of the server, or an error in words
     */
    async send(answer) {
        for (const milliseconds of [...RETRY_DELAYS, 0]) {
            try {
                return await rpc(this.props.callUrl, answer);
            } catch (error) {
                if (!(error instanceof ConnectionLostError)) {
                    return { error: _t("Your signature could not be recorded. Please try again.") };
                }
            }
            this.answer.isRetrying = true;
            await delay(milliseconds);
        }
        return {
            error: _t(
                "The connection is lost. Please press the button again once you are online: an offer is never signed twice.",
            ),
        };
    }

    /**
     * @override
     */
    async onClickSubmit() {
        if (this.answer.isSending || !this.answer.isOpen) {
            return;
        }
        const errors = this.findErrors();
        this.showErrors(errors);
        if (Object.keys(errors).length) {
            return;
        }
        this.answer.isSending = true;
        const result = await this.send(this.prepareAnswer());
        if (result.force_refresh) {
            redirect(result.redirect_url);
            return new Promise(() => {});
        }
        Object.assign(this.answer, { isSending: false, isRetrying: false });
        this.showErrors({ [result.field in INPUTS ? result.field : "form"]: result.error });
    }
}

registry
    .category("public_components")
    .add("commercial_quote_process.quote_signature_form", QuoteSignatureForm);
