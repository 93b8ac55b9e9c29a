from odoo.fields import Command

from .common import QuoteProcessCase


class RulesCase(QuoteProcessCase):
    """A priced quote, and rules made for each test; the rule that comes with the addon is off."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["quote.validation.rule"].search([]).active = False
        cls.order = cls._create_quote_at("financial")

    @classmethod
    def _create_rule(cls, approvers, **values):
        return cls.env["quote.validation.rule"].create(
            {"name": "Rule", "user_ids": [Command.set(approvers.ids)], **values}
        )

    def _request(self, order=None):
        order = order or self.order
        order.action_request_validation()
        return order.sudo().validation_ids.filtered(lambda row: row.state in ("pending", "queued"))

    def _approve(self, user, order=None):
        (order or self.order).with_user(user).action_approve()

    def _tasks(self):
        xmlid = "commercial_quote_process.activity_type_validation"
        return self.order.sudo().activity_ids.filtered(
            lambda activity: activity.activity_type_id == self.env.ref(xmlid)
        )
