import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { RPCError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { usePager } from "@web/search/pager_hook";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { QuestionThread } from "../quote_questions/question_thread";
import { writeDate, writeMoment } from "../validation_history/validation_format";
import { getLook, getWho, ValidationHistory } from "../validation_history/validation_history";
import { DecisionFigures } from "./decision_figures";
import { DecisionPanel } from "./decision_panel";

const LIST = "commercial_quote_process.sale_order_action_to_validate";
// Refusals that the screen explains; anything else is a fault and is shown as one.
const EXPECTED = new Set([
    "odoo.exceptions.AccessError",
    "odoo.exceptions.ConcurrencyError",
    "odoo.exceptions.LockError",
    "odoo.exceptions.UserError",
]);

/**
 * What an approver reads before deciding on a quote, and where the decision is taken.
 *
 * The decision carries the fingerprint of what was on the screen; when the quote has moved, the
 * screen is read again and shows what differs.
 */
export class QuoteDecision extends Component {
    static template = "commercial_quote_process.QuoteDecision";
    static components = {
        DecisionFigures,
        DecisionPanel,
        Layout,
        QuestionThread,
        ValidationHistory,
    };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.getLook = getLook;
        this.getWho = getWho;
        this.state = useState({ data: null, isBusy: false, message: "", queue: [] });
        onWillStart(() => (this.props.resId ? this.load(this.props.resId) : this.openList()));
        onWillUpdateProps(({ resId }) => resId !== this.props.resId && this.load(resId));
        usePager(() => this.getPager());
    }

    get data() {
        return this.state.data;
    }

    // === READING ===

    async load(id, seen = false) {
        const data = await this.orm.call("sale.order", "get_decision_data", [[id]], { seen });
        this.state.data = data;
        this.state.queue = data.queue;
        this.env.config.setDisplayName?.(data.name);
        this.props.updateActionState?.({ resId: id });
    }

    getPager() {
        const { data, queue } = this.state;
        const offset = data ? queue.indexOf(data.id) : -1;
        if (offset < 0 || queue.length < 2) {
            return undefined;
        }
        return {
            offset,
            limit: 1,
            total: queue.length,
            onUpdate: ({ offset: next }) => this.goTo(queue[next]),
        };
    }

    async goTo(id) {
        this.state.message = "";
        await this.load(id);
    }

    get asked() {
        const request = this.data.requests[0];
        return request
            ? _t("Asked by %(person)s on %(date)s.", {
                  person: request.asked_by,
                  date: writeMoment(request.asked_on),
              })
            : "";
    }

    get deadline() {
        const { deadline } = this.data;
        return deadline ? _t("To decide by %(date)s", { date: writeDate(deadline) }) : "";
    }

    get refusalTitle() {
        const { on, person, quote } = this.data.refusal;
        return _t("%(quote)s was refused by %(person)s on %(date)s", {
            quote,
            person,
            date: writeMoment(on),
        });
    }

    get waiting() {
        return this.state.queue.filter((id) => id !== this.data.id);
    }

    get pdfUrl() {
        return `/report/pdf/sale.report_saleorder/${this.data.id}`;
    }

    get changedTitle() {
        return _t("%(quote)s has changed since you opened it. This is what it says now.", {
            quote: this.data.name,
        });
    }

    // === DECIDING ===

    /**
     * Ask the server for something that it may refuse, then show where the quote stands.
     *
     * @param {string} method of sale.order
     * @param {Array} args after the ids
     * @param {Object} kwargs
     * @param {string} done what to say when it worked
     * @returns {Promise<boolean>} whether it worked
     */
    async act(method, args, kwargs, done) {
        const { fingerprint, id } = this.data;
        this.state.isBusy = true;
        this.state.message = "";
        let isDone = false;
        try {
            await this.orm.call("sale.order", method, [[id], ...args], kwargs);
            isDone = true;
            this.notification.add(done, { type: "success" });
        } catch (error) {
            if (!(error instanceof RPCError) || !EXPECTED.has(error.exceptionName)) {
                throw error;
            }
            this.state.message = error.data.message;
        } finally {
            this.state.isBusy = false;
        }
        await this.load(id, isDone ? false : fingerprint);
        if (this.data.changed && this.data.can_decide) {
            this.state.message = this.changedTitle;
        }
        return isDone;
    }

    approve(comment) {
        const { fingerprint, name } = this.data;
        const done = _t("You approved %(quote)s", { quote: name });
        return this.act("action_approve", [], { comment, fingerprint }, done);
    }

    refuse(reason, parts) {
        const { fingerprint, name } = this.data;
        const done = _t("You refused %(quote)s", { quote: name });
        return this.act("action_refuse", [reason, parts], { fingerprint }, done);
    }

    ask(question, part) {
        const done = _t("Your question is on its way");
        return this.act("action_ask_question", [question, part], {}, done);
    }

    // === GOING ELSEWHERE ===

    openNext() {
        return this.goTo(this.waiting[0]);
    }

    openList() {
        return this.action.doAction(LIST, { clearBreadcrumbs: true });
    }

    openForm(resModel, resId) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: resModel,
            res_id: resId,
            views: [[false, "form"]],
        });
    }
}

registry.category("lazy_components").add("QuoteDecision", QuoteDecision);
