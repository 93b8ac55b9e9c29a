import { useExternalListener } from "@odoo/owl";
import { NameAndSignature } from "@web/core/signature/name_and_signature";

/**
 * The name of who signs, and the signature: typed, in a font that looks written, or drawn with a
 * finger or a mouse. What stands between both comes by the slot.
 */
export class QuoteNameAndSignature extends NameAndSignature {
    static template = "commercial_quote_process.QuoteNameAndSignature";
    static props = {
        ...NameAndSignature.props,
        nameError: { type: String, optional: true },
        signatureError: { type: String, optional: true },
        slots: { type: Object, optional: true },
    };
    static defaultProps = {
        ...NameAndSignature.defaultProps,
        // All of Odoo's fonts are a megabyte, which a phone would fetch for each offer.
        defaultFont: "MarckScript-Regular.ttf",
        fontColor: "black",
    };

    setup() {
        super.setup();
        this.state.showSignatureArea = true;
        useExternalListener(window, "resize", () => this.onResize());
    }

    get nameId() {
        return `o_web_sign_name_input_${this.htmlId}`;
    }

    get isTyped() {
        return this.state.signMode === "auto";
    }

    /**
     * A turned phone has another width: what was drawn for the old one would be out of place.
     */
    onResize() {
        const canvas = this.signatureRef.el;
        if (canvas?.clientWidth && canvas.clientWidth !== canvas.width) {
            this.resizeSignature();
            this.setMode(this.state.signMode, true);
        }
    }

    /**
     * @override
     */
    setMode(mode, reset) {
        super.setMode(mode, reset);
        this.props.signature.mode = this.state.signMode;
    }
}
