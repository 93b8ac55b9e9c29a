from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import SQL


class QuoteEstimateRequirementMixin(models.AbstractModel):
    """The requirements of the client on the screen of an estimate: answers, links, coverage."""

    _name = "quote.estimate.requirement.mixin"
    _description = "Requirements answered by an estimate"
    _inherit = ["quote.estimate.compliance.mixin"]

    requirement_count = fields.Integer(
        string="Number of requirements", compute="_compute_coverage", compute_sudo=True
    )
    requirement_answered_count = fields.Integer(
        string="Requirements answered", compute="_compute_coverage", compute_sudo=True
    )
    requirement_answered_percent = fields.Float(
        string="Answered (%)", compute="_compute_coverage", compute_sudo=True
    )
    requirement_coverage_percent = fields.Float(
        string="Covered by the plan (%)",
        compute="_compute_coverage",
        compute_sudo=True,
        help="Share of the requirements that at least one item of the plan covers.",
    )
    requirement_unexplained_count = fields.Integer(
        string="Not compliant without a comment",
        compute="_compute_coverage",
        compute_sudo=True,
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "quote_step",
        "compliance_matrix",
        "requirement_ids.compliance",
        "requirement_ids.comment",
        "requirement_ids.item_ids",
    )
    def _compute_coverage(self):
        for estimate in self:
            rows = estimate._get_compliance_rows()
            answered = sum(row["compliance"] != "to_answer" for row in rows)
            covered = sum(bool(row["items"]) for row in rows)
            estimate.requirement_count = len(rows)
            estimate.requirement_answered_count = answered
            estimate.requirement_answered_percent = 100 * answered / len(rows) if rows else 0.0
            estimate.requirement_coverage_percent = 100 * covered / len(rows) if rows else 0.0
            estimate.requirement_unexplained_count = sum(
                row["compliance"] == "non_compliant" and not row["comment"] for row in rows
            )

    # === LINKS === #

    def _copy_requirement_links(self, copied_items):
        """Let the items of a new version cover what their originals cover.

        :param dict copied_items: id of the copied item by id of its original
        """
        if not copied_items:
            return
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO quote_requirement_item_rel (requirement_id, item_id)
                SELECT link.requirement_id, copy.item_id
                  FROM quote_requirement_item_rel AS link
                  JOIN (VALUES %s) AS copy (original_id, item_id)
                    ON link.item_id = copy.original_id
                """,
                SQL(", ").join(SQL("(%s, %s)", *pair) for pair in copied_items.items()),
            )
        )
        self.env["quote.requirement"].invalidate_model(["item_ids", "estimate_item_ids"])

    # === CRUD METHODS === #

    def write(self, vals):
        """Answers typed on the screen of the estimate go to the requirements themselves."""
        if "requirement_ids" not in vals:
            return super().write(vals)
        vals = dict(vals)
        commands = vals.pop("requirement_ids")
        for estimate in self:
            estimate._write_requirements(commands)
        return super().write(vals) if vals else True

    def _write_requirements(self, commands):
        """Apply what was typed in the list of requirements, with the rights of the person.

        :param list commands: create, update and delete commands of a one2many
        :raise UserError: when a command is about a requirement of another opportunity
        """
        self.ensure_one()
        self.check_access("write")
        lead_sudo = self.sudo().order_id.opportunity_id
        own = self.requirement_ids.with_context(quote_estimate_id=self.id)
        for operation, requirement_id, values in commands or ():
            if operation == Command.CREATE and lead_sudo:
                own.create({**values, "lead_id": lead_sudo.id})
                continue
            if operation not in (Command.UPDATE, Command.DELETE) or requirement_id not in own.ids:
                raise UserError(
                    self.env._("The requirements of an offer are those of its opportunity.")
                )
            requirement = own.browse(requirement_id)
            if operation == Command.DELETE:
                requirement.unlink()
            else:
                requirement.write(values)

    # === ACTIONS === #

    def action_ready(self):
        """Ask first when a tender leaves requirements without an answer; it may be meant.

        :return: what ``super()`` returns, or the dialog that asks
        """
        if not self.env.context.get("quote_unanswered_confirmed"):
            for estimate in self:
                if estimate._is_tender_unanswered():
                    estimate.check_access("write")
                    estimate._check_step("technical")
                    estimate._check_complete()
                    return estimate._get_ready_confirmation_action()
        return super().action_ready()

    def _is_tender_unanswered(self):
        """Return whether this is the answer to a tender that leaves requirements unanswered.

        :rtype: bool
        """
        self.ensure_one()
        estimate_sudo = self.sudo()
        return estimate_sudo.order_id.opportunity_id.opportunity_kind == "tender" and any(
            row["compliance"] == "to_answer" for row in estimate_sudo._get_compliance_rows()
        )

    def _get_ready_confirmation_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Requirements without an answer"),
            "res_model": "quote.estimate.ready",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_estimate_id": self.id},
        }

    def action_answer_requirements(self):
        """Open the requirements of the client, to say how far the offer meets each one.

        :rtype: dict
        """
        self.ensure_one()
        self.check_access("read")
        list_view = self.env.ref("commercial_quote_process.quote_requirement_view_list_answer")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Requirements of %(client)s", client=self.partner_name),
            "res_model": "quote.requirement",
            "views": [(list_view.id, "list"), (False, "kanban"), (False, "form")],
            "domain": [("id", "in", self.requirement_ids.ids)],
            "context": {
                "create": False,
                "delete": False,
                "quote_estimate_id": self.id,
                "search_default_to_answer": self.requirement_answered_count
                < self.requirement_count,
            },
        }
