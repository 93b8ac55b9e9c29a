from ast import literal_eval
from datetime import date

from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.fields import Date
from odoo.tests import Form, freeze_time, tagged

from .test_followup import FIRST, MONDAY, SECOND, THIRD, FollowupCase

TEMPLATE = "commercial_quote_process.mail_template_followup"


class StepCase(FollowupCase):
    def _replace_steps(self, *values_list):
        self.steps.active = False
        steps = self.env["quote.followup.step"].create(
            [{"name": f"Step {rank}", **values} for rank, values in enumerate(values_list)]
        )
        self.order.sudo()._plan_next_followup()
        return steps

    def _use_mails(self, *delays):
        self.company.quote_followup_emails = True
        return self._replace_steps(
            *(
                {"delay": delay, "kind": "email", "template_id": self.env.ref(TEMPLATE).id}
                for delay in delays
            )
        )

    def _get_reasons(self, order=None):
        return [(outcome, reason) for _day, outcome, reason in self._get_outcomes(order)]

    def _write_as_client(self, moment, **values):
        with freeze_time(moment):
            self.order.sudo().message_post(
                body="When would you start?",
                subtype_xmlid="mail.mt_comment",
                **{"author_id": self.signer.id, "message_type": "comment", **values},
            )
            self.env.flush_all()


@tagged("post_install", "-at_install")
class TestFollowupDays(StepCase):
    """Steps count from the sending, from the client's last look, or back from the expiry."""

    def test_step_after_the_last_look_waits_for_it_and_moves_with_it(self):
        self._replace_steps({"delay": 2, "moment": "after_view"})
        self.assertFalse(self.order.next_followup_on)
        for moment, expected in (
            ("2026-03-03 10:00:00", date(2026, 3, 5)),
            ("2026-03-05 10:00:00", date(2026, 3, 9)),
        ):
            with freeze_time(moment):
                order = self.order.sudo()
                order.last_viewed_on = moment
                order._on_client_view()
                self.assertEqual(order.next_followup_on, expected)
        self._follow_up_on("2026-03-05 12:00:00")
        self.assertFalse(self._get_outcomes())
        self._follow_up_on("2026-03-09 06:00:00")
        self.assertEqual(self._get_reasons(), [("done", False)])

    def test_step_before_the_expiry_moves_with_the_validity(self):
        self._replace_steps({"delay": 3, "moment": "before_expiry"})
        self.assertEqual(self.order.next_followup_on, date(2026, 6, 25))
        with freeze_time("2026-03-10 09:00:00"):
            self.order.action_extend("2026-07-31")
        self.assertEqual(self.order.next_followup_on, date(2026, 7, 28))

    def test_new_step_reaches_the_quotes_that_wait(self):
        with freeze_time("2026-03-03 09:00:00"):
            self.env["quote.followup.step"].with_user(self.sales_manager).create(
                {"name": "Sooner", "delay": 2}
            )
        self._follow_up_on("2026-03-03 10:00:00")
        self.assertFalse(self._get_outcomes())
        self.assertEqual(self.order.next_followup_on, date(2026, 3, 4))

    def test_new_step_does_not_come_back_to_what_a_later_one_has_asked(self):
        self._follow_up_on("2026-03-05 06:00:00")
        self._follow_up_on("2026-03-11 06:00:00")
        with freeze_time("2026-03-16 09:00:00"):
            self.env["quote.followup.step"].with_user(self.sales_manager).create(
                [{"name": "Sooner", "delay": 2}, {"name": "Meanwhile", "delay": 11}]
            )
        self._follow_up_on("2026-03-16 10:00:00")
        self.assertEqual(self._get_outcomes(), [(FIRST, "done", False), (SECOND, "done", False)])
        self.assertEqual(self.order.next_followup_on, date(2026, 3, 17))

    def test_clock_that_goes_back_makes_nothing_twice(self):
        for moment in ("2026-03-05 06:00:00", "2026-03-03 06:00:00", "2026-03-05 07:00:00"):
            self._follow_up_on(moment)
        self.assertEqual(self._get_outcomes(), [(FIRST, "done", False)])
        self.assertEqual(self.order.next_followup_on, SECOND)

    def test_clocks_that_change_and_months_that_end(self):
        cases = (
            # Summer time begins, ends; the end of February; the days around New Year.
            ("2026-03-27 22:30:00", "Europe/Paris", date(2026, 4, 1)),
            ("2026-10-23 22:30:00", "Europe/Paris", date(2026, 10, 28)),
            ("2028-02-25 10:00:00", "Europe/Paris", date(2028, 3, 1)),
            ("2026-12-30 10:00:00", "Europe/Paris", date(2027, 1, 4)),
            # Monday in Greenwich: Tuesday already, and still Sunday.
            ("2026-03-02 11:00:00", "Pacific/Kiritimati", date(2026, 3, 6)),
            ("2026-03-02 10:00:00", "Pacific/Pago_Pago", date(2026, 3, 4)),
        )
        for moment, zone, expected in cases:
            with self.subTest(moment=moment, zone=zone), freeze_time(moment):
                self.company.partner_id.tz = zone
                order = self.order.sudo()._gated()
                order.write({"sent_on": moment, "validity_date": False})
                self.order.sudo()._plan_next_followup()
                self.assertEqual(self.order.next_followup_on, expected)

    def test_day_begins_where_the_company_is(self):
        for zone, too_early, in_time in (
            ("Pacific/Kiritimati", "2026-03-05 09:30:00", "2026-03-05 10:30:00"),
            ("Pacific/Pago_Pago", "2026-03-05 10:30:00", "2026-03-05 11:30:00"),
        ):
            with self.subTest(zone=zone):
                self.company.partner_id.tz = zone
                with freeze_time(MONDAY):
                    order = self._create_quote_at("sent", validity_date="2026-06-30")
                order.sudo().sent_on = "2026-03-02 12:00:00"
                order.sudo()._plan_next_followup()
                day = order.next_followup_on - FIRST
                self._follow_up_on(f"{Date.to_date(too_early[:10]) + day} {too_early[11:]}")
                if zone == "Pacific/Pago_Pago":
                    self.assertFalse(self._get_outcomes(order))
                self._follow_up_on(f"{Date.to_date(in_time[:10]) + day} {in_time[11:]}")
                self.assertEqual(self._get_reasons(order), [("done", False)])


