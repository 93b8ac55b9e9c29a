import { Component, markup, onWillStart, useState } from "@odoo/owl";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { ComparisonLine } from "./comparison_line";

const OFFERS = "commercial_quote_process.sale_order_action_offers";

/**
 * Two versions of a quote side by side: figures, lines, plan, terms, texts, requirements.
 *
 * The server compares, formats and leaves out what the reader may not see; the screen lets the
 * reader choose the two versions and how much of them to read.
 */
export class QuoteComparison extends Component {
    static template = "commercial_quote_process.QuoteComparison";
    static components = { ComparisonLine, Layout };
    static props = {
        ...standardActionServiceProps,
        otherId: { type: [Number, Boolean], optional: true },
    };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.loading = new KeepLast();
        this.state = useState({ data: null, isBusy: false, onlyDifferences: true });
        onWillStart(() => this.start());
    }

    get data() {
        return this.state.data;
    }

    async start() {
        const { resId, otherId } = this.props;
        if (resId && otherId) {
            await this.load(otherId, resId);
        } else {
            // A link without its two versions leads to the list, where they can be chosen.
            this.action.doAction(OFFERS, { clearBreadcrumbs: true });
        }
    }

    // === READING ===

    /**
     * @param {number} older id of the version on the left
     * @param {number} newer id of the version on the right
     */
    async load(older, newer) {
        const data = await this.loading.add(
            this.orm.call("sale.order", "get_comparison", [[newer], older]),
        );
        // What the server marked as HTML, which it escaped word by word.
        data.lines.forEach((line) => (line.name = markup(line.name)));
        data.texts.forEach((text) => (text.text = markup(text.text)));
        data.plan.before = markup(data.plan.before);
        data.plan.after = markup(data.plan.after);
        this.state.data = data;
        this.env.config.setDisplayName?.(`${this.older.name} ↔ ${this.newer.name}`);
        this.props.updateActionState?.({ resId: newer, other: older });
    }

    get older() {
        return this.getVersion(this.data.older);
    }

    get newer() {
        return this.getVersion(this.data.newer);
    }

    getVersion(id) {
        return this.data.versions.find((version) => version.id === id);
    }

    /** @returns {Array<Object>} both sides, as the header and the selectors show them */
    get sides() {
        return [
            { name: "older", label: _t("Version on the left"), version: this.older },
            { name: "newer", label: _t("Version on the right"), version: this.newer },
        ];
    }

    /** @returns {Array<Object>} what of a part differs, or all of it */
    shown(rows) {
        return this.state.onlyDifferences ? rows.filter((row) => this.differs(row)) : rows;
    }

    differs(row) {
        return row.state ? row.state !== "same" : row.changed;
    }

    /** @returns {string} how much of a part differs, in words */
    count(rows) {
        const count = rows.filter((row) => this.differs(row)).length;
        if (!count) {
            return _t("the same in both");
        }
        return count === 1 ? _t("1 difference") : _t("%(count)s differences", { count });
    }

    get planCount() {
        return this.count(this.data.plan.changes.map(() => ({ changed: true })));
    }

    get hasPlan() {
        const { before, after } = this.data.plan;
        return Boolean(before.length || after.length);
    }

    // === ACTING ===

    onChoose(side, ev) {
        const chosen = Number(ev.target.value);
        const { older, newer } = this.data;
        if (side === "older") {
            return this.load(chosen, chosen === newer ? older : newer);
        }
        return this.load(chosen === older ? newer : older, chosen);
    }

    swap() {
        return this.load(this.data.newer, this.data.older);
    }

    print() {
        window.print();
    }

    openVersion(id) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "sale.order",
            res_id: id,
            views: [[false, "form"]],
        });
    }

    restoreOlder() {
        this.dialog.add(ConfirmationDialog, {
            title: _t("Restore %(version)s", { version: this.older.name }),
            body: _t(
                "A new version is made with the content of %(version)s. Nothing changes for the client until it has been validated and sent.",
                { version: this.older.name },
            ),
            confirmLabel: _t("Make the version"),
            confirm: () => this.confirmRestore(),
            cancel: () => {},
        });
    }

    async confirmRestore() {
        this.state.isBusy = true;
        try {
            const action = await this.orm.call("sale.order", "action_restore_version", [
                [this.data.older],
            ]);
            await this.action.doAction(action);
        } finally {
            this.state.isBusy = false;
        }
    }
}

registry.category("lazy_components").add("QuoteComparison", QuoteComparison);
