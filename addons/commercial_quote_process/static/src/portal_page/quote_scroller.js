import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

/** What is wider than the screen can be moved with the keyboard as well. */
export class QuoteScroller extends Interaction {
    static selector = ".o_quote_text table, .o_quote_section .table-responsive";
    dynamicContent = {
        _root: { "t-att-tabindex": () => (this.isScrolling ? "0" : undefined) },
        _window: { "t-on-resize": this.debounced(this.measure, 200) },
    };

    start() {
        this.measure();
        this.updateContent();
    }

    measure() {
        this.isScrolling = this.el.scrollWidth > this.el.clientWidth;
    }
}

registry
    .category("public.interactions")
    .add("commercial_quote_process.quote_scroller", QuoteScroller);
