import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

/** In print nothing is one click away: what is folded is opened first, and folded again. */
export class QuotePrint extends Interaction {
    static selector = ".o_quote_terms_section";
    dynamicContent = {
        _window: {
            "t-on-beforeprint": () => this.unfold(),
            "t-on-afterprint": () => this.fold(),
        },
    };

    unfold() {
        this.wasOpen = this.el.open;
        this.el.open = true;
    }

    fold() {
        this.el.open = this.wasOpen;
    }
}

registry.category("public.interactions").add("commercial_quote_process.quote_print", QuotePrint);
