from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import QuoteProcessCase


@tagged("post_install", "-at_install")
class TestComparison(QuoteProcessCase):
    """Two versions side by side: what differs, said once, to those who may read it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first = cls._create_quote_at("sent", scope_content="<p>Two visits on site</p>")
        cls.second = cls.first._new_version(
            "client", note="More visits", restart_step="technical", kind="variant"
        )
        estimate = cls.second.sudo().estimate_id.with_user(cls.project_manager)
        estimate.item_ids.filtered(lambda item: item.name == "Survey").duration = 6
        estimate.action_ready()
        lines = cls.second.order_line.filtered(lambda line: not line.display_type)
        cls.second.write(
            {
                "scope_content": "<p>Three visits on site</p>",
                "note": "<p>Payment within 30 days</p>",
                "order_line": [
                    (1, lines[0].id, {"price_unit": lines[0].price_unit + 100}),
                    (2, lines[1].id),
                    (0, 0, {"name": "Hosting", "product_id": lines[0].product_id.id}),
                ],
            }
        )

    def _compare(self, user=None):
        newer = self.second.with_user(user) if user else self.second
        return newer.get_comparison(self.first.id)

    def test_lines_are_aligned_by_what_they_are(self):
        lines = [row for row in self._compare()["lines"] if row["sort"] == "line"]
        states = sorted(row["state"] for row in lines if row["state"] != "same")
        self.assertEqual(states, ["added", "changed", "removed"])
        changed = next(row for row in lines if row["state"] == "changed")
        self.assertTrue(changed["difference"].startswith("+ "))
        self.assertNotEqual(changed["before"]["price"], changed["after"]["price"])
        self.assertIn("cost", changed["before"])
        added = next(row for row in lines if row["state"] == "added")
        self.assertEqual((added["name"], added["before"]), ("Hosting", None))

    def test_figures_texts_and_plan(self):
        data = self._compare()
        figures = {row["key"]: row for row in data["figures"]}
        self.assertTrue(figures["amount_untaxed"]["changed"])
        self.assertTrue(figures["margin"]["changed"])
        self.assertTrue(figures["plan_length"]["difference"].startswith("+ 3"))
        texts = {row["key"]: row for row in data["texts"]}
        self.assertIn("<del>Two</del><ins>Three</ins> visits", texts["scope_content"]["text"])
        self.assertIn("<ins>Payment within 30 days</ins>", texts["note"]["text"])
        self.assertFalse(texts["technical_content"]["changed"])
        for side in ("before", "after"):
            self.assertTrue(data["plan"][side].startswith("<svg"))
        self.assertTrue(any("Survey" in sentence for sentence in data["plan"]["changes"]))
        self.assertEqual((data["older"], data["newer"]), (self.first.id, self.second.id))
        self.assertEqual([v["name"] for v in data["versions"]], [self.second.name, self.first.name])

    def test_same_content_differs_in_nothing(self):
        version = self.first._new_version("other", restart_step="financial")
        data = version.get_comparison(self.first.id)
        self.assertFalse(any(row["changed"] for row in data["figures"] + data["texts"]))
        self.assertEqual({row["state"] for row in data["lines"]}, {"same"})
        self.assertEqual(data["plan"]["changes"] + data["costs"], [])

    def test_costs_are_left_out_for_those_who_do_not_read_them(self):
        self.company.quote_show_costs = False
        data = self._compare()
        self.assertFalse(data["sees_costs"])
        keys = {row["key"] for row in data["figures"]}
        self.assertFalse(keys & {"margin", "margin_percent", "estimated_cost"})
        self.assertFalse(any("cost" in (row["after"] or {}) for row in data["lines"]))
        self.assertEqual(data["costs"], [])
        manager = self._compare(self.sales_manager)
        self.assertIn("margin", {row["key"] for row in manager["figures"]})
        self.assertTrue(any("cost" in (row["after"] or {}) for row in manager["lines"]))

    def test_who_may_compare(self):
        for user in (self.other_salesperson, self.project_manager, self.stranger, self.portal_user):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._compare(user)
        self._compare(self.commercial_approver)

    def test_both_versions_must_be_readable_and_of_one_quote(self):
        stranger = self._create_quote_at("scope")
        for other in (stranger.id, self.second.id, 0):
            with self.subTest(other=other), self.assertRaises(UserError):
                self.second.get_comparison(other)
        stranger.sudo().user_id = self.other_salesperson
        with self.assertRaises(AccessError):
            self.second.get_comparison(stranger.id)
        self.first.sudo().user_id = self.other_salesperson
        with self.assertRaises(AccessError):
            self._compare()

    def test_which_two_versions_the_screen_opens_with(self):
        for chosen in (self.second, self.first, self.first | self.second):
            params = chosen.action_compare_versions()["params"]
            self.assertEqual(params, {"resId": self.second.id, "other": self.first.id})
        with self.assertRaises(UserError):
            self._create_quote_at("scope").action_compare_versions()
