import { patch } from "@web/core/utils/patch";
import { FormCompiler } from "@web/views/form/form_compiler";
import { StatusBarButtons } from "@web/views/form/status_bar_buttons/status_bar_buttons";

/** Buttons with this class stand under “More” in the head of a quote of the process. */
const FOLDED_CLASS = "o_quote_fold";

patch(FormCompiler.prototype, {
    compileHeader() {
        const statusBar = super.compileHeader(...arguments);
        for (const slot of statusBar.querySelectorAll("StatusBarButtons > t")) {
            const className = slot.firstElementChild?.getAttribute("className");
            if (className?.includes(FOLDED_CLASS)) {
                slot.setAttribute("isFolded", "__comp__.props.record.data.quote_process");
            }
        }
        return statusBar;
    },
});

patch(StatusBarButtons.prototype, {
    get unfoldedSlotNames() {
        return this.visibleSlotNames.filter((name) => !this.props.slots[name].isFolded);
    },

    get foldedSlotNames() {
        return this.visibleSlotNames.filter((name) => this.props.slots[name].isFolded);
    },
});
