import { _t } from "@web/core/l10n/translation";
import { PlanError } from "./plan_rules";
import { ScheduleCycleError } from "./schedule";

/** The sentence that says why a change is not possible, by code of `PlanError`. */
const SENTENCES = {
    missing: () => _t("This row is not there any more."),
    command: () => _t("This change is not possible."),
    name: () => _t("A row needs a name."),
    duration: ({ name }) => _t("“%(name)s”: days are a number between 0 and 9999.", { name }),
    days: ({ name }) => _t("“%(name)s”: days are a number between 0 and 9999.", { name }),
    parent: (params) =>
        _t("“%(name)s” cannot go into “%(parent)s”: only phases hold other rows.", params),
    depth: ({ name }) => _t("“%(name)s” would be inside too many phases.", { name }),
    phase_kind: ({ name }) =>
        _t("“%(name)s” has rows inside, so it stays a phase. Move them out first.", { name }),
    workload_kind: ({ name }) =>
        _t("Only a task has a workload: “%(name)s” stays or becomes a task first.", { name }),
};

/**
 * @param {Error} error what `PlanDocument.apply` has thrown
 * @param {PlanDocument} plan
 * @returns {string|undefined} nothing when the error is not about the plan
 */
export function explain(error, plan) {
    if (error instanceof ScheduleCycleError) {
        const names = error.keys.map((key) => `“${plan.getItem(key)?.name || "?"}”`);
        return _t(
            "These items wait for each other in a circle: %(items)s. Remove one of their" +
                " dependencies.",
            { items: [...names, names[0]].join(" → ") },
        );
    }
    return error instanceof PlanError ? SENTENCES[error.code](error.params) : undefined;
}
