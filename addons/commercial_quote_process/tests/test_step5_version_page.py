from odoo.tests import HttpCase, tagged

from .common import QuoteProcessMixin


@tagged("post_install", "-at_install")
class TestVersionPage(QuoteProcessMixin, HttpCase):
    """What the client reads of the other versions on the page of one of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._setup_story()
        cls.company.quote_show_changes_to_client = True
        cls.first = cls._create_quote_at("sent")
        cls.first.sudo().sent_on = "2026-01-05 10:00:00"

    def _send(self, order):
        order.action_request_validation()
        if order.quote_step == "validation":
            order.with_user(self.commercial_approver).action_approve()
        order.action_quotation_sent()
        return order

    def _make_second(self, kind="replacement"):
        second = self.first._new_version("client", restart_step="technical", kind=kind)
        estimate = second.sudo().estimate_id.with_user(self.project_manager)
        estimate.item_ids.filtered(lambda item: item.name == "Survey").duration = 6
        estimate.workload_ids[0].days += 4
        estimate.action_ready()
        self._price(second)
        second.order_line[0].price_unit += 987
        return self._send(second)

    def _read(self, order):
        return self.url_open(order.sudo().get_portal_url()).text

    def test_client_reads_what_changed_and_nothing_internal(self):
        second = self._make_second()
        changes = second._get_client_changes()
        self.assertIn(self.first.name, changes["title"])
        self.assertTrue(any("Survey" in sentence for sentence in changes["changes"]))
        words = " ".join(changes["changes"]).lower()
        for internal in ("cost", "margin", "consultant", "days of"):
            self.assertNotIn(internal, words)
        page = self._read(second)
        self.assertIn('name="quote_changes"', page)
        self.assertIn(self.first.name, page)
        # The first offer has changed from nothing.
        self.assertFalse(self.first._get_client_changes())

    def test_nothing_is_said_unless_the_company_says_so(self):
        self.company.quote_show_changes_to_client = False
        self.assertNotIn('name="quote_changes"', self._read(self._make_second()))

    def test_nothing_is_said_of_what_another_client_received(self):
        second = self.first._new_version("client", restart_step="financial")
        second.partner_id = self.env["res.partner"].create({"name": "Another town"})
        self._send(second)
        self.assertFalse(second._get_client_changes())
        self.assertEqual(self.first.quote_step, "superseded")
        self.assertFalse(self.first._get_replacing_version())
        page = self._read(self.first)
        self.assertNotIn(second.name, page)
        self.assertNotIn(second.access_token or "no token", page)

    def test_old_link_leads_to_the_version_that_replaced_it(self):
        second = self._make_second()
        page = self._read(self.first)
        self.assertIn('name="quote_replaced"', page)
        self.assertIn(second.get_portal_url().replace("&", "&amp;"), page)

    def test_two_variants_name_each_other_and_one_signature_closes_the_other(self):
        variant = self._make_second(kind="variant")
        for order, other in ((self.first, variant), (variant, self.first)):
            page = self._read(order)
            self.assertIn('name="quote_variant"', page)
            self.assertIn(other.name, page)
        variant._record_acceptance("paper", signer_name="Julie Perrin")
        self.assertEqual((self.first.quote_step, variant.quote_step), ("superseded", "accepted"))
        page = self._read(self.first)
        self.assertNotIn('name="quote_variant"', page)
        self.assertIn('name="quote_replaced"', page)