@tagged("post_install", "-at_install")
class TestFollowupGates(StepCase):
    """A follow-up that would be unwelcome is not made, and the row says why."""

    def _assert_skipped(self, reason, moment="2026-03-05 06:00:00"):
        self._follow_up_on(moment)
        self.assertEqual(self._get_outcomes(), [(FIRST, "skipped", reason)])
        self.assertFalse(self._get_activities().filtered("automated"))
        self.assertEqual(self.order.next_followup_on, SECOND, "the next one comes as planned")

    def test_client_who_wrote_is_not_asked_whether_he_has_read(self):
        self._write_as_client("2026-03-03 10:00:00")
        self._assert_skipped("client_wrote")
        self._follow_up_on("2026-03-11 06:00:00")
        self.assertEqual(self._get_outcomes()[-1], (SECOND, "done", False))

    def test_mail_from_an_unknown_address_counts(self):
        self._write_as_client(
            "2026-03-03 10:00:00",
            author_id=False,
            email_from="boss@bressac.example.com",
            message_type="email",
        )
        self._assert_skipped("client_wrote")

    def test_what_was_written_before_or_by_colleagues_does_not(self):
        self._write_as_client("2026-03-02 08:00:00")
        self._write_as_client("2026-03-03 10:00:00", author_id=self.sales_manager.partner_id.id)
        self._follow_up_on("2026-03-05 06:00:00")
        self.assertEqual(self._get_outcomes(), [(FIRST, "done", False)])

    def test_message_on_the_opportunity_counts(self):
        with freeze_time("2026-03-03 10:00:00"):
            self.order.sudo().opportunity_id.message_post(
                body="See you on Friday", message_type="comment", author_id=self.client.id
            )
            self.env.flush_all()
        self._assert_skipped("client_wrote")

    def test_activity_planned_by_hand_takes_its_place(self):
        self.order.activity_schedule(
            "mail.mail_activity_data_meeting",
            date(2026, 3, 12),
            user_id=self.salesperson.id,
            automated=False,
        )
        self._assert_skipped("planned_by_hand")

    def test_client_who_wants_peace(self):
        for partner in (self.client, self.signer):
            with self.subTest(partner=partner.name):
                order = self._create_sent(partner_id=self.signer.id)
                partner.quote_no_followup = True
                self._follow_up_on("2026-03-05 06:00:00")
                self.assertEqual(self._get_reasons(order), [("skipped", "no_contact")])
                partner.quote_no_followup = False

    def _create_sent(self, **values):
        with freeze_time(MONDAY):
            return self._create_quote_at("sent", validity_date="2026-06-30", **values)

    def test_mails_that_would_not_arrive(self):
        self._use_mails(3, 7)
        email = self.client.email
        for reason, spoil in (
            ("no_email", lambda: self.client.write({"email": False})),
            ("bounced", lambda: self.client.write({"message_bounce": 1})),
            ("blacklisted", lambda: self.env["mail.blacklist"]._add(email)),
            ("emails_off", lambda: self.company.write({"quote_followup_emails": False})),
        ):
            with self.subTest(reason=reason):
                order = self._create_sent()
                spoil()
                self._follow_up_on("2026-03-05 06:00:00")
                self.assertEqual(self._get_reasons(order), [("skipped", reason)])
                self.client.write({"email": email, "message_bounce": 0})

    def test_nobody_is_followed_up_on_a_day_off(self):
        self.order.sudo().next_followup_on = date(2026, 3, 7)
        self._follow_up_on("2026-03-07 06:00:00")
        self.assertFalse(self._get_outcomes())
        self.assertEqual(self.order.next_followup_on, date(2026, 3, 9))
        self._follow_up_on("2026-03-09 06:00:00")
        self.assertEqual(self._get_outcomes(), [(FIRST, "done", False)])

    def test_sentence_says_what_comes_and_what_would_stop_it(self):
        with freeze_time("2026-03-03 10:00:00"):
            self.assertIn("03/05/2026", self.order.followup_state)
            self.assertIn("receive and read the offer", self.order.followup_state)
            self.assertIn(f"activity for {self.salesperson.name}", self.order.followup_state)
            self.assertIn("receive and read", Form(self.order).followup_state, "on the form")
        self.client.quote_no_followup = True
        with freeze_time("2026-03-03 10:00:00"):
            self.order.invalidate_recordset(["followup_state"])
            self.assertIn("asked not to be contacted", self.order.followup_state)
        with freeze_time("2026-07-03 10:00:00"):
            self.order.invalidate_recordset(["followup_state"])
            self.assertIn("has expired", self.order.followup_state)

    def test_cost_does_not_grow_with_the_quotes(self):
        def count(number):
            orders = self.env["sale.order"].browse()
            for _rank in range(number):
                orders |= self._create_sent()
            orders = orders.with_user(self.env.ref("base.user_root")).sudo()
            self.env.flush_all()
            self.env.invalidate_all()
            with freeze_time("2026-03-05 06:00:00"):
                before = self.env.cr.sql_log_count
                orders._follow_up()
                self.env.flush_all()
            self.assertEqual(len(orders.followup_ids), number)
            return self.env.cr.sql_log_count - before

        count(1)
        one, four = count(1), count(4)
        self.assertLessEqual(four, one + 2)


