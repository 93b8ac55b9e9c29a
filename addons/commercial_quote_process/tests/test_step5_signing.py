from datetime import timedelta
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.fields import Command, Datetime
from odoo.tests import mute_logger, tagged

from .client_common import draw_signature
from .test_portal import PortalCase
from .test_step5_acceptance import JOB_LOGGER, AcceptanceCase

# What a click may cost on the small plan of the story: see benchmarks/signing for a big one.
CLICK_QUERIES = 140
FEATURES = ("project.group_project_milestone", "project.group_project_task_dependencies")


@tagged("post_install", "-at_install")
class TestClick(AcceptanceCase):
    """Step 5 to 6: what the client waits for, and what does not happen meanwhile."""

    def test_nobody_is_told_while_the_client_waits(self):
        models = ("mail.message", "mail.notification", "mail.mail", "mail.activity", "bus.bus")
        self.order.sudo().activity_ids.unlink()
        self.env.flush_all()
        self.cr.precommit.run()
        counts = {name: self.env[name].sudo().search_count([]) for name in models}
        self._sign(self.order)
        self.env.flush_all()
        self.cr.precommit.run()
        for name, count in counts.items():
            with self.subTest(model=name):
                self.assertEqual(self.env[name].sudo().search_count([]), count)

    def test_features_of_projects_are_switched_on_by_the_job(self):
        groups = self.env["res.groups"]
        employees = self.env.ref("base.group_user")
        employees.implied_ids = [Command.unlink(self.env.ref(name).id) for name in FEATURES]
        self._sign(self.order)
        for name in FEATURES:
            self.assertFalse(groups._is_feature_enabled(name), name)
        self._run_cron("ir_cron_after_acceptance")
        for name in FEATURES:
            self.assertTrue(groups._is_feature_enabled(name), name)

    def test_click_costs_few_queries(self):
        self._sign(self._create_quote_at("sent"))
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        self._sign(self.order)
        self.env.flush_all()
        self.assertLessEqual(self.cr.sql_log_count - before, CLICK_QUERIES)

    def test_followers_of_confirmations_are_told_by_the_job(self):
        """They follow the confirmations of a team and nothing else."""
        subtype = self.env.ref("sale.mt_order_confirmed")
        self.order.sudo().message_subscribe(self.stranger.partner_id.ids, subtype.ids)
        self._sign(self.order)
        self._run_cron("ir_cron_after_acceptance")
        told = self.order.message_ids.filtered(lambda m: "Julie Perrin" in (m.body or ""))
        self.assertIn(self.stranger.partner_id, told[-1:].notified_partner_ids)


@tagged("post_install", "-at_install")
class TestJobAttempts(AcceptanceCase):
    """An attempt counts before it is made, so that what kills its worker comes last, and rarely."""

    def _get_retry(self):
        triggers = self.env.ref("commercial_quote_process.ir_cron_after_acceptance").sudo()
        triggers = self.env["ir.cron.trigger"].sudo().search([("cron_id", "=", triggers.id)])
        return triggers.filtered(lambda trigger: trigger.call_at > Datetime.now())

    def test_attempt_is_counted_before_it_is_made(self):
        self._sign(self.order)
        seen = []

        def count(order):
            seen.append(order.after_acceptance_failures)

        with patch.object(type(self.order), "_after_acceptance", count):
            self._run_cron("ir_cron_after_acceptance")
        self.assertEqual(seen, [1])

    def test_quote_that_killed_its_worker_three_times_is_told_and_tried_once_in_an_hour(self):
        other = self._create_quote_at("sent")
        self._sign(self.order)
        self._sign(other)
        order_sudo = self.order.sudo()
        order_sudo.after_acceptance_failures = 3
        for _run in range(2):
            self._run_cron("ir_cron_after_acceptance")
        self.assertTrue(other._get_signed_copy())
        self.assertFalse(self.order._get_signed_copy())
        self.assertTrue(self.order.after_acceptance_pending)
        summaries = order_sudo.activity_ids.mapped("summary")
        self.assertEqual(summaries.count("Signed copy not sent"), 1)
        self._let_an_hour_pass(self.order)
        self._run_cron("ir_cron_after_acceptance")
        self.assertTrue(self.order._get_signed_copy())
        self.assertEqual(self.order.after_acceptance_failures, 0)

    @mute_logger(JOB_LOGGER)
    def test_failure_is_tried_again_some_minutes_later(self):
        self._sign(self.order)
        error = ValueError("The printer is down")
        with patch.object(type(self.order), "_post_confirmation", side_effect=error):
            self._run_cron("ir_cron_after_acceptance")
        self.assertTrue(self.order.after_acceptance_pending)
        retry = self._get_retry()
        self.assertLess(retry[:1].call_at, Datetime.now() + timedelta(minutes=10))
        self._run_cron("ir_cron_after_acceptance")
        self.assertTrue(self.order._get_signed_copy())
        self.assertEqual(self.order.after_acceptance_failures, 0)

    def test_somebody_at_work_on_the_quote_is_no_failure(self):
        self._sign(self.order)
        with patch.object(type(self.order), "_after_acceptance", side_effect=SerializationFailure):
            for _attempt in range(4):
                self._run_cron("ir_cron_after_acceptance")
        self.assertTrue(self.order.after_acceptance_pending)
        self._run_cron("ir_cron_after_acceptance")
        self.assertTrue(self.order._get_signed_copy())


