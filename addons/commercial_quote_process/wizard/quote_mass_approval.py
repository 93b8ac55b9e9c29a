from odoo import api, fields, models
from odoo.exceptions import AccessError, ConcurrencyError, UserError


class QuoteMassApproval(models.TransientModel):
    """Several quotes approved at once, each bound to what this dialog shows of it."""

    _name = "quote.mass.approval"
    _description = "Approval of several quotes"

    line_ids = fields.One2many("quote.mass.approval.line", "wizard_id", string="Quotes")
    comment = fields.Text(help="Kept with each approval.")
    is_done = fields.Boolean(readonly=True)
    summary = fields.Char(compute="_compute_summary")

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        if "line_ids" in fields_list and self.env.context.get("active_model") == "sale.order":
            orders = self.env["sale.order"].browse(self.env.context.get("active_ids"))
            values["line_ids"] = [
                fields.Command.create({"order_id": order.id, "fingerprint": fingerprint})
                for order, fingerprint in self._get_fingerprints(orders).items()
            ]
        return values

    @api.model
    def _get_fingerprints(self, orders):
        """Return the fingerprint of the whole content of each quote that the user may read."""
        readable = orders.exists()._filtered_access("read")
        return {order: order._get_fingerprint()["all"] for order in readable}

    @api.depends("line_ids.state")
    def _compute_summary(self):
        for wizard in self:
            approved = wizard.line_ids.filtered(lambda line: line.state == "approved")
            wizard.summary = self.env._(
                "%(approved)s of %(count)s quotes approved.",
                approved=len(approved),
                count=len(wizard.line_ids),
            )

    # === DECIDING === #

    def action_approve(self):
        """Approve what can be approved, and say of each other quote why it was not.

        :return: the action that shows the outcome
        :rtype: dict
        """
        self.ensure_one()
        todo = self.line_ids.filtered(lambda line: line.state == "todo")
        if not self._approve_safely(todo):
            # One of them fails: the others must not.
            for line in todo:
                self._approve_safely(line)
        self.is_done = True
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    def _approve_safely(self, lines):
        """Approve the quotes of some lines, all or none of them.

        :return: whether they were approved; a single line then says why it was not
        :rtype: bool
        """
        try:
            with self.env.cr.savepoint():
                lines.order_id._approve(self.comment, lines._get_fingerprints_by_id())
        except (AccessError, ConcurrencyError, UserError) as error:
            if len(lines) == 1:
                lines._set_refused(error)
            return False
        lines.state = "approved"
        return True

    def action_close(self):
        """Close the dialog and read the list behind it again."""
        return {"type": "ir.actions.client", "tag": "soft_reload"}
