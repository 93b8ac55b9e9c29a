import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

// Seconds between two questions: soon at first, then ever more patient, then no more.
const PAUSES = [4, 6, 10, 15, 20, 30, 30, 60, 60, 120, 120, 300, 300];

/**
 * A file that is being prepared: the page asks from time to time whether it is there, while
 * somebody looks at the page, and offers it without loading anything again.
 */
export class QuoteFiles extends Interaction {
    static selector = "#wrap:has(.o_quote_files[data-waits-for])";
    dynamicContent = {
        _document: { "t-on-visibilitychange": () => this.onVisibilityChange() },
    };

    setup() {
        const { url, waitsFor } = this.el.querySelector(".o_quote_files[data-waits-for]").dataset;
        this.url = url;
        this.waitsFor = waitsFor;
        this.turn = 0;
        this.isWaiting = false;
    }

    start() {
        this.wait();
    }

    onVisibilityChange() {
        if (!document.hidden) {
            this.wait();
        }
    }

    /** Ask again after the next pause; one question at a time, none for a page in the background. */
    wait() {
        if (this.isWaiting || this.turn >= PAUSES.length || document.hidden) {
            return;
        }
        this.isWaiting = true;
        this.waitForTimeout(() => this.ask(), 1000 * PAUSES[this.turn++]);
    }

    async ask() {
        const files = await this.waitFor(this.fetchFiles());
        this.isWaiting = false;
        if (files[this.waitsFor]) {
            this.turn = PAUSES.length;
            this.protectSyncAfterAsync(() => this.offer())();
        } else {
            this.wait();
        }
    }

    /**
     * @returns {Promise<Object>} whether each file is there, by name; empty when nobody answers
     */
    async fetchFiles() {
        try {
            const response = await fetch(this.url, { headers: { Accept: "application/json" } });
            return response.ok ? await response.json() : {};
        } catch {
            return {};
        }
    }

    /** Show the links to the file where the page said that it is being prepared. */
    offer() {
        const hide = ".o_quote_waiting, .o_quote_copy_pending";
        const show = ".o_quote_files .btn, .o_quote_copy_ready";
        this.el.querySelectorAll(hide).forEach((el) => el.classList.add("d-none"));
        this.el.querySelectorAll(show).forEach((el) => el.classList.remove("d-none"));
    }
}

registry.category("public.interactions").add("commercial_quote_process.quote_files", QuoteFiles);
