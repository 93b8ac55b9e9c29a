import { Component, useEffect, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

/** Where an approver decides or asks: beside the figures, or at the bottom of a phone. */
export class DecisionPanel extends Component {
    static template = "commercial_quote_process.DecisionPanel";
    static props = {
        data: { type: Object },
        isBusy: { type: Boolean },
        waitingCount: { type: Number },
        onApprove: { type: Function },
        onRefuse: { type: Function },
        onAsk: { type: Function },
        onNext: { type: Function },
        onList: { type: Function },
    };

    setup() {
        this.ui = useService("ui");
        this.text = useRef("text");
        this.state = useState({
            mode: "",
            comment: "",
            reason: "",
            question: "",
            part: "commercial",
            askTechnical: false,
            askCommercial: true,
        });
        useEffect(
            () => this.text.el?.focus(),
            () => [this.state.mode],
        );
    }

    get parts() {
        const { commercial, technical } = this.props.data.owners;
        return [
            { value: "commercial", label: _t("Commercial part"), owner: commercial },
            { value: "technical", label: _t("Technical part"), owner: technical },
            { value: "both", label: _t("Both parts"), owner: "" },
        ].filter(({ value }) => technical || value === "commercial");
    }

    get askedPart() {
        const { askCommercial, askTechnical } = this.state;
        if (askCommercial && askTechnical) {
            return "both";
        }
        return (askTechnical && "technical") || (askCommercial && "commercial") || "";
    }

    get isComplete() {
        const { mode, question, reason } = this.state;
        if (mode === "refuse") {
            return Boolean(reason.trim());
        }
        return mode !== "ask" || Boolean(question.trim() && this.askedPart);
    }

    get nextLabel() {
        return _t("Next to decide (%(count)s)", { count: this.props.waitingCount });
    }

    open(mode) {
        this.state.mode = mode;
    }

    onKeydown(ev) {
        if (ev.key === "Enter" && (ev.ctrlKey || ev.metaKey)) {
            ev.preventDefault();
            this.confirm();
        } else if (ev.key === "Escape") {
            ev.stopPropagation();
            this.open("");
        }
    }

    async confirm() {
        if (!this.isComplete || this.props.isBusy) {
            return;
        }
        const { comment, mode, part, question, reason } = this.state;
        const isDone = await {
            approve: () => this.props.onApprove(comment.trim()),
            refuse: () => this.props.onRefuse(reason.trim(), part),
            ask: () => this.props.onAsk(question.trim(), this.askedPart),
        }[mode]();
        // What was typed stays when nothing came of it.
        this.open("");
        if (isDone) {
            Object.assign(this.state, { comment: "", reason: "", question: "" });
        }
    }
}
