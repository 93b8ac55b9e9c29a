import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

/**
 * Computes the SHA-256 of a file in the browser and asks the page about it. The file is never sent.
 */
export class QuoteFileCheck extends Interaction {
    static selector = ".o_quote_file_check";
    dynamicContent = {
        ".o_quote_file_choice": { "t-att-class": () => ({ "d-none": !this.canHash }) },
        ".o_quote_hash_hint": { "t-att-class": () => ({ "d-none": this.canHash }) },
        "#quote_file": { "t-on-change": (ev) => this.check(ev.target.files[0]) },
        _root: {
            "t-on-dragover.prevent": () => {},
            "t-on-drop.prevent": (ev) => this.check(ev.dataTransfer.files[0]),
        },
    };

    /** Browsers compute hashes on secure pages only. */
    get canHash() {
        return Boolean(window.crypto?.subtle);
    }

    /**
     * @param {File} [file]
     */
    async check(file) {
        if (!file || !this.canHash) {
            return;
        }
        const content = await this.waitFor(file.arrayBuffer());
        const digest = await this.waitFor(window.crypto.subtle.digest("SHA-256", content));
        const bytes = Array.from(new Uint8Array(digest));
        this.el.querySelector("#quote_sha256").value = bytes
            .map((byte) => byte.toString(16).padStart(2, "0"))
            .join("");
        this.el.requestSubmit();
    }
}

registry.category("public.interactions").add("commercial_quote_process.file_check", QuoteFileCheck);
