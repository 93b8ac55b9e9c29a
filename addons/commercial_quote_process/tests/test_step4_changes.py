import json

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import BaseCase, tagged

from ..tools.content_changes import get_changes
from ..tools.content_changes_line import match_lines
from .common import QuoteProcessCase


def _line(text, price=100.0, **values):
    return {
        "kind": "",
        "text": text,
        "product": 3,
        "quantity": 1.0,
        "price": price,
        "subtotal": price,
        **values,
    }


@tagged("post_install", "-at_install")
class TestContentChanges(BaseCase):
    """What differs between two contents, told by what the rows say and not by their places."""

    def _get_codes(self, before, after):
        contents = ({"price": {"lines": lines}} for lines in (before, after))
        return [(change["code"], change.get("name")) for change in get_changes(*contents)]

    def test_a_line_in_between_moves_no_other(self):
        before = [_line("Survey"), _line("Portal"), _line("Training")]
        after = [before[0], _line("Hosting"), *before[1:]]
        self.assertEqual(self._get_codes(before, after), [("line_added", "Hosting")])
        self.assertEqual(self._get_codes(after, before), [("line_removed", "Hosting")])

    def test_lines_in_another_order_are_the_same_lines(self):
        before = [_line("Survey"), _line("Portal"), _line("Training")]
        self.assertEqual(self._get_codes(before, before[::-1]), [("lines_moved", None)])

    def test_a_line_with_other_words_is_the_same_line(self):
        before = [_line("Publication portal"), _line("Training of ten people")]
        after = [_line("Training of twelve people"), _line("Publication portal", price=90.0)]
        self.assertEqual(match_lines(before, after), [(1, 0), (0, 1)])
        self.assertEqual(
            self._get_codes(before, after),
            [
                ("line_renamed", "Training of ten people"),
                ("line_price", "Publication portal"),
                ("lines_moved", None),
            ],
        )

    def test_lines_of_one_name_are_paired_in_order(self):
        before = [_line("Visit", price=1.0), _line("Visit", price=2.0)]
        after = [_line("Visit", price=1.0), _line("Visit", price=3.0), _line("Visit", price=4.0)]
        self.assertEqual(
            self._get_codes(before, after), [("line_added", "Visit"), ("line_price", "Visit")]
        )

    def test_a_section_a_note_and_an_option_are_called_so(self):
        before = [_line("Hosting")]
        after = [
            {"kind": "line_section", "text": "Build"},
            _line("Hosting", quantity=0.0, optional=True),
            {"kind": "line_note", "text": "Prices of 2026"},
        ]
        self.assertEqual(
            self._get_codes(before, after),
            [
                ("section_added", "Build"),
                ("note_added", "Prices of 2026"),
                ("line_quantity", "Hosting"),
                ("line_optional", "Hosting"),
            ],
        )

    def test_a_removed_task_takes_its_links_along_in_silence(self):
        survey = {"kind": "task", "name": "Survey", "parent": -1, "duration": 3.0, "after": []}
        model = {**survey, "name": "Data model", "after": [[0, 0.0]]}
        portal = {**survey, "name": "Portal", "after": [[1, 0.0]]}
        before = {"plan": {"items": [survey, model, portal]}}
        after = {"plan": {"items": [model | {"after": []}, portal | {"after": [[0, 0.0]]}]}}
        self.assertEqual(
            [(change["code"], change["name"]) for change in get_changes(before, after)],
            [("item_removed", "Survey")],
        )

    def test_content_that_nobody_knows_is_not_passed_over(self):
        changes = get_changes({"terms": {"warranty": 1}}, {"terms": {"warranty": 2}})
        self.assertEqual(changes, [{"aspect": "terms", "code": "detail"}])

    def test_what_an_older_content_lacks_is_empty(self):
        self.assertTrue(get_changes({"price": {}}, {"price": {"lines": [_line("Portal")]}}))
        self.assertEqual(get_changes({}, {"price": {"untaxed": 1}}), [])

    def test_large_contents_are_compared_in_no_time(self):
        before = [_line(f"Line {rank} of the offer") for rank in range(400)]
        after = [_line(f"Article {rank} of a new offer") for rank in range(400)]
        self.assertEqual(len(self._get_codes(before, after)), 800)


