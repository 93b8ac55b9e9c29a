from datetime import timedelta

from odoo.fields import Date
from odoo.tests import tagged

from .tour_common import TourCase

DESKTOP = "1400x900"
PHONE = "390x844"


@tagged("post_install", "-at_install")
class TestClientTours(TourCase):
    """The client answers by the link of the mail, without an account."""

    browser_size = DESKTOP

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {"quote_terms_label": "2026-01", "invoice_terms": "<p>Thirty days net.</p>"}
        )
        cls.env["ir.config_parameter"].set_param("account.use_invoice_terms", True)

    def _create_sent_quote(self):
        return self._create_quote_at("sent", signer_id=self.signer.id)

    def _tour(self, name, order):
        order.sudo()._portal_ensure_token()
        self.start_tour(order.sudo().get_portal_url(), name)
        self.env.invalidate_all()

    def _check_signed(self, order):
        acceptance = order.sudo().quote_acceptance_ids
        self.assertEqual((order.quote_step, order.state), ("accepted", "sale"))
        self.assertEqual((acceptance.kind, acceptance.auth_mode), ("portal", "token"))
        self.assertEqual(acceptance.signer_name, "Julie Perrin")
        self.assertEqual(acceptance.signer_function, "Directrice générale")
        self.assertEqual(acceptance.purchase_order_number, "BC-2026-118")
        self.assertEqual(acceptance.amount_total, order.amount_total)
        self.assertTrue(acceptance.terms_version.startswith("2026-01/"))
        self.assertFalse(acceptance._get_problems())
        self.assertEqual(len(order.sudo()._get_estimate_project()), 1)

    def test_signs(self):
        order = self._create_sent_quote()
        self._tour("quote_client_signs", order)
        self._check_signed(order)

    def test_asks_for_changes_and_signs_the_new_version_from_the_old_link(self):
        order = self._create_sent_quote()
        self._tour("quote_client_asks_for_changes", order)
        self.assertEqual((order.quote_step, order.quote_turn), ("revision", "salesperson"))
        version = order._new_version("client", restart_step="financial")
        version.order_line.filtered("price_unit")[0].price_unit += 100
        version.action_request_validation()
        if version.quote_step == "validation":
            version.with_user(self.commercial_approver).action_approve()
        version.action_quotation_sent()
        self.assertEqual(order.quote_step, "superseded")
        self._tour("quote_client_opens_old_link_and_signs", order)
        self._check_signed(version)
        self.assertEqual(order.quote_step, "superseded")
        self.assertFalse(order.sudo().quote_acceptance_ids)

    def test_declines_and_wants_to_be_contacted_again(self):
        order = self._create_sent_quote()
        self._tour("quote_client_declines", order)
        lead = order.opportunity_id
        self.assertEqual(order.quote_step, "declined")
        self.assertTrue(order.decline_reason_id)
        self.assertEqual((lead.active, lead.probability), (False, 0))
        self.assertAlmostEqual((lead.recall_date - Date.today()).days, 60, delta=1)

    def test_chooses_an_option(self):
        order = self._create_quote_at("financial", signer_id=self.signer.id)
        self._make_optional(order, "Build")
        order.action_request_validation()
        order.with_user(self.commercial_approver).action_approve()
        order.action_quotation_sent()
        without = order.amount_untaxed
        option = order.order_line.filtered(lambda line: line._is_option())
        self._tour("quote_client_chooses_options", order)
        self._check_signed(order)
        self.assertAlmostEqual(order.amount_untaxed, without + option.price_unit, 2)
        tasks = order.sudo()._get_estimate_project().task_ids
        self.assertIn("Publication portal", tasks.mapped("name"))

    def _make_optional(self, order, name):
        """Price a quote again with one of its phases as an option."""
        pricing = order.env["quote.pricing"].with_context(**order.action_price()["context"])
        wizard = pricing.create({"mode": "margin", "target_margin_percent": 30})
        [key] = [row["key"] for row in wizard.preview["rows"] if row["name"] == name]
        wizard.overrides = {key: {"optional": True}}
        wizard.action_apply()

    def test_asks_for_an_extension_once_it_has_expired(self):
        order = self._create_sent_quote()
        order.sudo()._gated().validity_date = Date.today() - timedelta(days=1)
        self._tour("quote_client_asks_for_an_extension", order)
        self.assertEqual(order.quote_turn, "salesperson")
        self.assertTrue(
            order.activity_ids.filtered(lambda activity: activity.user_id == self.salesperson)
        )

    def test_passes_the_page_on_to_the_person_who_signs(self):
        order = self._create_sent_quote()
        self._tour("quote_client_passes_the_page_on", order)
        self.assertEqual(order.sudo()._get_passed_on_to()["name"], "Anne Maire")


@tagged("post_install", "-at_install")
class TestClientToursOnPhone(TestClientTours):
    """The same on a phone."""

    # Odoo runs inherited tests only where a class asks for it.
    allow_inherited_tests_method = True
    browser_size = PHONE
    touch_enabled = True
