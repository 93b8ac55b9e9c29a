import os
from pathlib import Path

from odoo.tests import TransactionCase, tagged

from .rights_table import RightsTable

TABLE = Path(__file__).parents[3] / "docs" / "rights.md"
COMMAND = "setup/rights_table"


@tagged("post_install", "-at_install")
class TestRightsTable(TransactionCase):
    """docs/rights.md is what the database does."""

    maxDiff = None

    def test_table_of_rights_is_up_to_date(self):
        text = RightsTable(self.env).render()
        if os.environ.get("RIGHTS_TABLE_UPDATE"):
            TABLE.write_text(text, encoding="utf-8")
        self.assertMultiLineEqual(
            TABLE.read_text(encoding="utf-8") if TABLE.exists() else "",
            text,
            f"docs/rights.md is not what the database does any more: run {COMMAND}, and look at"
            " what changed before you commit it.",
        )

    def test_every_model_of_ours_has_its_rights(self):
        """A model with records of companies has a rule for companies; none is open to all."""
        table = RightsTable(self.env)
        for name in table.get_own_models():
            model = self.env["ir.model"]._get(name)
            rules = model.rule_ids.filtered(lambda rule: not rule.groups)
            with self.subTest(model=name):
                self.assertTrue(all(model.access_ids.mapped("group_id")), "a right for everybody")
                if "company_id" in self.env[name]._fields and any(
                    model.access_ids.mapped("perm_read")
                ):
                    self.assertTrue(
                        any("company_ids" in rule.domain_force for rule in rules),
                        "no rule for companies",
                    )
