import json
import random
import subprocess
import sys

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import BaseCase, tagged
from odoo.tools import mute_logger

from ..tools import fingerprint as fingerprint_tool
from ..tools.fingerprint import FINGERPRINT_VERSION, fingerprint, fingerprints
from ..tools.html_content import normalise_html
from .common import QuoteProcessCase

# What the canonical form gave when the chain of acceptances and the first version began.
FROZEN = {
    "empty": ({}, "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"),
    "values": (
        {"b": [1, 2.50, None, True, False, -0.0], "a": {"text": " One\r\ntwo ", "amount": 1e6}},
        "b7d6a3c17bbdd04d95d0bb5aba6e7103419f805c4569264ce8b92420b529ee41",
    ),
}


@tagged("post_install", "-at_install")
class TestCanonicalForm(BaseCase):
    """The same content is the same text of bytes, on every machine and in every process."""

    def test_the_canonical_form_is_what_it_has_always_been(self):
        for name, (value, expected) in FROZEN.items():
            with self.subTest(name):
                self.assertEqual(fingerprint(value), expected)

    def test_the_hash_seed_of_python_changes_nothing(self):
        program = (
            "import importlib.util as u, sys;"
            "s = u.spec_from_file_location('tool', sys.argv[1]);"
            "m = u.module_from_spec(s); s.loader.exec_module(m);"
            "print(m.fingerprint({'b': {'y': 1, 'x': 2}, 'a': ['z', 'é'], 'c': 0.1 + 0.2}))"
        )
        results = {
            subprocess.run(  # noqa: S603
                [sys.executable, "-c", program, fingerprint_tool.__file__],
                env={"PYTHONHASHSEED": seed},
                capture_output=True,
                check=True,
                text=True,
            ).stdout
            for seed in ("0", "1", "4711")
        }
        self.assertEqual(len(results), 1)
        self.assertEqual(len(results.pop().strip()), 64)

    def test_values_that_differ_in_nothing_that_counts(self):
        source = random.Random(4)
        for _ in range(200):
            content = self._make_content(source)
            with self.subTest(content):
                self.assertEqual(fingerprint(self._respell(content, source)), fingerprint(content))

    def test_every_single_value_counts(self):
        source = random.Random(5)
        for _ in range(100):
            content = {str(key): self._make_content(source) for key in range(3)}
            other = json.loads(json.dumps(content))
            other[str(source.randrange(3))]["new"] = source.random() + 1
            before, after = fingerprints(content), fingerprints(other)
            self.assertNotEqual(before["all"], after["all"])
            self.assertEqual(sum(before[key] != after[key] for key in content), 1)

    def _make_content(self, source):
        makers = (
            lambda: source.choice(["", "One", " two words ", "a\nb", "é"]),
            lambda: round(source.uniform(-1e6, 1e6), 2),
            lambda: source.randrange(1000),
            lambda: source.choice([True, False, None]),
            lambda: [round(source.random(), 3) for _ in range(source.randrange(4))],
        )
        return {f"key {key}": source.choice(makers)() for key in range(source.randrange(1, 8))}

    def _respell(self, value, source):
        """Return the same value as another process may hold it."""
        if isinstance(value, dict):
            items = list(value.items())
            source.shuffle(items)
            return {key: self._respell(item, source) for key, item in items}
        if isinstance(value, list):
            return tuple(self._respell(item, source) for item in value)
        if isinstance(value, str):
            return value.replace("\n", "\r\n") + source.choice(["", " ", "\n"]) or None
        if isinstance(value, float):
            return value + source.choice([0.0, 1e-10, -1e-10])
        if value is False or value is None:
            return source.choice([False, None, ""])
        return value


