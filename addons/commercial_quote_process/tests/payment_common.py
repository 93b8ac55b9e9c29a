"""What the tests of payments and options share: quotes with a schedule, with options."""

from odoo.fields import Command

SHARES = (("acceptance", 30.0), ("milestone", 40.0), ("end", 30.0))


class PaymentMixin:
    """Schedules and options for quotes of ``QuoteProcessMixin``."""

    @classmethod
    def _create_priced_quote(cls, shares=SHARES, options=(), granularity="phase", **values):
        """Return a quote at its financial step, priced with a schedule.

        :param shares: pairs of a trigger and a percentage; the milestone is the plan's only one
        :param options: names of the rows that are options
        """
        order = cls._create_quote_at("technical", **values)
        cls._fill_estimate(order)
        order.sudo().estimate_id.with_user(cls.project_manager).action_ready()
        cls._schedule(order, shares)
        wizard = (
            order.env["quote.pricing"]
            .with_context(**order.action_price()["context"])
            .create({"granularity": granularity, "target_margin_percent": 33.3})
        )
        rows = wizard.preview["rows"]
        wizard.overrides = {
            row["key"]: {"optional": True} for row in rows if row["name"] in options
        }
        wizard.action_apply()
        return order

    @classmethod
    def _schedule(cls, order, shares):
        item = order.sudo().estimate_id.item_ids.filtered(lambda item: item.kind == "milestone")
        order.payment_row_ids = [
            Command.clear(),
            *(
                Command.create(
                    {
                        "sequence": rank,
                        "trigger": trigger,
                        "percent": percent,
                        "item_id": item.id if trigger == "milestone" else False,
                    }
                )
                for rank, (trigger, percent) in enumerate(shares)
            ),
        ]

    @classmethod
    def _send_quote(cls, order):
        order.action_request_validation()
        order.with_user(cls.commercial_approver).action_approve()
        order.action_quotation_sent()
        return order

    # === ACCOUNTING === #

    @classmethod
    def _setup_accounting(cls):
        """Give the company what an invoice needs, whatever is installed."""
        if not cls.company.chart_template:
            cls.env["account.chart.template"].try_loading("generic_coa", cls.company, False)

    @classmethod
    def _create_taxes(cls):
        return list(
            cls.env["account.tax"].create(
                [
                    {"name": f"VAT {rate}", "amount": rate, "type_tax_use": "sale"}
                    for rate in (20.0, 5.5)
                ]
            )
        )

    @classmethod
    def _get_foreign_currency(cls):
        currencies = cls.env.ref("base.EUR") | cls.env.ref("base.USD")
        foreign = (currencies - cls.company.currency_id)[0]
        foreign.active = True
        cls.env["res.currency.rate"].create(
            {"currency_id": foreign.id, "rate": 1.237, "name": "2020-01-01"}
        )
        return foreign

    # === AFTER THE SIGNATURE === #

    def _invoice(self, order):
        """Create the next invoice as its salesperson does, with what Odoo's wizard proposes."""
        wizard = (
            self.env["sale.advance.payment.inv"]
            .with_user(self.salesperson)
            .with_context(active_model="sale.order", active_ids=order.ids)
            .create({})
        )
        wizard.create_invoices()
        invoice = order.sudo().invoice_ids.sorted("id")[-1]
        self.assertEqual(invoice.state, "draft")
        invoice.action_post()
        return invoice

    def _deliver(self, order):
        """Return the project of a quote that the client accepts; the job has run."""
        projects = self._accept(order)
        self.patch(type(order), "_add_signed_copy", lambda *args: None)
        self.patch(type(order), "_post_confirmation", lambda self: self.env["mail.message"])
        order.sudo()._after_acceptance()
        return projects

    def _reach(self, project, name):
        milestone = project.milestone_ids.filtered(lambda milestone: milestone.name == name)
        self.assertEqual(len(milestone), 1)
        milestone.with_user(self.project_manager).is_reached = True
