import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { Interaction } from "@web/public/interaction";

/**
 * The options of an offer: ticking one shows at once what the offer then comes to. The server adds
 * up, so that the total shown is the total signed; nothing is written before the signature.
 */
export class QuoteOptions extends Interaction {
    static selector = ".o_quote_options[data-order-id]";
    dynamicContent = {
        "input[name='option']": { "t-on-change": this.onChange },
    };

    setup() {
        this.keepLast = new KeepLast();
    }

    start() {
        // A browser that goes back ticks what was ticked before.
        if (this.chosenIds.length) {
            this.onChange();
        }
    }

    /**
     * @returns {number[]} ids of the order lines that are ticked
     */
    get chosenIds() {
        return [...this.el.querySelectorAll("input[name='option']:checked")].map((input) =>
            Number(input.value),
        );
    }

    async onChange() {
        const totals = document.querySelectorAll(".o_quote_chosen_total");
        const { orderId, token } = this.el.dataset;
        totals.forEach((total) => total.setAttribute("aria-busy", "true"));
        let result;
        try {
            result = await this.waitFor(
                this.keepLast.add(
                    rpc(`/my/orders/${orderId}/options`, {
                        line_ids: this.chosenIds,
                        access_token: token,
                    }),
                ),
            );
        } catch {
            result = { error: this.el.dataset.offline };
        }
        totals.forEach((total) => {
            total.removeAttribute("aria-busy");
            total.textContent = result.total || "—";
        });
        const alert = this.el.querySelector(".o_quote_options_error");
        alert.textContent = result.error || "";
        alert.classList.toggle("d-none", !result.error);
    }
}

registry
    .category("public.interactions")
    .add("commercial_quote_process.quote_options", QuoteOptions);
