import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { writeMoment } from "../validation_history/validation_format";

/** Questions of approvers and their answers; whoever may answer does it here. */
export class QuestionThread extends Component {
    static template = "commercial_quote_process.QuestionThread";
    static props = {
        questions: { type: Array },
        onAnswered: { type: Function },
    };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ answers: {}, isBusy: false });
    }

    getTitle({ asked_by, asked_on, asked_to }) {
        return _t("%(asker)s asked %(person)s on %(date)s", {
            asker: asked_by,
            person: asked_to,
            date: writeMoment(asked_on),
        });
    }

    getAnswerTitle({ answered_by, answered_on }) {
        return _t("%(person)s answered on %(date)s", {
            person: answered_by,
            date: writeMoment(answered_on),
        });
    }

    isAnswerTyped({ id }) {
        return Boolean((this.state.answers[id] || "").trim());
    }

    async answer({ id }) {
        this.state.isBusy = true;
        try {
            const answer = this.state.answers[id];
            await this.orm.call("quote.validation.question", "action_answer", [[id], answer]);
            delete this.state.answers[id];
        } finally {
            this.state.isBusy = false;
        }
        await this.props.onAnswered();
    }
}

class QuestionThreadField extends Component {
    static template = "commercial_quote_process.QuestionThreadField";
    static components = { QuestionThread };
    static props = { ...standardFieldProps };

    get questions() {
        return this.props.record.data[this.props.name] || [];
    }

    /** What was typed elsewhere on the form is not lost by an answer. */
    async onAnswered() {
        await this.props.record.save();
        await this.props.record.load();
    }
}

registry.category("fields").add("quote_questions", {
    component: QuestionThreadField,
    supportedTypes: ["json"],
});