@tagged("post_install", "-at_install")
class TestFollowupByHand(StepCase):
    """The salesperson skips, pauses, resumes, or follows up now."""

    def _hold(self, order=None, user=None, **values):
        order = order or self.order
        wizard = Form(
            self.env["quote.followup.hold"]
            .with_user(user or self.salesperson)
            .with_context(active_model="sale.order", active_ids=order.ids)
        )
        for name, value in values.items():
            setattr(wizard, name, value)
        return wizard.save().action_apply()

    def _open_now(self, order=None):
        action = (order or self.order).action_follow_up_now()
        return Form(
            self.env["quote.followup.now"]
            .with_user(self.salesperson)
            .with_context(**action["context"])
        )

    @freeze_time("2026-03-03 10:00:00")
    def test_skipping_needs_a_word_and_is_kept(self):
        with self.assertRaisesRegex(UserError, "Say why"):
            self.order.action_skip_followup("  ")
        self._hold(decision="skip", note="He called this morning")
        row = self.order.followup_ids
        self.assertEqual((row.outcome, row.skip_reason), ("skipped", "by_hand"))
        self.assertEqual(row.note, "He called this morning")
        self.assertEqual(row.create_uid, self.salesperson)
        self.assertEqual(self.order.next_followup_on, SECOND)

    def test_pause_ends_on_a_working_day_with_one_catch_up(self):
        with freeze_time("2026-03-03 10:00:00"):
            with self.assertRaisesRegex(UserError, "day to come"):
                self.order.action_pause_followups("2026-03-03")
            self._hold(decision="pause", until=date(2026, 3, 14))
        self.assertEqual(self.order.next_followup_on, date(2026, 3, 16), "a Monday")
        self._follow_up_on("2026-03-12 06:00:00")
        self.assertFalse(self._get_outcomes())
        self._follow_up_on("2026-03-16 06:00:00")
        self.assertEqual(
            self._get_outcomes(), [(FIRST, "skipped", "paused"), (SECOND, "done", False)]
        )
        self.assertEqual(self.order.next_followup_on, THIRD)

    @freeze_time("2026-03-03 10:00:00")
    def test_resuming_undoes_the_pause(self):
        self.order.action_pause_followups("2026-03-20")
        self.assertEqual(self.order.next_followup_on, THIRD)
        self.order.action_resume_followups()
        self.assertEqual(self.order.next_followup_on, FIRST)
        self.assertFalse(self.order.followup_paused_until)

    def test_skipping_what_was_made_meanwhile_does_not_skip_the_next_one(self):
        with freeze_time("2026-03-05 05:00:00"):
            wizard = Form(
                self.env["quote.followup.hold"]
                .with_user(self.salesperson)
                .with_context(active_model="sale.order", active_ids=self.order.ids)
            )
            self.assertIn("receive and read the offer", wizard.subject)
            wizard.note = "The client called"
            wizard = wizard.save()
        self._follow_up_on("2026-03-05 06:00:00")
        with (
            freeze_time("2026-03-05 06:30:00"),
            self.assertRaisesRegex(UserError, "made or skipped meanwhile"),
        ):
            wizard.action_apply()
        self.assertEqual(self._get_outcomes(), [(FIRST, "done", False)])

    @freeze_time("2026-03-03 10:00:00")
    def test_following_up_now_gives_the_activity_today(self):
        wizard = self._open_now()
        self.assertEqual(wizard.user_id, self.salesperson)
        self.assertIn("receive and read the offer", wizard.summary)
        self.assertFalse(wizard.warning)
        wizard.save().action_apply()
        activity = self._get_activities()
        self.assertEqual(
            (activity.user_id, activity.date_deadline), (self.salesperson, Date.today())
        )
        self.assertEqual(self._get_outcomes(), [(FIRST, "done", False)])
        self.assertEqual(self.order.next_followup_on, SECOND)

    @freeze_time("2026-03-05 05:00:00")
    def test_what_was_made_meanwhile_is_not_made_again(self):
        wizard = self._open_now().save()
        self._follow_up_on("2026-03-05 06:00:00")
        with self.assertRaisesRegex(UserError, "made or skipped meanwhile"):
            wizard.action_apply()
        self.assertEqual(len(self.order.followup_ids), 1)

    @freeze_time("2026-03-03 10:00:00")
    def test_only_who_may_write_on_the_quote(self):
        for user in (self.other_salesperson, self.stranger, self.project_manager, self.portal_user):
            order = self.order.with_user(user)
            for act in (
                lambda order: order.action_skip_followup("No"),
                lambda order: order.action_pause_followups("2026-03-20"),
                lambda order: order.action_resume_followups(),
                lambda order: order.action_follow_up_now(),
            ):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    act(order)
        wizard = self.env["quote.followup.now"].with_user(self.other_salesperson)
        with self.assertRaises(AccessError):
            wizard.create({"order_id": self.order.id}).action_apply()
        for name in ("followup_paused_until", "next_followup_step_id"):
            with self.subTest(name=name), self.assertRaises(AccessError):
                self.order.write({name: False})
        self.assertFalse(self.order.followup_ids)

    def test_nothing_by_hand_on_a_quote_that_is_not_with_the_client(self):
        with freeze_time("2026-03-03 10:00:00"):
            draft = self._create_quote()
            for act in (draft.action_follow_up_now, lambda: draft.action_skip_followup("No")):
                with self.assertRaisesRegex(UserError, "does not wait for an answer"):
                    act()
        with freeze_time("2026-07-03 10:00:00"), self.assertRaisesRegex(UserError, "expired"):
            self.order.action_follow_up_now()

    def test_list_of_the_day(self):
        view = self.env.ref("commercial_quote_process.sale_order_view_search_followup")
        arch = self.env["sale.order"].get_view(view.id, "search")["arch"]
        orders = self.env["sale.order"].with_user(self.salesperson)

        def find(name):
            domain = etree.fromstring(arch).xpath(f"//filter[@name='{name}']")[0].get("domain")
            return self.order in orders.search(literal_eval(domain))

        with freeze_time("2026-03-04 10:00:00"):
            self.assertEqual((find("today"), find("week")), (False, True))
        self._follow_up_on("2026-03-05 06:00:00")
        with freeze_time("2026-03-05 10:00:00"):
            self.assertTrue(find("today"), "its activity is due")
        self._get_activities().with_user(self.salesperson).action_feedback("Called")
        with freeze_time("2026-03-05 11:00:00"):
            self.assertEqual((find("today"), find("week")), (False, True))


