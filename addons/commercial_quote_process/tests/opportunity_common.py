import base64

from .common import QuoteProcessCase


class IdentificationCase(QuoteProcessCase):
    """Opportunities of a team in the process, and of one outside it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Stage = cls.env["crm.stage"]
        cls.stock_stages = cls.Stage.search([("quote_step", "=", False)])
        cls.file = base64.b64encode(b"%PDF-1.4 specification")

    def _get_stage(self, step):
        return self.env.ref(f"commercial_quote_process.stage_{step}")

    def _end_of_request(self):
        """Let the changes of a request be logged, as its commit does."""
        self.env.flush_all()
        self.env.cr.precommit.run()

    def _get_columns(self, user=None, **context):
        """Return the columns of the pipeline that a user opens."""
        leads = self.env["crm.lead"].with_user(user or self.salesperson)
        leads = leads.with_context(read_group_expand=True, **context)
        pipeline = leads.web_read_group([("type", "=", "opportunity")], ["stage_id"], ["__count"])
        return self.Stage.browse(group["stage_id"][0] for group in pipeline["groups"])

    def _create_stock_lead(self, **values):
        return self._create_lead(**{"team_id": self.stock_team.id, **values})

    def _add_specification(self, lead, **values):
        return lead.env["quote.specification"].create(
            {"lead_id": lead.id, "file": self.file, "filename": "CCTP.pdf", **values}
        )
