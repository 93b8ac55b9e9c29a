import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { writeMoment } from "./validation_format";

// Requests that are shown before the reader asks for the others.
const SHOWN = 3;
const STATES = {
    pending: { icon: "fa-clock-o", tone: "warning" },
    queued: { icon: "fa-hourglass-o", tone: "secondary" },
    approved: { icon: "fa-check", tone: "success" },
    refused: { icon: "fa-times", tone: "danger" },
    withdrawn: { icon: "fa-undo", tone: "secondary" },
    outdated: { icon: "fa-history", tone: "secondary" },
};

/** Icon and colour of a row of the history. */
export function getLook({ state }) {
    return STATES[state] || STATES.pending;
}

/** Who decided on a row of the history, and when; or who may. */
export function getWho({ decided_on, on_behalf_of, people, person, state }) {
    const date = writeMoment(decided_on);
    if (on_behalf_of) {
        return _t("%(person)s for %(absent)s, %(date)s", { person, absent: on_behalf_of, date });
    }
    if (person) {
        return _t("%(person)s, %(date)s", { person, date });
    }
    if (!people) {
        return "";
    }
    return state === "queued"
        ? _t("Then it waits for %(people)s", { people })
        : _t("Waits for %(people)s", { people });
}

/** What was asked and decided: one block per request, the newest first. */
export class ValidationHistory extends Component {
    static template = "commercial_quote_process.ValidationHistory";
    static props = { requests: { type: Array } };

    setup() {
        this.state = useState({ isComplete: false });
        this.getLook = getLook;
        this.getWho = getWho;
    }

    get requests() {
        return this.state.isComplete ? this.props.requests : this.props.requests.slice(0, SHOWN);
    }

    get hiddenCount() {
        return this.props.requests.length - this.requests.length;
    }

    get moreLabel() {
        return _t("Show the %(count)s earlier requests", { count: this.hiddenCount });
    }

    getTitle({ asked_by, asked_on }) {
        return _t("Asked by %(person)s on %(date)s", {
            person: asked_by,
            date: writeMoment(asked_on),
        });
    }
}

class ValidationHistoryField extends Component {
    static template = "commercial_quote_process.ValidationHistoryField";
    static components = { ValidationHistory };
    static props = { ...standardFieldProps };

    get requests() {
        return this.props.record.data[this.props.name] || [];
    }
}

registry.category("fields").add("quote_validation_history", {
    component: ValidationHistoryField,
    supportedTypes: ["json"],
});
