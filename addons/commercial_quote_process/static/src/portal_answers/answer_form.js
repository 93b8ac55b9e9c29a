import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { redirect } from "@web/core/utils/urls";
import { Interaction } from "@web/public/interaction";

/**
 * A dialog in which the client answers. It is sent without leaving the page, so that what was
 * typed, and the files that were chosen, stay when the server refuses.
 */
export class AnswerForm extends Interaction {
    static selector = ".o_quote_answer_form";
    dynamicContent = {
        _root: { "t-on-submit.prevent": this.locked(this.onSubmit) },
        "input[name='section']": { "t-on-change": this.onToggleSection },
        "input[name='file']": { "t-on-change": this.onChooseFiles },
    };

    setup() {
        // A browser that goes back to the page ticks the boxes again.
        for (const box of this.el.querySelectorAll("input[name='section']")) {
            this.showComment(box);
        }
    }

    /**
     * @param {Event} ev
     */
    onToggleSection(ev) {
        this.showComment(ev.currentTarget);
        if (ev.currentTarget.checked) {
            this.getComment(ev.currentTarget).focus();
        }
    }

    /**
     * @param {HTMLInputElement} box the box of a section
     * @returns {HTMLTextAreaElement}
     */
    getComment(box) {
        return this.el.querySelector(`textarea[name='comment_${box.value}']`);
    }

    /**
     * @param {HTMLInputElement} box the box of a section
     */
    showComment(box) {
        const comment = this.getComment(box);
        comment.classList.toggle("d-none", !box.checked);
        comment.required = box.checked;
        box.setAttribute("aria-expanded", box.checked ? "true" : "false");
    }

    /**
     * @param {Event} ev
     */
    onChooseFiles(ev) {
        this.showError(this.getFileError(ev.currentTarget));
    }

    /**
     * @param {HTMLInputElement} input
     * @returns {string} why these files cannot be sent, or nothing
     */
    getFileError(input) {
        const files = [...(input?.files || [])];
        if (files.length > Number(input?.dataset.maxCount)) {
            return _t("Send %s files at most.", input.dataset.maxCount);
        }
        const big = files.find((file) => file.size > Number(input.dataset.maxBytes));
        return big ? _t("“%s” is too big.", big.name) : "";
    }

    async onSubmit() {
        const fileError = this.getFileError(this.el.querySelector("input[name='file']"));
        if (fileError) {
            return this.showError(fileError);
        }
        this.showError("");
        const result = await this.waitFor(this.send());
        if (result.redirect_url) {
            redirect(result.redirect_url);
            // The button stays as it is until the page is left.
            return new Promise(() => {});
        }
        this.showError(result.error);
    }

    /**
     * @returns {Promise<Object>} `redirect_url`, or `error`
     */
    async send() {
        try {
            const response = await fetch(this.el.action, {
                method: "POST",
                body: new FormData(this.el),
                headers: { Accept: "application/json" },
            });
            if (response.status === 413) {
                return { error: _t("The files are too big.") };
            }
            return await response.json();
        } catch {
            return { error: _t("The connection failed. Nothing was sent; please try again.") };
        }
    }

    /**
     * @param {string} message nothing to hide it
     */
    showError(message) {
        const alert = this.el.querySelector("[name='answer_error']");
        alert.textContent = message || "";
        alert.classList.toggle("d-none", !message);
        if (message) {
            alert.focus();
        }
    }
}

registry.category("public.interactions").add("commercial_quote_process.answer_form", AnswerForm);
