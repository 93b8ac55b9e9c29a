from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import QuoteProcessCase

SECRETS = ("margin", "cost", "floor", "target_percent", "contingency")


@tagged("post_install", "-at_install")
class TestDeciding(QuoteProcessCase):
    """Step 4: what an approver reads, asks and decides, one by one or several at once."""

    def _data(self, order, user, **kwargs):
        return order.with_user(user).get_decision_data(**kwargs)

    def test_approver_reads_all_that_is_weighed(self):
        order = self._create_quote_at("validation")
        data = self._data(order, self.commercial_approver)
        self.assertTrue(data["can_decide"])
        self.assertEqual(data["client"], "Ville de Bressac")
        self.assertEqual(data["title"], "Extension of the town archives")
        self.assertEqual(data["fingerprint"], order._get_fingerprint()["all"])
        figures, facts = data["figures"], data["facts"]
        self.assertAlmostEqual(figures["amount"], order.amount_untaxed)
        self.assertAlmostEqual(figures["cost"], order.amount_untaxed - order.margin)
        self.assertAlmostEqual(figures["margin_percent"], 100 * order.margin_percent)
        self.assertEqual(figures["days"], 22)
        self.assertEqual((facts["plan_days"], facts["plan_weeks"]), (18, 4))
        (row,) = data["standing"]
        self.assertEqual(row["state"], "pending")
        self.assertIn("Sophie Delmas", row["people"])
        self.assertEqual(data["owners"]["technical"], "Paul Lambert")
        self.assertIn(order.id, data["queue"])

    def test_reader_without_right_to_costs_gets_none(self):
        order = self._create_quote_at("validation")
        self.company.quote_show_costs = False
        data = self._data(order, self.salesperson)
        self.assertFalse(data["can_decide"])
        self.assertFalse(set(SECRETS) & data["figures"].keys())
        self.assertIn("margin", self._data(order, self.commercial_approver)["figures"])

    def test_people_who_may_not_decide_read_why(self):
        order = self._create_quote_at("validation")
        self.assertIn("not an approver", self._data(order, self.salesperson)["reason"])
        order.with_user(self.operational_approver).action_approve()
        data = self._data(order, self.commercial_approver)
        self.assertFalse(data["can_decide"])
        self.assertIn("Approved by Marc Tessier", data["reason"])
        for user in (self.stranger, self.project_manager, self.portal_user):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self._data(order, user)

    def test_client_who_reads_the_offer_reads_nothing_of_its_decisions(self):
        order = self._create_quote_at("sent")
        order.with_user(self.portal_user).check_access("read")
        with self.assertRaises(AccessError):
            self._data(order, self.portal_user)
        client = order.with_user(self.portal_user)
        for act in (
            client.action_approve,
            client.action_decide,
            lambda: client.action_refuse("No", "both"),
            lambda: client.action_ask_question("Why?", "both"),
        ):
            with self.assertRaises(AccessError):
                act()

    def test_own_request_is_read_only(self):
        self.salesperson.group_ids += self.env.ref(
            "commercial_quote_process.group_quote_approver_commercial"
        )
        order = self._create_quote_at("validation")
        data = self._data(order, self.salesperson)
        self.assertFalse(data["can_decide"])
        self.assertIn("yourself", data["reason"])
        self.assertNotIn(order.id, data["queue"])

    def test_what_changed_since_it_was_on_screen(self):
        order = self._create_quote_at("validation")
        approver = order.with_user(self.commercial_approver)
        seen = approver.get_decision_data()["fingerprint"]
        order.action_withdraw()
        order.order_line[0].price_unit += 100
        order.action_request_validation()
        for decide in (
            lambda: approver.action_approve(fingerprint=seen),
            lambda: approver.action_refuse("No", "both", fingerprint=seen),
        ):
            with self.assertRaisesRegex(UserError, "changed since you opened it"):
                decide()
        data = approver.get_decision_data(seen=seen)
        self.assertTrue(data["can_decide"])
        self.assertTrue(data["changed"], "the difference is said in words")
        self.assertFalse(approver.get_decision_data(seen=data["fingerprint"])["changed"])
        approver.action_approve(fingerprint=data["fingerprint"])
        self.assertEqual(order.quote_step, "ready")

    def test_last_refusal_and_what_changed_since(self):
        order = self._create_quote_at("validation")
        order.with_user(self.operational_approver).action_refuse("Margin too low", "commercial")
        order.order_line[0].price_unit += 500
        order.action_request_validation()
        data = self._data(order, self.commercial_approver)
        self.assertEqual(data["refusal"]["person"], "Marc Tessier")
        self.assertEqual(data["refusal"]["reason"], "Margin too low")
        (change,) = data["changes"]
        self.assertIn("Marc Tessier", change["title"])
        self.assertTrue(change["sentences"])
        self.assertEqual(len(data["requests"]), 2)
        self.assertEqual(data["requests"][0]["rows"][0]["state"], "pending")

    def test_history_keeps_every_request_the_newest_first(self):
        order = self._create_quote_at("validation")
        for number in range(3):
            order.with_user(self.operational_approver).action_refuse(f"No {number}", "commercial")
            order.order_line[0].price_unit += 1
            with freeze_time(fields.Datetime.now() + timedelta(hours=number + 1)):
                order.action_request_validation()
        history = order.validation_history
        self.assertEqual([len(request["rows"]) for request in history], [1, 1, 1, 1])
        comments = [row["comment"] for request in history for row in request["rows"]]
        self.assertEqual([c for c in comments if c], ["No 2", "No 1", "No 0"])

    def test_screen_opens_from_the_quote(self):
        order = self._create_quote_at("validation")
        action = order.with_user(self.commercial_approver).action_decide()
        self.assertEqual(action["tag"], "quote_decision")
        self.assertEqual(action["params"], {"resId": order.id})
        with self.assertRaises(AccessError):
            order.with_user(self.stranger).action_decide()

    # === THE LIST, AND SEVERAL AT ONCE === #

    def _search(self, user, domain):
        return self.env["sale.order"].with_user(user).search(domain)

    def test_list_shows_what_waits_for_whom(self):
        order = self._create_quote_at("validation")
        other = self._create_quote_at("financial")
        mine = [("can_decide", "=", True)]
        self.assertIn(order, self._search(self.commercial_approver, mine))
        self.assertNotIn(other, self._search(self.commercial_approver, mine))
        self.assertFalse(self._search(self.salesperson, mine))
        self.assertIn(
            order,
            self._search(self.salesperson, [("validation_asked_by_id", "=", self.salesperson.id)]),
        )
        row = order.with_user(self.commercial_approver)
        self.assertTrue(row.can_decide)
        self.assertEqual(row.validation_rules, order.validation_ids.rule_name)
        self.assertEqual(row.validation_asked_by_id, self.salesperson)

    def test_overdue_requests_are_found(self):
        order = self._create_quote_at("validation")
        domain = [("validation_deadline", "<", fields.Date.today())]
        self.assertNotIn(order, self._search(self.commercial_approver, domain))
        self._set_deadline(order, "2020-01-01")
        self.assertIn(order, self._search(self.commercial_approver, domain))
        data = order.with_user(self.commercial_approver).get_decision_data()
        self.assertTrue(data["is_overdue"])

    def _set_deadline(self, order, day):
        self.env.cr.execute(
            "UPDATE quote_validation SET deadline = %s WHERE order_id = %s", [day, order.id]
        )
        order.validation_ids.invalidate_recordset()

    def _open_wizard(self, orders, user):
        return (
            self.env["quote.mass.approval"]
            .with_user(user)
            .with_context(active_model="sale.order", active_ids=orders.ids)
            .create({"comment": "Fine"})
        )

    def test_several_are_approved_at_once(self):
        orders = self._create_quote_at("validation") + self._create_quote_at("validation")
        wizard = self._open_wizard(orders, self.commercial_approver)
        self.assertEqual(wizard.line_ids.order_id, orders)
        wizard.action_approve()
        self.assertEqual(set(orders.mapped("quote_step")), {"ready"})
        self.assertEqual(set(orders.validation_ids.mapped("comment")), {"Fine"})
        self.assertEqual(set(wizard.line_ids.mapped("state")), {"approved"})

    def test_what_cannot_be_approved_says_why_and_stops_nothing(self):
        good, moved, decided = (self._create_quote_at("validation") for _number in range(3))
        wizard = self._open_wizard(good + moved + decided, self.commercial_approver)
        moved.action_withdraw()
        moved.order_line[0].price_unit += 1
        moved.action_request_validation()
        decided.with_user(self.operational_approver).action_refuse("No", "commercial")
        wizard.action_approve()
        lines = {line.order_id: line for line in wizard.line_ids}
        self.assertEqual(good.quote_step, "ready")
        self.assertEqual(moved.quote_step, "validation")
        self.assertEqual(decided.quote_step, "financial")
        self.assertIn("changed since you opened it", lines[moved].outcome)
        self.assertIn("Marc Tessier", lines[decided].outcome)
        self.assertFalse(lines[good].outcome)
        self.assertFalse(moved.activity_ids.filtered(lambda a: a.summary == "Approved"))

    def test_no_approver_approves_nothing(self):
        order = self._create_quote_at("validation")
        wizard = self._open_wizard(order, self.salesperson)
        wizard.action_approve()
        self.assertEqual(order.quote_step, "validation")
        self.assertEqual(wizard.line_ids.state, "refused")

    # === QUESTIONS === #

    def _ask(self, order, part="commercial", question="Why so cheap?"):
        order.with_user(self.commercial_approver).action_ask_question(question, part)
        return order.sudo().question_ids[0]

    def _activities(self, record):
        activity_type = self.env.ref("commercial_quote_process.activity_type_question")
        return record.sudo().activity_ids.filtered(lambda a: a.activity_type_id == activity_type)

    def test_salesperson_answers_and_the_quote_keeps_waiting(self):
        order = self._create_quote_at("validation")
        question = self._ask(order)
        self.assertEqual(self._activities(order).user_id, self.salesperson)
        self.assertEqual((order.quote_step, order.quote_turn), ("validation", "approver"))
        self.assertIn("Sophie Delmas", order.quote_turn_text)
        self.assertTrue(order.with_user(self.commercial_approver).has_open_question)
        question.with_user(self.salesperson).action_answer("They are an old client")
        self.assertFalse(self._activities(order))
        self.assertNotIn("Sophie", order.quote_turn_text)
        data = order.with_user(self.commercial_approver).get_decision_data()
        self.assertEqual(data["questions"][0]["answer"], "They are an old client")
        notified = self.env["mail.notification"].search(
            [("res_partner_id", "=", self.commercial_approver.partner_id.id)]
        )
        self.assertIn("They are an old client", notified[-1:].mail_message_id.body)
        self.assertNotIn("They are an old client", "".join(order.sudo().message_ids.mapped("body")))

    def test_project_manager_answers_from_the_estimate(self):
        order = self._create_quote_at("validation")
        question = self._ask(order, "technical", "Who tests?")
        estimate = order.sudo().estimate_id.with_user(self.project_manager)
        self.assertEqual(self._activities(estimate).user_id, self.project_manager)
        (shown,) = estimate.validation_questions
        self.assertTrue(shown["can_answer"])
        question.with_user(self.project_manager).action_answer("Nadia")
        self.assertEqual(estimate.validation_questions[0]["answer"], "Nadia")
        self.assertFalse(self._activities(estimate))

    def test_both_are_asked_each_for_himself(self):
        order = self._create_quote_at("validation")
        self._ask(order, "both")
        self.assertEqual(
            order.sudo().question_ids.asked_to_id, self.salesperson + self.project_manager
        )
        commercial = order.sudo().question_ids.filtered(lambda row: row.part == "commercial")
        with self.assertRaises(AccessError):
            commercial.with_user(self.project_manager).action_answer("Me")

    def test_only_who_decides_asks_and_only_who_is_asked_answers(self):
        order = self._create_quote_at("validation")
        for user in (self.salesperson, self.sales_manager, self.stranger):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                order.with_user(user).action_ask_question("Why?", "commercial")
        question = self._ask(order)
        for user in (self.commercial_approver, self.other_salesperson, self.stranger):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                question.with_user(user).action_answer("Because")
        for text in ("", "  ", None):
            with self.assertRaises(UserError):
                question.with_user(self.salesperson).action_answer(text)
            with self.assertRaises(UserError):
                order.with_user(self.commercial_approver).action_ask_question(text, "commercial")
        with self.assertRaises(UserError):
            order.with_user(self.commercial_approver).action_ask_question("Why?", "price")

    def test_question_and_answer_are_never_rewritten(self):
        order = self._create_quote_at("validation")
        question = self._ask(order)
        question.with_user(self.salesperson).action_answer("Because")
        with self.assertRaisesRegex(UserError, "already answered"):
            question.with_user(self.salesperson).action_answer("Because, again")
        for vals in ({"answer": "No"}, {"question": "Other"}, {"answered_on": False}):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                question.write(vals)
        with self.assertRaises(UserError):
            question.with_context(_force_unlink=True).unlink()
        with self.assertRaises(AccessError):
            question.with_user(self.salesperson).create({"order_id": order.id, "question": "Me"})

    def test_nobody_has_to_answer_after_the_decision(self):
        order = self._create_quote_at("validation")
        question = self._ask(order)
        order.with_user(self.operational_approver).action_approve()
        self.assertFalse(self._activities(order))
        with self.assertRaisesRegex(UserError, "no longer waits"):
            question.with_user(self.salesperson).action_answer("Too late")


