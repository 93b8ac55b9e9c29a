"""What people and clients read when their language is French."""

import re

from lxml import etree

from odoo.tests import HttpCase, tagged

from .common import QuoteProcessCase

FRENCH = "fr_FR"
EXPRESSIONS = {"column_invisible", "domain", "context", "invisible", "name", "readonly", "required"}


def setup_french(env):
    """Turn French on, with the texts of this addon only: those of Odoo take too long to load."""
    env["res.lang"]._activate_lang(FRENCH)
    addon = env["ir.module.module"].search([("name", "=", "commercial_quote_process")])
    addon._update_translations([FRENCH])


@tagged("post_install", "-at_install")
class TestFrench(QuoteProcessCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        setup_french(cls.env)
        cls.salesperson.lang = FRENCH

    def _read_choices(self, model, name):
        form = self.env[model].with_user(self.salesperson).with_context(lang=FRENCH)
        return dict(form.fields_get([name], ["selection"])[name]["selection"])

    def test_choices_of_wizards_are_in_french(self):
        reasons = self._read_choices("quote.new.version", "reason")
        self.assertEqual(reasons["client"], "Demande du client")
        kinds = self._read_choices("quote.new.version", "kind")
        self.assertEqual(kinds["replacement"], "Remplacement")
        outcomes = self._read_choices("quote.contact.outcome", "outcome")
        self.assertEqual(outcomes["interested"], "Intéressé")

    def test_choices_are_those_of_the_record(self):
        reasons = self.env["sale.order"]._fields["version_reason"].get_values(self.env)
        chosen = list(self._read_choices("quote.new.version", "reason"))
        self.assertEqual(chosen, [reason for reason in reasons if reason != "restored"])
        outcomes = self.env["crm.lead"]._fields["contact_outcome"].get_values(self.env)
        self.assertEqual(list(self._read_choices("quote.contact.outcome", "outcome")), outcomes)

    def test_translations_leave_the_expressions_of_views_alone(self):
        """One that a translation spoils stops the whole form for everybody who reads it."""
        data = self.env["ir.model.data"].search(
            [("module", "=", "commercial_quote_process"), ("model", "=", "ir.ui.view")]
        )
        views = self.env["ir.ui.view"].browse(data.mapped("res_id"))
        for view in views:
            english, french = (
                self._read_expressions(view.with_context(lang=lang)) for lang in ("en_US", FRENCH)
            )
            self.assertEqual(english, french, view.xml_id)

    def _read_expressions(self, view):
        return [
            (node.tag, name, value)
            for node in etree.fromstring(view.arch_db).iter(etree.Element)
            for name, value in node.attrib.items()
            if name in EXPRESSIONS or re.match("t-(?!attf)", name)
        ]


@tagged("post_install", "-at_install")
class TestFrenchClient(HttpCase):
    def test_signature_form_is_in_french(self):
        setup_french(self.env)
        answer = self.url_open(f"/website/translations?lang={FRENCH}").json()
        texts = {
            message["id"]: message["string"]
            for message in answer["modules"]["commercial_quote_process"]["messages"]
        }
        self.assertEqual(texts["Sign this offer"], "Signer cette offre")
        self.assertEqual(texts["Your function (optional)"], "Votre fonction (facultatif)")
