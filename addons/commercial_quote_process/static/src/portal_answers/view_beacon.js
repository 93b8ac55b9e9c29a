import { browser } from "@web/core/browser/browser";
import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

const VISIBLE_MS = 3000;

/**
 * Tells the server once that the page has been visible for three seconds: what opens links without
 * looking at them does not say so.
 */
export class ViewBeacon extends Interaction {
    static selector = ".o_quote_view_beacon";
    dynamicContent = {
        _document: { "t-on-visibilitychange": this.onVisibilityChange },
    };

    setup() {
        this.timer = undefined;
        this.isTold = false;
    }

    start() {
        this.onVisibilityChange();
    }

    destroy() {
        browser.clearTimeout(this.timer);
    }

    onVisibilityChange() {
        browser.clearTimeout(this.timer);
        if (!this.isTold && document.visibilityState === "visible") {
            this.timer = browser.setTimeout(() => this.tell(), VISIBLE_MS);
        }
    }

    async tell() {
        this.isTold = true;
        const { url, key } = this.el.dataset;
        try {
            await rpc(url, { key }, { silent: true });
        } catch {
            // Nothing that the reader could do about it.
        }
    }
}

registry.category("public.interactions").add("commercial_quote_process.view_beacon", ViewBeacon);
