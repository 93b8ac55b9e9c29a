from datetime import timedelta

from lxml import html

from odoo import fields
from odoo.tests import tagged

from ..controllers import portal_view
from .portal_answer_common import BROWSER, PortalAnswerCase

SCANNER = "Mozilla/5.0 (compatible; SafeLinks; bot/1.0)"


@tagged("post_install", "-at_install")
class TestPortalViews(PortalAnswerCase):
    """What opens the page is told apart from who reads it."""

    def setUp(self):
        super().setUp()
        # No test looks at a page for three seconds.
        self.patch(portal_view, "VISIBLE_SECONDS", 0)

    def _fetch(self, url=None, agent=BROWSER, headers=None):
        """Return the key that the page gives to a browser, or nothing.

        ``self.beacon_url`` is where the browser sends it to.
        """
        response = self.url_open(
            url or self._url(self.order), headers={"User-Agent": agent, **(headers or {})}
        )
        beacon = html.fromstring(response.content).xpath("//*[hasclass('o_quote_view_beacon')]")
        self.order.invalidate_recordset()
        self.beacon_url = beacon[0].get("data-url") if beacon else ""
        return beacon[0].get("data-key") if beacon else ""

    def _tell(self, key, url=None, **values):
        """Send what a browser sends once the page was visible for three seconds."""
        result = self.make_jsonrpc_request(
            url or self.beacon_url, {"key": key, **values}, headers={"User-Agent": BROWSER}
        )
        self.order.invalidate_recordset()
        self.env["quote.view"].invalidate_model()
        return result

    def _get_kinds(self):
        return sorted(self.order.view_ids.mapped("kind"))

    def _age(self, minutes):
        self.env.cr.execute(
            "UPDATE quote_view SET last_on = last_on - %s * interval '1 minute'", [minutes]
        )
        self.env.invalidate_all()

    def test_fetch_is_no_view(self):
        self.assertTrue(self._fetch())
        self.assertEqual(self._get_kinds(), ["fetch"])
        self.assertEqual((self.order.view_count, self.order.first_viewed_on), (0, False))

    def test_page_before_the_eyes_is_a_view(self):
        self.assertTrue(self._tell(self._fetch()))
        view = self.order.view_ids
        self.assertEqual((view.kind, view.count), ("client", 1))
        self.assertEqual((view.agent, view.network), ("Firefox, Linux", "127.0.0.0"))
        self.assertEqual(self.order.view_count, 1)
        self.assertEqual(self.order.first_viewed_on, self.order.last_viewed_on)
        self.assertEqual(view.person, "Holder of the client's link")
        messages = self.order.message_ids.mapped("body")
        self.assertFalse([body for body in messages if "viewed by" in (body or "")])

    def test_same_session_within_half_an_hour_is_the_same_view(self):
        self._tell(self._fetch())
        self.assertFalse(self._tell(self._fetch()))
        self.assertEqual((self.order.view_count, len(self.order.view_ids)), (1, 1))
        self._age(31)
        first = self.order.first_viewed_on
        self.assertTrue(self._tell(self._fetch()))
        self.assertEqual((self.order.view_count, len(self.order.view_ids)), (2, 1))
        self.assertEqual(self.order.first_viewed_on, first)

    def test_two_people_behind_one_address_are_two(self):
        self._tell(self._fetch())
        self.authenticate(None, None)
        self._tell(self._fetch())
        self.assertEqual((self.order.view_count, self._get_kinds()), (2, ["client", "client"]))

    def test_view_of_the_next_day_leaves_no_fetch_behind(self):
        self._tell(self._fetch())
        self.env.cr.execute("UPDATE quote_view SET visitor_key = 'of yesterday'")
        self._age(24 * 60)
        key = self._fetch()
        self.assertEqual(self._get_kinds(), ["client", "fetch"])
        self._tell(key)
        self.assertEqual((self.order.view_count, self._get_kinds()), (2, ["client"]))

    def test_programs_and_colleagues_do_not_count(self):
        self.assertFalse(self._fetch(agent=SCANNER))
        self.assertFalse(self._fetch(agent="Link previewer", headers={"Odoo-Link-Preview": "True"}))
        self.authenticate("cqp_claire", "cqp_claire_password")
        self.assertFalse(self._fetch())
        self.assertEqual(self._get_kinds(), ["colleague", "machine", "machine"])
        self.assertFalse(self.order.view_count)

    def test_portal_account_is_named(self):
        self.authenticate("cqp_julie", "cqp_julie_password")
        self._tell(self._fetch(url=f"/my/orders/{self.order.id}"))
        self.assertEqual(self.order.view_ids.person, "Julie Perrin")

    def test_person_of_a_personal_link_is_named(self):
        self._pass_on()
        token = self._get_personal_token()
        key = self._fetch(url=self._personal_url(token))
        self.assertTrue(self._tell(key))
        self.assertEqual(self.order.view_ids.person, "Anne Lefort")
        (told,) = self.order._get_view_evidence()
        self.assertEqual((told["kind"], told["count"]), ("client", 1))
        self.assertEqual((told["person"], len(told["session"])), ("Anne Lefort", 64))

    def test_only_the_browser_that_fetched_can_say_so(self):
        key = self._fetch()
        other = self._create_quote_at("sent")
        for wrong in (None, "", "x", f"{key}x", key[:-1], {"a": 1}, ["x"], 7, "x" * 5000, "é.é"):
            with self.subTest(key=str(wrong)[:20]):
                self.assertFalse(self._tell(wrong))
        self.assertFalse(self._tell(key, self._url(other, "/viewed")))
        for token in ("x", {"a": 1}, ["x"]):
            url = f"/my/orders/{self.order.id}/viewed"
            self.assertFalse(self._tell(key, url, access_token=token))
        self.authenticate(None, None)
        self.assertFalse(self._tell(key))
        self.assertFalse(self.order.view_count)

    def test_clock_of_a_browser_that_runs_too_fast_does_not_count(self):
        self.patch(portal_view, "VISIBLE_SECONDS", 600)
        key = self._fetch()
        self.assertFalse(self._tell(key))
        self.assertEqual(self._get_kinds(), ["fetch"])
        visitor_key, fetched, signature = key.split(".")
        earlier = f"{visitor_key}.{int(fetched) - 700}.{signature}"
        self.assertFalse(self._tell(earlier), "nobody but us says when the page was fetched")
        self.patch(portal_view, "VISIBLE_SECONDS", 0)
        self.assertTrue(self._tell(key))

    def test_form_of_another_site_counts_nothing(self):
        key = self._fetch()
        response = self.url_open(self._url(self.order, "/viewed"), data={"key": key})
        self.assertNotEqual(response.status_code, 200)
        self.assertFalse(self.order.view_count)

    def test_robot_adds_few_rows(self):
        for _number in range(3):
            self.authenticate(None, None)
            self._fetch()
        self.assertEqual((len(self.order.view_ids), self.order.view_ids.count), (1, 1))
        values = {
            "order_id": self.order.id,
            "company_id": self.company.id,
            "kind": "machine",
            "network": "192.0.2.0",
            "agent": "bot",
            "access_id": None,
            "partner_id": None,
        }
        views_sudo = self.env["quote.view"].sudo()
        for number in range(150):
            views_sudo._record_fetch({**values, "visitor_key": str(number)})
        self.assertEqual(len(self.order.view_ids), 100)

    def test_fetch_costs_one_query(self):
        values = {
            "order_id": self.order.id,
            "company_id": self.company.id,
            "kind": "fetch",
            "visitor_key": "x",
            "network": "192.0.2.0",
            "agent": "Firefox",
            "access_id": None,
            "partner_id": None,
        }
        with self.assertQueryCount(1):
            self.env["quote.view"].sudo()._record_fetch(values)

    def test_lists_find_what_was_opened(self):
        other = self._create_quote_at("sent")
        self._tell(self._fetch())
        orders = self.env["sale.order"].with_user(self.salesperson)
        both = [("id", "in", (self.order | other).ids)]
        self.assertEqual(orders.search([*both, ("view_count", ">", 0)]), self.order)
        self.assertEqual(orders.search([*both, ("view_count", "=", 0)]), other)
        self.assertEqual(orders.search([*both, ("last_viewed_on", "!=", False)]), self.order)
        self.assertEqual(self.order.view_hint, "Opened once")
        self.assertEqual(other.view_hint, "Not opened yet")

    def test_what_leads_to_a_person_is_erased_after_a_year(self):
        self._tell(self._fetch())
        view_sudo = self.order.sudo().view_ids
        old = fields.Datetime.now() - timedelta(days=366)
        view_sudo.write({"last_on": old})
        view_sudo._gc_personal_data()
        self.assertFalse(view_sudo.network or view_sudo.agent or view_sudo.session_hash)
        self.assertEqual((view_sudo.count, self.order.view_count), (1, 1))

    def test_versions_are_counted_apart(self):
        self._tell(self._fetch())
        version = self.order._new_version("price", restart_step="financial")
        self.assertFalse(version.view_count or version.view_ids or version.first_viewed_on)