@tagged("post_install", "-at_install")
class TestFollowupMails(StepCase):
    """Mails to the client: in his language, once, and read before they leave by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.client.lang = "fr_FR"
        template = cls.env.ref(TEMPLATE)
        template.with_context(lang="fr_FR").write(
            {
                "subject": "Notre offre {{ object.name }}",
                "body_html": "<p>Envoyée le <t t-out='format_date(object.sent_on)'/></p>",
            }
        )

    def _get_mails(self):
        domain = [("model", "=", "sale.order"), ("res_id", "=", self.order.id)]
        return (
            self.env["mail.mail"]
            .sudo()
            .search(domain)
            .filtered(lambda mail: "offre" in (mail.subject or ""))
        )

    def test_job_writes_once_in_the_language_of_the_client(self):
        self._use_mails(3, 7)
        for _time in range(2):
            self._follow_up_on("2026-03-05 06:00:00")
        self.assertEqual(self._get_outcomes(), [(FIRST, "done", False)])
        mail = self._get_mails()
        self.assertEqual(len(mail), 1)
        self.assertEqual(mail.subject, f"Notre offre {self.order.name}")
        self.assertIn("2 mars 2026", mail.body_html.replace("02/03/2026", "2 mars 2026"))
        self.assertEqual(mail.recipient_ids, self.client)
        self.assertIn(self.salesperson.email, mail.email_from)

    def test_step_that_becomes_a_mail_has_its_text_and_says_that_mails_are_off(self):
        steps = self.env["quote.followup.step"].with_user(self.sales_manager)
        step = Form(steps)
        step.name = "Write"
        step.kind = "email"
        self.assertEqual(step.template_id, self.env.ref(TEMPLATE))
        self.assertTrue(step.is_mail_off)
        self.company.quote_followup_emails = True
        self.assertFalse(step.save().is_mail_off)

    def test_mail_is_read_and_changed_before_it_leaves(self):
        self._use_mails(3, 7)
        with freeze_time("2026-03-03 10:00:00"):
            action = self.order.action_follow_up_now()
            wizard = Form(
                self.env["quote.followup.now"]
                .with_user(self.salesperson)
                .with_context(**action["context"])
            )
            self.assertEqual(wizard.subject, f"Notre offre {self.order.name}")
            self.assertIn("02/03/2026", wizard.body)
            wizard.body = "<p>Bonjour, avez-vous lu notre offre ?</p>"
            wizard = wizard.save()
            self.assertFalse(self._get_mails(), "nothing leaves by being looked at")
            wizard.action_apply()
            with self.assertRaises(UserError):
                wizard.action_apply()
        mail = self._get_mails()
        self.assertEqual(len(mail), 1)
        self.assertIn("avez-vous lu", mail.body_html)
        self.assertEqual(self._get_outcomes(), [(FIRST, "done", False)])
        self.assertEqual(self.order.next_followup_on, SECOND)

    def test_mail_by_hand_leaves_to_nobody_who_cannot_get_it(self):
        self._use_mails(3)
        self.client.message_bounce = 2
        with freeze_time("2026-03-03 10:00:00"):
            action = self.order.action_follow_up_now()
            wizard = Form(
                self.env["quote.followup.now"]
                .with_user(self.salesperson)
                .with_context(**action["context"])
            )
            self.assertIn("come back", wizard.warning)
            with self.assertRaisesRegex(UserError, "cannot leave"):
                wizard.save().action_apply()
        self.assertFalse(self._get_mails() or self.order.followup_ids)

    def test_template_of_ours_speaks_of_this_offer(self):
        self.client.lang = "en_US"
        self.salesperson.sudo().signature = "<p>Claire Morel, 05 61 00 00 00</p>"
        self._use_mails(3, 7)
        self._follow_up_on("2026-03-05 06:00:00")
        body = self.order.sudo().message_ids[0].body
        self.assertIn("Claire Morel, 05 61 00 00 00", body, "signed by a person")
        self.assertIn("March 2, 2026", body)
        self.assertIn("June 30, 2026", body)
        self.assertIn(self.order.name, body)
        self.assertIn(self.order.get_portal_url(), body.replace("&amp;", "&"))
        with freeze_time("2026-03-06 10:00:00"):
            wizard = self.env["quote.followup.now"].with_user(self.salesperson)
            context = self.order.action_follow_up_now()["context"]
            wizard.with_context(**context).create({}).action_apply()
        mail = self.env["mail.mail"].sudo().search([("res_id", "=", self.order.id)], limit=1)
        self.assertEqual(mail.body_html.count("Claire Morel, 05 61 00 00 00"), 1, "signed once")