@tagged("post_install", "-at_install")
class TestHtmlContent(BaseCase):
    """A text that only its editor sees otherwise is the same text."""

    def test_other_spellings_of_one_text(self):
        expected = normalise_html('<p class="a b" style="color:red;top:1px">One <b>two</b></p>')
        for text in (
            '<p style="color: red; top: 1px;" class="b  a">One <b>two</b></p>',
            '<p class="a b" style="color:red;top:1px">One&nbsp;<b>two</b></p>\n',
            '<P CLASS="a b" STYLE="color:red;top:1px">One\n   <b>two</b><br></P>',
            '<p class="a b" style="color:red;top:1px" data-oe-id="3">One <b>two</b>\u200b</p>',
            '  <p class="a b" style="color:red;top:1px">One <b>two</b></p>  ',
            '<p class="a b" style="color:red;top:1px">One <!-- note --><b>two</b></p>',
        ):
            with self.subTest(text):
                self.assertEqual(normalise_html(text), expected)

    def test_other_texts_stay_other(self):
        texts = [
            "<p>One two</p>",
            "<p>One</p><p>two</p>",
            "<p>One <b>two</b></p>",
            "<p>Onetwo</p>",
            '<p style="color:red">One two</p>',
            '<p style="display:none">One two</p>',
            '<p>One two<img src="/web/image/1"></p>',
            '<p>One two<img src="/web/image/2"></p>',
            '<p><a href="/a">One two</a></p>',
            '<p><a href="/b">One two</a></p>',
            "<ul><li>One two</li></ul>",
            "<p>one two</p>",
            "<p>One &lt;two&gt;</p>",
            "One two",
        ]
        self.assertEqual(len({normalise_html(text) for text in texts}), len(texts))

    def test_nothing_is_nothing(self):
        for text in (False, None, "", "  ", "<p></p>", "<p><br></p>", "<div>&nbsp;<p> </p></div>"):
            self.assertEqual(normalise_html(text), "", repr(text))

    def test_what_is_normalised_stays(self):
        for text in (
            '<div><h2>A</h2> <p>b <i>c</i> d</p><table class="t"><tr><td>1</td></tr></table></div>',
            "a & b < c",
            "<p>unclosed <b>bold",
        ):
            once = normalise_html(text)
            self.assertEqual(normalise_html(once), once)


