import { browser } from "@web/core/browser/browser";
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
        this.showError(this.getFileError(ev.currentTarget), "file");
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
            return this.showError(fileError, "file");
        }
        this.showError("");
        const result = await this.waitFor(this.send());
        if (result.redirect_url) {
            redirect(result.redirect_url);
            // The button stays as it is until the page is left.
            return new Promise(() => {});
        }
        this.showError(result.error, result.field);
    }

    /**
     * @returns {Promise<Object>} `redirect_url`, or `error` and the name of its `field` if it has one
     */
    async send() {
        try {
            let response = await this.post();
            if (response.status === 400 && (await this.renewToken())) {
                response = await this.post();
            }
            if (response.status === 413) {
                return { error: _t("The files are too big.") };
            }
            return await response.json();
        } catch {
            return {
                error: _t(
                    "The connection failed and your answer may be lost: please send it again.",
                ),
            };
        }
    }

    post() {
        return fetch(this.el.action, {
            method: "POST",
            body: new FormData(this.el),
            headers: { Accept: "application/json" },
        });
    }

    /**
     * A page that was open for days belongs to a session that has ended: it goes on in a new one,
     * and what was typed stays.
     *
     * @returns {Promise<boolean>} whether there is another token than before
     */
    async renewToken() {
        const response = await fetch(browser.location.href);
        const page = new DOMParser().parseFromString(await response.text(), "text/html");
        const token = page.querySelector("[name='csrf_token']")?.value;
        const input = this.el.querySelector("[name='csrf_token']");
        const isNew = Boolean(token) && token !== input.value;
        input.value = token || input.value;
        return isNew;
    }

    /**
     * Say what is wrong, and take the reader to the field that it is about.
     *
     * @param {string} message nothing to hide it
     * @param {string} [fieldName] name of the input that it is about, if it is about one
     */
    showError(message, fieldName) {
        const alert = this.el.querySelector("[name='answer_error']");
        alert.textContent = message || "";
        alert.classList.toggle("d-none", !message);
        for (const input of this.el.querySelectorAll("[aria-invalid]")) {
            this.markField(input, alert, false);
        }
        if (message) {
            const input = fieldName && this.el.querySelector(`[name='${fieldName}']`);
            if (input) {
                this.markField(input, alert, true);
            }
            (input || alert).focus();
        }
    }

    /**
     * @param {HTMLElement} input
     * @param {HTMLElement} alert what says what is wrong with it
     * @param {boolean} isWrong
     */
    markField(input, alert, isWrong) {
        const described = (input.getAttribute("aria-describedby") || "").split(" ");
        const ids = described.filter((id) => id && id !== alert.id);
        input.classList.toggle("is-invalid", isWrong);
        if (isWrong) {
            ids.unshift(alert.id);
            input.setAttribute("aria-invalid", "true");
        } else {
            input.removeAttribute("aria-invalid");
        }
        input.setAttribute("aria-describedby", ids.join(" "));
    }
}

registry.category("public.interactions").add("commercial_quote_process.answer_form", AnswerForm);