@tagged("post_install", "-at_install")
class TestChangesInWords(QuoteProcessCase):
    """What has changed in a quote, as sentences for the people who may read them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_quote_at("financial")
        cls.line = cls.order.order_line.filtered(lambda line: not line.display_type)[:1]
        cls.currency = cls.order.currency_id
        cls.before = json.loads(json.dumps(cls.order._get_content()))

    def _say(self, change=None, before=None, user=None, **options):
        """Return the sentences for a change of the content, in order."""
        after = json.loads(json.dumps(before or self.before))
        if change:
            change(after)
        order = self.order.with_user(user or self.salesperson)
        sentences = order._get_changes_in_words(before or self.before, after, **options)
        return [sentence["text"] for sentence in sentences]

    def _edit(self, path, value):
        """Return a function that changes one value of a content."""
        *keys, last = path

        def edit(content):
            for key in keys:
                content = content[key]
            content[last] = value

        return edit

    # === WORDS === #

    def test_nothing_changed_says_nothing(self):
        self.assertEqual(self._say(), [])
        self.assertEqual(self.order._get_changes_in_words({}, self.before), [])
        self.assertEqual(self.order._get_changes_in_words(None, self.before), [])

    def test_prices_say_from_how_much_to_how_much(self):
        def cheaper(content):
            content["price"]["untaxed"] = 10500.0
            content["price"]["lines"][0].update(
                {"text": "Portal\nwith a search", "price": 10500.0, "subtotal": 10500.0}
            )

        before = json.loads(json.dumps(self.before))
        before["price"]["untaxed"] = 12000.0
        before["price"]["lines"][0].update({"text": "Portal\nwith a search", "price": 12000.0})
        sentences = self._say(cheaper, before=before)
        self.assertEqual(len(sentences), 2)
        for sentence in sentences:
            self.assertIn("12,000.00", sentence)
            self.assertIn("10,500.00", sentence)
            self.assertIn("(−12.5%)", sentence)
        self.assertTrue(sentences[0].startswith("Total without taxes: "))
        self.assertTrue(sentences[1].startswith("Price of “Portal”: "))

    def test_amounts_in_another_currency_are_not_compared(self):
        other = self.env.ref("base.EUR" if self.currency.name != "EUR" else "base.USD")
        other.active = True
        before = json.loads(json.dumps(self.before))
        before["price"]["untaxed"] = 12000.0

        def in_other_currency(content):
            content["price"].update({"untaxed": 10500.0, "currency": other.id})

        total, currency = self._say(in_other_currency, before=before)
        self.assertIn(self.currency.symbol, total)
        self.assertIn(other.symbol, total)
        self.assertNotIn("%", total)
        self.assertEqual(currency, f"Currency: {self.currency.name} → {other.name}")

    def test_every_change_of_a_line_has_its_words(self):
        name = self.before["price"]["lines"][0]["text"].split("\n")[0]
        unit = self.env.ref("uom.product_uom_dozen")
        tax = self.env["account.tax"].create({"name": "Ten", "amount": 10.0})
        line = ("price", "lines", 0)
        for path, value, sentence in (
            ("quantity", 3.0, f"Quantity of “{name}”: 1 → 3"),
            ("discount", 7.5, f"Discount on “{name}”: 0% → 7.5%"),
            ("optional", True, f"“{name}” becomes an option"),
            ("unit", unit.id, f"Unit of “{name}”: {self.line.product_uom_id.name} → {unit.name}"),
            ("text", name + "\nmore", f"The description of “{name}” has changed"),
            ("text", name + " II", f"“{name}” becomes “{name} II”"),
        ):
            with self.subTest(sentence):
                self.assertEqual(self._say(self._edit((*line, path), value)), [sentence])
        [taxes] = self._say(self._edit((*line, "taxes"), tax.ids))
        self.assertTrue(taxes.startswith(f"Taxes of “{name}”: "))
        self.assertTrue(taxes.endswith(f"→ {tax.display_name}"))

    def test_plan_terms_and_texts_have_their_words(self):
        term = self.env["account.payment.term"].create({"name": "In 60 days"})
        items = {item["name"]: rank for rank, item in enumerate(self.before["plan"]["items"])}
        survey = ("plan", "items", items["Survey"])
        portal = ("plan", "items", items["Publication portal"])
        for path, value, sentence in (
            ((*survey, "duration"), 5.0, "Task “Survey” is longer: 3 → 5 (working days)"),
            ((*survey, "duration"), 2.5, "Task “Survey” is shorter: 3 → 2.5 (working days)"),
            ((*survey, "name"), "Survey on site", "“Survey” becomes “Survey on site”"),
            ((*survey, "parent"), items["Build"], "“Survey” moves to the phase “Build”"),
            ((*portal, "after"), [], "“Publication portal” no longer waits for “Data model”"),
            (
                ("figures", "plan_length"),
                99.0,
                None,
            ),
            (("plan", "delay"), 9, "Working days between the signature and the start: 5 → 9"),
            (("terms", "payment_term"), term.id, "Payment terms: none → In 60 days"),
            (("terms", "note"), "<p>Other</p>", "The terms and conditions have changed"),
            (("texts", "exclusions"), "<p>Other</p>", "The text “Out of scope” has changed"),
            (("texts", "technical"), "<p>Other</p>", "The text “Technical part” has changed"),
        ):
            with self.subTest(path=path):
                expected = [sentence] if sentence else []
                self.assertEqual(self._say(self._edit(path, value)), expected)

    def test_the_end_of_the_plan_comes_first(self):
        def later(content):
            content["plan"]["items"][1]["duration"] = 5.0
            content["figures"]["plan_length"] = 22.0

        length = self.before["figures"]["plan_length"]
        first = self._say(later)[0]
        self.assertEqual(first, f"The end of the plan moves from day {length:g} to day 22")

    def test_many_changes_of_a_sort_are_counted(self):
        def many(content):
            item = content["plan"]["items"][1]
            content["plan"]["items"] += [{**item, "name": f"Task {rank}"} for rank in range(20)]

        sentences = self._say(many)
        self.assertEqual(len(sentences), 6)
        self.assertEqual(sentences[-1], "15 other changes of the plan")

    def test_words_follow_the_reader(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        change = self._edit(("price", "untaxed"), 10500.5)
        after = json.loads(json.dumps(self.before))
        change(after)
        order = self.order.with_context(lang="fr_FR")
        [sentence] = [row["text"] for row in order._get_changes_in_words(self.before, after)]
        self.assertIn("500,50", sentence)
        self.assertRegex(sentence, r"\d,\d\s%\)$")

    def test_a_record_that_is_gone_has_no_name(self):
        term = self.env["account.payment.term"].create({"name": "Gone"})
        change = self._edit(("terms", "payment_term"), term.id)
        after = json.loads(json.dumps(self.before))
        change(after)
        term.unlink()
        [sentence] = self.order._get_changes_in_words(self.before, after)
        self.assertEqual(sentence["text"], "Payment terms: none → none")

    # === WHO READS WHAT === #

    def _change_costs(self, content):
        content["figures"].update({"cost": 4321.5, "margin": 12.345, "days": 87.25})
        cost = content["cost"]
        cost.update({"contingency": 12.345, "overhead": 12.345, "target": 12.345})
        cost["workload"][0].update({"days": 87.25, "cost": 4321.5})
        cost["costs"][0].update({"cost": 4321.5, "quantity": 1.0})
        cost["costs"].append({**cost["costs"][0], "name": "Licence", "cost": 4321.5})
        content["plan"]["hours"] = 7.0
        content["plan"]["items"][1]["description"] = "In the cellar"

    def _assert_no_figure(self, sentences):
        for figure in ("4321", "4,321", "12.3", "87.25", "87"):
            self.assertNotIn(figure, " ".join(sentences))

    def test_costs_are_said_to_those_who_read_them(self):
        for user in (self.salesperson, self.sales_manager, self.commercial_approver):
            with self.subTest(user.login):
                sentences = self._say(self._change_costs, user=user)
                text = "\n".join(sentences)
                for part in ("Cost price: ", "Margin: ", "Days of work: ", "Contingency: "):
                    self.assertIn(part, text)
                self.assertIn("Days of Consultant on “Survey”: 3 → 87.25", text)
                self.assertIn("Cost of a day of Consultant: ", text)
                self.assertIn("Cost added: “Licence”, ", text)

    def test_stored_sentences_hold_no_figure(self):
        sentences = self._say(self._change_costs, with_figures=False)
        self._assert_no_figure(sentences)
        text = "\n".join(sentences)
        self.assertIn("The workload of “Survey” has changed", text)
        self.assertIn("The contingency has changed", text)
        self.assertIn("Cost added: “Licence”", text)
        self.assertNotIn("Margin", text.replace("target margin", ""))

    def test_people_without_the_right_get_no_figure_though_they_ask(self):
        for user in (self.project_manager, self.stranger, self.portal_user):
            with self.subTest(user.login):
                self._assert_no_figure(self._say(self._change_costs, user=user))
        self.company.quote_show_costs = False
        self._assert_no_figure(self._say(self._change_costs))

    def test_clients_read_nothing_internal(self):
        self.assertEqual(self._say(self._change_costs, for_client=True), [])
        self.assertEqual(self._say(self._change_costs, for_client=True, with_figures=True), [])
        sentences = self._say(self._edit(("price", "untaxed"), 1.0), for_client=True)
        self.assertEqual(len(sentences), 1)

    # === SINCE WHEN === #

    def test_nothing_has_happened_yet(self):
        for event in ("approved", "sent", "refused"):
            self.assertEqual(self.order._get_changes_since(event), {"since": False, "changes": []})

    def test_others_do_not_ask(self):
        for user in (self.other_salesperson, self.stranger, self.portal_user):
            with self.assertRaises(AccessError):
                self.order.with_user(user)._get_changes_since("sent")

    def test_changes_since_a_refusal(self):
        self.order.action_request_validation()
        self.order.with_user(self.commercial_approver).action_refuse("Too dear", "commercial")
        self.order.scope_exclusions = "<p>Hosting</p>"
        self.order.action_request_validation()
        result = self.order.with_user(self.commercial_approver)._get_changes_since("refused")
        self.assertIn("Sophie Delmas refused", result["since"]["label"])
        self.assertEqual(result["since"]["version"], self.order.name)
        self.assertEqual(
            [change["text"] for change in result["changes"]],
            ["The text “Out of scope” has changed"],
        )
        self.assertFalse(self.order._get_changes_since("approved")["since"])

    def test_changes_since_the_version_that_was_sent(self):
        self.order.action_request_validation()
        self.order.with_user(self.commercial_approver).action_approve()
        self.order.action_quotation_sent()
        version = self.order._new_version("price", restart_step="financial")
        line = version.order_line.filtered(lambda line: not line.display_type)[:1]
        line.name = "Other words"
        for event in ("approved", "sent"):
            result = version._get_changes_since(event)
            self.assertEqual(result["since"]["version"], self.order.name)
            self.assertEqual(len(result["changes"]), 1, result["changes"])
        self.assertIn("was sent on", version._get_changes_since("sent")["since"]["label"])

    def test_what_was_decided_before_anything_was_kept(self):
        self.order.action_request_validation()
        self.order.with_user(self.commercial_approver).action_approve()
        self.order.action_quotation_sent()
        self._forget_snapshots(self.order)
        version = self.order._new_version("price", restart_step="financial")
        version.scope_exclusions = "<p>Hosting</p>"
        for event in ("approved", "sent"):
            changes = version._get_changes_since(event)["changes"]
            self.assertEqual(
                [change["text"] for change in changes], ["The text “Out of scope” has changed"]
            )

    def _forget_snapshots(self, order):
        self.env.flush_all()
        self.cr.execute(
            "UPDATE quote_validation SET snapshot_id = NULL WHERE order_id = %s", [order.id]
        )
        self.env.invalidate_all()

    # === APPROVALS THAT NO LONGER HOLD === #

    def test_the_gate_says_what_is_no_longer_what_was_approved(self):
        self.order.action_request_validation()
        self.order.with_user(self.commercial_approver).action_approve()
        self.env.flush_all()
        self.cr.execute(
            "UPDATE sale_order SET scope_exclusions = '<p>All</p>' WHERE id = %s", [self.order.id]
        )
        self.cr.execute(
            "UPDATE quote_estimate_workload SET days = 4321 WHERE estimate_id = %s",
            [self.order.sudo().estimate_id.id],
        )
        self.env.invalidate_all()
        error = self.order._get_approval_error()
        self.assertIn("The text “Out of scope” has changed", error)
        self.assertIn("The workload of “Survey” has changed", error)
        self.assertNotIn("4321", error)
        with self.assertRaisesRegex(UserError, "Out of scope"):
            self.order.action_quotation_sent()

    def test_an_option_counts_for_what_it_would_bring(self):
        def add_option(content):
            content["price"]["lines"].append(
                _line("Hosting", price=600.0, quantity=0.0, subtotal=0.0, optional=True)
            )

        [sentence] = self._say(add_option)
        self.assertIn("Option added: “Hosting”", sentence)
        self.assertIn("600.00", sentence)


@tagged("post_install", "-at_install")
class TestContentOfCopies(QuoteProcessCase):
    """A copy says what its original says, whatever order its rows were read in."""

    def test_a_new_version_says_the_same(self):
        order = self._create_quote_at("technical")
        self._fill_estimate(order)
        estimate = order.sudo().estimate_id
        estimate.cost_ids = [Command.create({"name": "Hotel", "sequence": 1})]
        estimate.with_user(self.project_manager).action_ready()
        self._price(order)
        line = order.order_line.filtered(lambda line: not line.display_type)[:1]
        order.order_line = [
            Command.create({"product_id": line.product_id.id, "name": name, "sequence": rank})
            for rank, name in ((93, "C"), (92, "A"), (91, "B"))
        ]
        self.env.flush_all()
        self.env.invalidate_all()
        # In memory they are B, A, C; on paper C, A, B once they share a sequence.
        typed = order.order_line.filtered(lambda line: line.name in ("A", "B", "C"))
        self.assertEqual(typed.mapped("name"), ["B", "A", "C"])
        typed.sequence = 90
        order.action_request_validation()
        version = order._new_version("price", restart_step="financial")
        self.assertEqual(version._get_fingerprint(), order._get_fingerprint())
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(version._get_fingerprint(), order._get_fingerprint())
        self.assertEqual(
            version.sudo().estimate_id.cost_ids.mapped("name"),
            order.sudo().estimate_id.cost_ids.mapped("name"),
        )