@tagged("post_install", "-at_install")
class TestApproverMails(QuoteProcessCase):
    """Step 4: one mail to each approver with what waits for him, by a job, exactly once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        (cls.commercial_approver + cls.operational_approver).notification_type = "email"
        cls.cron = cls.env.ref("commercial_quote_process.ir_cron_approver_digest")
        # What waits in this database already is nobody's business here.
        cls.env["quote.validation"].search([("state", "=", "pending")]).write(
            {"notified_on": fields.Datetime.now()}
        )

    def _run(self):
        last = self.env["mail.mail"].search([], order="id desc", limit=1).id or 0
        with self.enter_registry_test_mode():
            self.cron.method_direct_trigger()
        self.env.invalidate_all()
        return self.env["mail.mail"].search([("id", ">", last)])

    def _mail_to(self, mails, user):
        return mails.filtered(lambda mail: mail.recipient_ids == user.partner_id)

    def test_one_mail_for_all_that_waits_and_only_once(self):
        orders = self._create_quote_at("validation") + self._create_quote_at("validation")
        self.assertFalse(self._count_messages(orders), "nothing in the discussion with the client")
        mails = self._run()
        self.assertEqual(len(mails), 2)
        mail = self._mail_to(mails, self.commercial_approver)
        for order in orders:
            self.assertIn(order.name, mail.body_html)
            self.assertIn(f"/odoo/offers-to-validate/quote-decision/{order.id}", mail.body_html)
        self.assertFalse(mail.model or mail.res_id)
        self.assertTrue(all(orders.validation_ids.mapped("notified_on")))
        self.assertFalse(self._run(), "everybody has been told")

    def _count_messages(self, orders):
        subtype = self.env.ref("mail.mt_comment")
        return len(orders.sudo().message_ids.filtered(lambda m: m.subtype_id == subtype))

    def test_no_figure_of_ours_leaves_by_mail(self):
        order = self._create_quote_at("validation")
        body = self._mail_to(self._run(), self.commercial_approver).body_html
        self.assertIn("Ville de Bressac", body)
        cost = order.sudo().amount_untaxed - order.sudo().margin
        for secret in (cost, order.sudo().margin):
            self.assertNotIn(f"{secret:,.2f}", body)
        self.assertNotIn("Margin", body)

    def test_only_approvers_are_told_as_the_company_says(self):
        self.operational_approver.notification_type = "inbox"
        self._create_quote_at("validation")
        mails = self._run()
        self.assertEqual(mails.recipient_ids, self.commercial_approver.partner_id)
        self.company.quote_approver_mails = "always"
        self._create_quote_at("validation")
        self.assertIn(self.operational_approver.partner_id, self._run().recipient_ids)
        self.company.quote_approver_mails = "never"
        self._create_quote_at("validation")
        self.assertFalse(self._run())

    def test_each_reads_it_in_the_own_language(self):
        self.commercial_approver.lang = "fr_FR"
        digest = type(self.env["quote.approver.digest"])
        langs = []
        original = digest._get_subject

        def get_subject(model, told):
            langs.append(model.env.context["lang"])
            return original(model, told)

        self._create_quote_at("validation")
        with patch.object(digest, "_get_subject", get_subject):
            self._run()
        self.assertEqual(sorted(langs), ["en_US", "fr_FR"])

    def test_reminder_goes_once(self):
        order = self._create_quote_at("validation")
        self._run()
        self.env.cr.execute(
            "UPDATE quote_validation SET deadline = '2020-01-02', remind_on = '2020-01-01'"
            " WHERE order_id = %s",
            [order.id],
        )
        order.validation_ids.invalidate_recordset()
        mail = self._mail_to(self._run(), self.commercial_approver)
        self.assertIn("Reminder", mail.subject)
        self.assertTrue(order.validation_ids.reminded_on)
        self.assertFalse(self._run())

    def test_one_that_fails_does_not_stop_the_others(self):
        good, poisoned = self._create_quote_at("validation"), self._create_quote_at("validation")
        digest = type(self.env["quote.approver.digest"])
        original = digest._get_told_document

        def get_told_document(model, document, rows):
            if document.id == poisoned.id:
                raise ValueError("no name")
            return original(model, document, rows)

        with (
            patch.object(digest, "_get_told_document", get_told_document),
            self.assertLogs("odoo.addons.commercial_quote_process", "WARNING"),
        ):
            mails = self._run()
        self.assertEqual(len(mails), 2)
        self.assertIn(good.name, mails[0].body_html)
        self.assertFalse(poisoned.validation_ids.notified_on)
        self.assertIn(poisoned.name, self._run()[0].body_html, "told as soon as it can be")

    def test_the_request_itself_sends_nothing(self):
        order = self._create_quote_at("financial")
        mails = self.env["mail.mail"].search_count([])
        order.action_request_validation()
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        self.assertFalse(order.validation_ids.notified_on)