@tagged("post_install", "-at_install")
class TestFingerprint(QuoteProcessCase):
    """What a quote says has a fingerprint; what it does not say leaves it alone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls._create_lead()
        cls.requirement = cls.lead.env["quote.requirement"].create(
            {"lead_id": cls.lead.id, "name": "In the town's own network"}
        )
        cls.order = cls._create_quote_at("technical", lead=cls.lead)
        cls.items = cls._fill_estimate(cls.order)
        cls.product = cls.env["product.product"].create({"name": "Service", "type": "service"})
        cls.tax = cls.env["account.tax"].create({"name": "Ten", "amount": 10.0})
        cls.order.order_line = [
            Command.create(
                {
                    "product_id": cls.product.id,
                    "name": name,
                    "price_unit": 1000.0,
                    "tax_ids": [Command.set(cls.tax.ids)],
                }
            )
            for name in ("Portal", "Training")
        ]
        cls.order_sudo = cls.order.sudo()
        cls.order_sudo.order_line[0].purchase_price = 400.0
        cls.estimate = cls.order_sudo.estimate_id
        cls.env.flush_all()

    def _get_changed_aspects(self, change):
        """Return the aspects whose fingerprint a change moves; the change is undone."""
        before = self.order._get_fingerprint()
        with self.cr.savepoint() as savepoint:
            change()
            self.env.flush_all()
            self.env.invalidate_all()
            after = self.order._get_fingerprint()
            savepoint.rollback()
        self.env.invalidate_all()
        changed = {aspect for aspect in before if before[aspect] != after[aspect]}
        self.assertEqual("all" in changed, bool(changed))
        return changed - {"all"}

    def _write(self, record, **values):
        return lambda: record.write(values)

    # === WHAT COUNTS === #

    def test_what_a_quote_says_counts_for_its_aspect(self):
        order, line, estimate = self.order_sudo, self.order_sudo.order_line[0], self.estimate
        other_client = self.env["res.partner"].create({"name": "Other"})
        unit = self.env.ref("uom.product_uom_dozen")
        survey, portal = self.items["survey"].sudo(), self.items["portal"].sudo()
        dependency = portal.dependency_ids
        workload, cost = estimate.workload_ids[0], estimate.cost_ids
        both = {"price", "cost"}
        for expected, change in (
            ({"price"}, self._write(line, price_unit=900.0)),
            ({"price"}, self._write(line, discount=5.0)),
            ({"price"}, self._write(line, product_uom_qty=2.0)),
            (both, self._write(line, product_uom_id=unit.id)),
            ({"price"}, self._write(line, tax_ids=[Command.clear()])),
            ({"price"}, self._write(line, name="Portal\nwith a search")),
            (
                both,
                lambda: line.write({"product_id": self.product.copy().id, "name": "Portal"}),
            ),
            (both, self._write(line, sequence=99)),
            (both, line.unlink),
            ({"price"}, self._write(order, order_line=[Command.create(self._note("Phase"))])),
            ({"cost"}, self._write(line, purchase_price=10.0)),
            ({"cost"}, self._write(order, target_margin_percent=12.0)),
            ({"cost"}, self._write(estimate, contingency_percent=7.0)),
            ({"cost"}, self._write(estimate, overhead_percent=7.0)),
            ({"cost"}, self._write(workload, days=9.0)),
            ({"cost"}, self._write(workload, days_low=1, days_likely=3, days_high=5)),
            ({"cost"}, self._write(workload, daily_cost=1.0)),
            ({"cost"}, self._write(workload, item_id=self.items["model"].id)),
            ({"cost"}, self._write(cost, quantity=5.0)),
            ({"cost"}, self._write(cost, item_id=survey.id)),
            ({"cost"}, self._write(cost, unit="night")),
            ({"cost"}, self._write(cost, is_rebilled=True)),
            ({"plan"}, self._write(survey, duration=4.0)),
            ({"plan"}, self._write(survey, name="Census")),
            ({"plan"}, self._write(survey, description="By two")),
            ({"plan"}, self._write(survey, not_before=2.0)),
            ({"plan"}, self._write(survey, not_before_date="2030-01-02")),
            ({"plan"}, self._write(dependency, lag=2.0)),
            ({"plan"}, self._write(portal, depend_on_ids=[Command.clear()])),
            ({"plan"}, self._write(self.items["site"].sudo(), acceptance_criteria="It opens")),
            ({"plan"}, self._write(estimate, planned_start="2030-01-02")),
            ({"plan"}, self._write(estimate, start_delay=20)),
            ({"plan"}, self._write(estimate, hours_per_day=7.0)),
            ({"plan"}, self._write(self.requirement, compliance="partial")),
            ({"plan"}, self._write(self.requirement, comment="After 2032")),
            ({"plan"}, self._write(self.requirement, name="In a cloud")),
            ({"plan"}, self._write(self.requirement, item_ids=[Command.link(portal.id)])),
            ({"texts"}, self._write(order, proposal_summary="<p>In short</p>")),
            ({"texts"}, self._write(order, proposal_hidden_sections=["plan"])),
            ({"texts"}, self._write(order, scope_content="<p>Other</p>")),
            ({"texts"}, self._write(order, scope_exclusions="<p>Hosting</p>")),
            ({"texts"}, self._write(order, scope_assumptions="<p>A scanner is there</p>")),
            ({"texts"}, self._write(estimate, technical_content="<p>Other</p>")),
            ({"texts"}, self._write(estimate, organisation_content="<p>Other</p>")),
            ({"terms"}, self._write(order, note="<p>Other</p>")),
            ({"terms"}, self._write(order, payment_term_id=self._payment_term().id)),
            ({"terms"}, self._write(order, require_signature=not order.require_signature)),
            ({"terms"}, self._write(order, partner_invoice_id=other_client.id)),
            ({"terms"}, self._write(order, partner_shipping_id=other_client.id)),
            ({"terms"}, self._write(order, commitment_date="2031-01-02 10:00:00")),
        ):
            with self.subTest(expected=expected):
                self.assertEqual(self._get_changed_aspects(change), expected)

    def _note(self, text):
        return {"display_type": "line_section", "name": text, "sequence": 50}

    def _payment_term(self):
        return self.env["account.payment.term"].create({"name": "60 days"})

    def test_the_bytes_of_an_image_in_a_text_count(self):
        image = self.env["ir.attachment"].create({"name": "plan.png", "raw": b"one"})
        logo = {"res_model": "res.partner", "res_id": self.client.id, "res_field": "image_1920"}
        record_image = self.env["ir.attachment"].create({"name": "logo", "raw": b"a", **logo})
        self.order.scope_content = (
            f'<p><img src="/web/image/{image.id}-3/plan.png"></p>'
            f'<p><img src="/web/image/res.partner/{self.client.id}/image_1920"></p>'
        )
        self.order.note = f'<img src="/web/image?model=ir.attachment&amp;id={image.id}">'
        for expected, change in (
            ({"texts", "terms"}, self._write(image, raw=b"two")),
            ({"texts", "terms"}, image.unlink),
            ({"texts"}, self._write(record_image, raw=b"b")),
            (set(), self._write(image, name="other.png")),
        ):
            self.assertEqual(self._get_changed_aspects(change), expected)
        before = self.order._get_content()
        image.raw = b"three"
        changes = self.order._get_changes_in_words(before, self.order._get_content())
        self.assertEqual(
            {change["text"] for change in changes}, {"An image in the texts has changed"}
        )

    def test_two_tasks_of_one_name_are_two(self):
        twin = self.items["survey"].sudo().copy({"name": "Data model", "sequence": 90})
        before = self.order._get_fingerprint()
        rows = self.estimate.workload_ids.filtered(lambda row: row.item_id.name == "Data model")
        rows.item_id = twin
        self.assertNotEqual(self.order._get_fingerprint()["cost"], before["cost"])

    # === WHAT DOES NOT COUNT === #

    def test_who_works_when_and_until_when_it_is_valid_do_not_count(self):
        order, estimate = self.order_sudo, self.estimate
        for change in (
            self._write(order, validity_date="2031-01-01"),
            self._write(order, client_order_ref="BC-7"),
            self._write(order, user_id=self.sales_manager.id),
            self._write(order, technical_deadline="2031-01-01"),
            self._write(estimate, contributor_ids=[Command.link(self.stranger.id)]),
            self._write(estimate, rate_date="2026-01-01"),
        ):
            self.assertFalse(self._get_changed_aspects(change))

    def test_what_changes_elsewhere_does_not_count(self):
        role = self.roles[0]
        term = self._payment_term()
        self.order.payment_term_id = term
        currency = self.env.ref("base.USD")
        for change in (
            self._write(self.rates, daily_cost=9999.0, daily_price=9999.0),
            self._write(role, name="Adviser"),
            self._write(self.product, name="Other", list_price=9.0, standard_price=8.0),
            self._write(self.tax, amount=20.0, name="Twenty"),
            self._write(term, name="90 days", note="<p>Later</p>"),
            self._write(self.client, name="Ville de Bressac-sur-Mer", street="Elsewhere"),
            lambda: self.env["res.currency.rate"].create(
                {"currency_id": currency.id, "name": "2020-01-01", "rate": 7.0}
            ),
            self._write(
                self.company,
                quote_contingency_percent=50.0,
                quote_overhead_percent=50.0,
                quote_floor_margin_percent=90.0,
            ),
        ):
            self.assertFalse(self._get_changed_aspects(change))

    def test_totals_shown_are_those_approved_whatever_the_taxes_become(self):
        other = self.tax.copy({"name": "Three", "amount": 3.0})
        order = self._create_quote_at("financial")
        lines = order.order_line.filtered(lambda line: not line.display_type)
        lines[0].tax_ids = self.tax
        lines[1:].tax_ids = other
        order.action_request_validation()
        self.env.flush_all()
        shown = order.tax_totals
        self.tax.amount = 20.0
        other.amount = 0.0
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertAlmostEqual(shown["total_amount_currency"], order.amount_total)
        agreed = order.tax_totals
        for name in ("base_amount", "tax_amount", "total_amount"):
            self.assertAlmostEqual(agreed[f"{name}_currency"], shown[f"{name}_currency"])
        [subtotal] = agreed["subtotals"]
        taxes = sum(group["tax_amount_currency"] for group in subtotal["tax_groups"])
        self.assertAlmostEqual(taxes, order.amount_tax)
        self.assertAlmostEqual(subtotal["base_amount_currency"], order.amount_untaxed)

    def test_who_reads_in_which_language_does_not_count(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        before = self.order._get_fingerprint()
        for user in (self.salesperson, self.sales_manager, self.commercial_approver):
            for context in ({"lang": "fr_FR", "tz": "Pacific/Auckland"}, {"tz": "America/Adak"}):
                self.env.invalidate_all()
                seen = self.order.with_user(user).with_context(**context)._get_fingerprint()
                self.assertEqual(seen, before)

    def test_what_follows_from_the_plan_does_not_count(self):
        before = self.order._get_fingerprint()
        self.env.flush_all()
        self.cr.execute("UPDATE quote_estimate_item SET start_day = 77, end_day = 99, slack = 3")
        self.env.invalidate_all()
        self.assertEqual(self.order._get_fingerprint(), before)

    def test_a_text_saved_again_by_its_editor_does_not_count(self):
        self.order.scope_content = '<p class="a b">One&nbsp;two</p>'
        before = self.order._get_fingerprint()
        self.order.scope_content = '<p  class="b a">One two<br></p>\n'
        self.assertEqual(self.order._get_fingerprint(), before)

    def test_the_order_in_which_rows_were_made_does_not_count(self):
        before = self.order._get_fingerprint()
        rows = [
            {name: row[name] for name in ("family", "name", "quantity", "unit_cost")}
            | {"estimate_id": self.estimate.id}
            for row in self.estimate.cost_ids
        ]
        other = {"family": "other", "name": "Licence", "unit_cost": 3.0}
        other["estimate_id"] = self.estimate.id
        self.estimate.cost_ids.unlink()
        self.env["quote.estimate.cost"].create([other, *rows])
        first = self.order._get_fingerprint()
        self.assertNotEqual(first, before)
        self.estimate.cost_ids.unlink()
        self.env["quote.estimate.cost"].create([*rows, other])
        self.assertEqual(self.order._get_fingerprint(), first)

    # === CONTENT === #

    def test_content_survives_json(self):
        content = self.order._get_content()
        stored = json.loads(json.dumps(content))
        self.assertEqual(stored, content)
        self.assertEqual(self.order._fingerprint_content(stored), self.order._get_fingerprint())

    def test_values_in_cache_and_in_the_database_are_one_content(self):
        self.order.order_line[0].price_unit = 100 / 3
        self.estimate.workload_ids[0].days = 10 / 3
        self.estimate.contingency_percent = 100 / 7
        warm = self.order._get_content()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.order._get_fingerprint(), self.order._fingerprint_content(warm))

    def test_reading_costs_eight_queries_for_any_number_of_quotes(self):
        orders = self.order | self._create_quote() | self._create_quote()
        counts = []
        for some in (self._create_quote_at("financial"), self.order, orders):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            some._get_contents()
            counts.append(self.cr.sql_log_count - before)
        # Odoo's builder of quotations in PDF adds the pages of the quote and of its lines.
        pages = 2 if "quotation_document_ids" in self.order._fields else 0
        self.assertLessEqual(counts[0], 8 + pages)
        # What is still being written has live answers to requirements besides.
        self.assertLessEqual(counts[1], 12 + pages)
        self.assertLessEqual(counts[2], counts[1])

    # === VERSIONS OF THE ALGORITHM === #

    def test_what_was_approved_with_the_first_version_stays_approved(self):
        order = self._create_quote_at("ready")
        self._set_version(order, 1, order._get_fingerprint(1))
        self.assertFalse(order._get_approval_error())
        order.action_quotation_sent()
        self.assertEqual(order.quote_step, "sent")

    def test_content_of_another_version_is_compared_all_the_same(self):
        order = self._create_quote_at("ready")
        self._set_version(order, 1, {**order._get_fingerprint(1), "all": "0" * 64})
        self.assertTrue(order._get_approval_error())
        with self.assertRaisesRegex(UserError, "no longer what was approved"):
            order.action_quotation_sent()
        self._set_version(order, FINGERPRINT_VERSION + 7, order._get_fingerprint())
        self.assertTrue(order._get_approval_error(), "a version that nobody knows proves nothing")
        self._set_version(order, 1, order._get_fingerprint(2))
        self.assertTrue(order._get_approval_error())

    def _set_version(self, order, version, values):
        self.env.flush_all()
        self.cr.execute(
            "UPDATE quote_validation SET fingerprint_version = %s, fingerprint = %s,"
            " snapshot_id = NULL WHERE order_id = %s",
            [version, json.dumps(values), order.id],
        )
        self.env.invalidate_all()

    # === SNAPSHOTS === #

    def test_one_snapshot_per_content(self):
        snapshots = self.env["quote.content.snapshot"]
        other = self._create_quote()
        kept = snapshots._keep(self.order | other)
        self.assertEqual(set(kept), {self.order.id, other.id})
        self.assertEqual(kept[self.order.id].data, self.order._get_content())
        self.assertEqual(kept[self.order.id].fingerprint, self.order._get_fingerprint())
        self.assertEqual(snapshots._keep(self.order | other), kept)
        self.order.order_line[0].price_unit = 7.0
        again = snapshots._keep(self.order | other)
        self.assertNotEqual(again[self.order.id], kept[self.order.id])
        self.assertEqual(again[other.id], kept[other.id])

    def test_snapshots_are_for_no_eyes_and_for_ever(self):
        snapshot_sudo = self.env["quote.content.snapshot"]._keep(self.order)[self.order.id]
        administrator = self.env.ref("base.user_admin")
        for user in (self.salesperson, self.sales_manager, self.commercial_approver, administrator):
            snapshots = self.env["quote.content.snapshot"].with_user(user)
            for act in (
                lambda s=snapshots: s.search([]),
                lambda s=snapshots: s.browse(snapshot_sudo.id).read(["data"]),
                lambda s=snapshots: s.create({"res_model": "sale.order", "res_id": self.order.id}),
            ):
                with (
                    self.assertRaises(AccessError),
                    mute_logger("odoo.addons.base.models.ir_model"),
                ):
                    act()
        for act in (lambda: snapshot_sudo.write({"data": {}}), snapshot_sudo.unlink):
            with self.assertRaises(UserError):
                act()

    def test_snapshots_of_a_draft_go_with_it(self):
        order = self._create_quote()
        snapshot_sudo = self.env["quote.content.snapshot"]._keep(order)[order.id]
        order.with_user(self.sales_manager).unlink()
        self.assertFalse(snapshot_sudo.exists())
