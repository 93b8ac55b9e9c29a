"""What uninstalling leaves behind: a pipeline that works, and nothing of the people's own data."""

from odoo.tools import SQL

MODULE = "commercial_quote_process"
# Records that came with the addon and that other rows name: they are not deleted one by one. Those
# of our own models go with their tables.
KEPT_DATA = (
    "account.fiscal.position",
    "account.tax",
    "account.tax.group",
    "crm.lead",
    "crm.lost.reason",
    "mail.activity",
    "mail.alias",
    "product.product",
    "product.template",
    "project.role",
    "quote.decline.reason",
    "quote.followup.step",
    "res.partner",
    "res.users",
    "sale.order",
    "utm.source",
)


def uninstall_hook(env):
    """Hand the opportunities, the team and the activities of the process back to Odoo."""
    _end_validations(env)
    _move_leads_to_stock_stages(env)
    _release_used_teams(env)
    _release_activities(env)
    for model in KEPT_DATA:
        _release_data(env, model)
    _give_evidence_to_quotes(env)
    env.invalidate_all()
    env.registry.clear_cache()


def _end_validations(env):
    """Let nothing wait for a decision: groups that go would make us look for other approvers.

    In SQL, as nothing else may end a validation.
    """
    env.cr.execute(
        "UPDATE quote_validation SET state = 'withdrawn' WHERE state IN ('pending', 'queued')"
    )
    env["quote.validation"].invalidate_model(["state"])


def _move_leads_to_stock_stages(env):
    """Put opportunities into the nearest stage outside the process, or keep their stage.

    In SQL: won and lost opportunities stay so, and their history is not rewritten.
    """
    stages = env["crm.stage"].search([("quote_step", "!=", False)], order="sequence, id")
    stock_stages = env["crm.stage"].search([("quote_step", "=", False)], order="sequence, id")
    for stage, target in _get_nearest_stages(stages, stock_stages):
        env.cr.execute(
            SQL("UPDATE crm_lead SET stage_id = %s WHERE stage_id = %s", target.id, stage.id)
        )
    env.cr.execute(
        SQL(
            "SELECT DISTINCT stage_id FROM crm_lead WHERE stage_id IN %s",
            tuple(stages.ids) or (0,),
        )
    )
    kept_ids = [stage_id for (stage_id,) in env.cr.fetchall()]
    _forget_xmlids(env, "crm.stage", kept_ids)
    # Without its step, a stage of the process is a stage like any other and may be deleted.
    stages.quote_step = False


def _get_nearest_stages(stages, stock_stages):
    """Return pairs of a stage of the process and the stock stage that comes nearest to it.

    :param stages: stages of the process, in order
    :param stock_stages: the other stages, in order
    :return: list of (crm.stage, crm.stage); empty when there is no stock stage of that kind
    """
    pairs = []
    for is_won in (False, True):
        sources = stages.filtered(lambda stage, is_won=is_won: stage.is_won == is_won)
        targets = stock_stages.filtered(lambda stage, is_won=is_won: stage.is_won == is_won)
        shared = targets.filtered(lambda stage: not stage.team_ids)
        targets = shared or targets
        last = len(targets) - 1
        for index, source in enumerate(sources):
            if targets:
                # Spread over the stock stages, rounded up: a contact made is no longer new.
                position = -(-index * last // max(len(sources) - 1, 1))
                pairs.append((source, targets[position]))
    return pairs


def _release_used_teams(env):
    """Let a team that people use survive, with its alias: they stop belonging to the addon."""
    rows = env["ir.model.data"].search([("module", "=", MODULE), ("model", "=", "crm.team")])
    teams = env["crm.team"].browse(rows.mapped("res_id")).exists()
    used = teams.filtered("member_ids")
    for model in ("crm.lead", "sale.order"):
        records = env[model].with_context(active_test=False)
        groups = records._read_group([("team_id", "in", teams.ids)], ["team_id"])
        used = used.union(*(team for (team,) in groups))
    _forget_xmlids(env, "crm.team", used.ids)
    _forget_xmlids(env, "mail.alias", used.alias_id.ids)


def _release_activities(env):
    """Turn activities of our types, done ones included, into plain to-dos."""
    rows = env["ir.model.data"].search(
        [("module", "=", MODULE), ("model", "=", "mail.activity.type")]
    )
    todo = env.ref("mail.mail_activity_data_todo")
    env.cr.execute(
        SQL(
            "UPDATE mail_activity SET activity_type_id = %s WHERE activity_type_id IN %s",
            todo.id,
            tuple(rows.mapped("res_id")) or (0,),
        )
    )


def _forget_xmlids(env, model, ids):
    env["ir.model.data"].search(
        [("module", "=", MODULE), ("model", "=", model), ("res_id", "in", ids)]
    ).unlink()


def _release_data(env, model):
    """Let records that came with the addon survive its data.

    :param str model: model of these records
    """
    rows = env["ir.model.data"].search([("module", "=", MODULE), ("model", "=", model)])
    _forget_xmlids(env, model, rows.mapped("res_id"))


def _give_evidence_to_quotes(env):
    """Hang the files of the acceptances on their quotes: their own rows go with the tables.

    In SQL, as nothing else may touch evidence.
    """
    env.cr.execute(
        SQL(
            """
            UPDATE ir_attachment
               SET res_model = 'sale.order',
                   res_id = quote_acceptance.order_id,
                   res_field = NULL
              FROM quote_acceptance
             WHERE ir_attachment.res_model = 'quote.acceptance'
               AND ir_attachment.res_id = quote_acceptance.id
            """
        )
    )
    env.cr.execute(
        SQL(
            """
            UPDATE ir_attachment
               SET res_model = 'sale.order',
                   res_id = quote_sent_document.order_id,
                   res_field = NULL
              FROM quote_sent_document
             WHERE ir_attachment.res_model = 'quote.sent.document'
               AND ir_attachment.id = quote_sent_document.attachment_id
            """
        )
    )
    env.cr.execute(
        SQL(
            """
            UPDATE ir_attachment
               SET res_model = 'sale.order',
                   res_id = quote_change_request.order_id
              FROM quote_change_request
             WHERE ir_attachment.res_model = 'quote.change.request'
               AND ir_attachment.res_id = quote_change_request.id
            """
        )
    )