@tagged("post_install", "-at_install")
class TestSignatureForm(PortalCase):
    """What the browser gets: where to go, or what is wrong with which input."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_quote_at("sent", note="<p>Our general terms</p>")

    def test_answer_that_got_lost_is_told_as_signed(self):
        self.authenticate(None, None)
        for _attempt in range(2):
            result = self._accept(self.order)
            self.assertIn("sign_ok", result["redirect_url"])
            self.assertNotIn("error", result)
        self.assertEqual(len(self.order.sudo().quote_acceptance_ids), 1)
        self.assertIn("quote_already", self._accept(self.order, name="Ann Other")["redirect_url"])
        self.authenticate(None, None)
        self.assertIn("quote_already", self._accept(self.order)["redirect_url"])

    def test_refusal_names_the_input(self):
        cases = {
            "name": {"name": "<b>"},
            "function": {"function": "<script>"},
            "signature": {"signature": draw_signature(ink=False)},
            "purchase_order": {"purchase_order": "<b>"},
            "terms": {"terms_accepted": False},
            "options": {"options": "all"},
        }
        for field, values in cases.items():
            with self.subTest(field=field):
                result = self._accept(self.order, **values)
                self.assertEqual(result.get("field"), field, result)
                self.assertStill(self.order, "sent", "sent")

    def test_options_that_are_no_list_of_ids_are_refused(self):
        for options in (
            "1",
            1,
            {"1": 2},
            ["1"],
            [True],
            [1.5],
            [-1],
            [[1]],
            [0],
            list(range(1, 300)),
        ):
            with self.subTest(options=options):
                result = self._accept(self.order, options=options)
                self.assertEqual(result.get("field"), "options", result)
                self.assertStill(self.order, "sent", "sent")

    def test_option_of_another_quote_is_refused(self):
        line = self._create_quote_at("sent").sudo().order_line[0]
        result = self._accept(self.order, options=[line.id])
        self.assertTrue(result.get("error"), result)
        self.assertStill(self.order, "sent", "sent")

    def test_signature_is_typed_or_drawn(self):
        for mode in ("load", "scan", 1, ["draw"], {}):
            with self.subTest(mode=mode):
                self.assertTrue(self._accept(self.order, signature_mode=mode).get("error"))
                self.assertStill(self.order, "sent", "sent")
        self._accept(self.order, signature_mode="auto")
        self.assertEqual(self.order.sudo().quote_acceptance_ids.signature_mode, "auto")

    @mute_logger("odoo.http")
    def test_huge_answer_is_not_even_read(self):
        body = {"jsonrpc": "2.0", "method": "call", "params": {"name": "J" * 5_000_000}}
        response = self.url_open(f"/my/orders/{self.order.id}/accept", json=body)
        self.assertNotIn("redirect_url", response.text)
        self.assertStill(self.order, "sent", "sent")

    def test_general_terms_are_one_click_away(self):
        page = self._page(self.order)
        terms = page.xpath("//div[@id='modalaccept']//details[@id='quote_sign_terms']")
        self.assertEqual(len(terms), 1)
        self.assertIn("Our general terms", terms[0].text_content())
        form = "//owl-component[@name='commercial_quote_process.quote_signature_form']"
        self.assertEqual(len(page.xpath(form)), 1, "one form, in the dialog")
