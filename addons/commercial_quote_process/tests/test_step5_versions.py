from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import QuoteProcessCase

# What is decided anew for each version, or follows from something else. A stored field of this
# addon that is neither copied to a version nor named here fails the test below: decide whether a
# version takes it over (``_get_version_fields`` of its model) or starts without it (here).
OWN_FIELDS = {
    "sale.order": {
        "after_acceptance_failures",
        "after_acceptance_pending",
        "change_request_ids",
        "content_revision",
        "decline_reason_id",
        "differs_from_signed",
        "estimate_id",
        "extension_asked_on",
        "extension_message",
        "extension_until",
        "first_viewed_on",
        "followup_failures",
        "followup_ids",
        "followup_paused_until",
        "is_project_pending",
        "last_viewed_on",
        "page_access_ids",
        "project_pending_reason",
        "next_followup_on",
        "next_followup_step_id",
        "payment_row_ids",
        "previous_version_id",
        "question_ids",
        "quote_acceptance_ids",
        "quote_family_ids",
        "quote_recipients",
        "quote_root_id",
        "quote_step_log_ids",
        "quote_version",
        "sent_document_failures",
        "sent_document_id",
        "sent_document_ids",
        "sent_document_pending",
        "sent_on",
        "technical_deadline",
        "validation_ids",
        "version_kind",
        "version_note",
        "version_reason",
        "view_count",
        "view_ids",
    },
    "sale.order.line": set(),
    "quote.estimate": {
        "content_revision",
        "cost_ids",
        "is_template",
        "item_ids",
        "order_id",
        "product_ids",
        "question_ids",
        "template_name",
        "workload_ids",
    },
    "quote.estimate.item": {"child_ids", "depend_on_ids", "dependency_ids", "workload_ids"},
    "quote.estimate.workload": set(),
    "quote.estimate.cost": set(),
}
MODULE = "commercial_quote_process"


@tagged("post_install", "-at_install")
class TestVersions(QuoteProcessCase):
    """Step 5, again: a new version copies everything and replaces the old one when sent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sent = cls._create_quote_at("sent")

    def _approve_and_send(self, order):
        order.action_request_validation()
        # What was approved before and has not changed needs no second approval.
        if order.quote_step == "validation":
            order.with_user(self.commercial_approver).action_approve()
        order.action_quotation_sent()

    def test_new_version_copies_price_cost_plan_and_texts(self):
        order = self.sent
        version = order._new_version("client", note="One more visit", restart_step="financial")
        self.assertEqual(version.name, f"{order.name}-V2")
        self.assertEqual((version.quote_step, version.state), ("financial", "draft"))
        self.assertEqual(version.quote_version, 2)
        self.assertEqual(version.previous_version_id, order)
        self.assertEqual(version.quote_root_id, order)
        self.assertEqual(version.version_reason, "client")
        self.assertEqual(version._get_fingerprint(), order._get_fingerprint())
        self.assertEqual(version.margin, order.margin)
        self.assertNotEqual(version.sudo().estimate_id, order.sudo().estimate_id)
        self.assertEqual(
            version.order_line.estimate_item_id.estimate_id, version.sudo().estimate_id
        )
        self.assertFalse(version.validation_ids)

    def test_old_version_stands_until_the_new_one_is_sent(self):
        order = self.sent
        version = order._new_version("price", restart_step="financial")
        version.order_line[0].price_unit -= 50
        self.assertEqual((order.quote_step, order.state), ("sent", "sent"))
        self._approve_and_send(version)
        self.assertEqual((order.quote_step, order.state), ("superseded", "cancel"))
        self.assertEqual(version.quote_step, "sent")

    def test_abandoned_draft_changes_nothing(self):
        order = self.sent
        version = order._new_version("price", restart_step="financial")
        version.action_cancel()
        self.assertEqual(order.quote_step, "sent")
        third = order._new_version("scope")
        self.assertEqual(third.name, f"{order.name}-V3")

    def test_version_number_follows_the_family(self):
        order = self.sent
        second = order._new_version("price", restart_step="financial")
        self._approve_and_send(second)
        third = second._new_version("price", restart_step="financial")
        self.assertEqual(third.name, f"{order.name}-V3")
        self.assertEqual(third.version_ids.mapped("quote_version"), [3, 2, 1])

    def test_variant_replaces_nothing_until_one_is_accepted(self):
        order = self.sent
        variant = order._new_version("price", restart_step="financial", kind="variant")
        self._approve_and_send(variant)
        self.assertEqual((order.quote_step, variant.quote_step), ("sent", "sent"))

    def test_no_version_of_a_quote_being_written_or_finished(self):
        order = self._create_quote_at("financial")
        with self.assertRaises(UserError):
            order.action_new_version("price")
        order.action_cancel()
        with self.assertRaises(UserError):
            order.action_new_version("price")
        sent = self.sent
        for arguments in (("taste",), ("price", None, "sent"), ("price", None, "accepted")):
            with self.subTest(arguments=arguments), self.assertRaises(UserError):
                sent.action_new_version(*arguments)

    def test_version_at_the_technical_step_calls_the_project_manager(self):
        order = self.sent
        version = order._new_version("technical", note="Add a test phase", restart_step="technical")
        activity = version.sudo().estimate_id.activity_ids
        self.assertEqual(activity.user_id, self.project_manager)
        self.assertIn("Add a test phase", activity.note)
        version.sudo().estimate_id.with_user(self.project_manager).workload_ids[0].days += 5
        self.assertNotEqual(version._get_fingerprint()["cost"], order._get_fingerprint()["cost"])

    def test_other_salesperson_cannot_make_a_version(self):
        order = self.sent
        with self.assertRaises(AccessError):
            order.with_user(self.other_salesperson).action_new_version("price")
        self.assertEqual(order.version_count, 1)

    # === FROM WHICH STEPS === #

    def test_expired_quote_gets_a_version_with_a_new_validity(self):
        order = self.sent
        yesterday = fields.Date.today() - timedelta(days=1)
        order.sudo()._gated().validity_date = yesterday
        version = order._new_version("expired", restart_step="financial")
        self.assertTrue(order.is_expired)
        self.assertGreater(version.validity_date or fields.Date.today(), yesterday)
        self._approve_and_send(version)
        self.assertEqual(order.quote_step, "superseded")
        self.assertFalse(version._get_gate_error("sign"))

    def test_version_of_a_declined_quote_reopens_its_opportunity(self):
        order = self.sent
        lead = order.opportunity_id
        reason = self.env["quote.decline.reason"].search([], limit=1)
        day = fields.Date.today() + timedelta(days=60)
        order.action_decline(reason.id, "Too expensive", recall_date=day)
        self.assertEqual(lead.won_status, "lost")
        self.cr.precommit.run()
        version = order._new_version("price", note="Two phases less", restart_step="financial")
        self.assertEqual((order.quote_step, order.decline_reason_id), ("declined", reason))
        self.assertEqual((version.quote_step, version.decline_reason_id.id), ("financial", False))
        self.assertEqual((lead.won_status, lead.active), ("pending", True))
        self.assertEqual(lead.quote_step, "financial")
        # Nobody calls back on the day that was promised with the refusal.
        self.assertFalse(lead.recall_date)
        self.env.flush_all()
        self.cr.precommit.run()
        history = lead.message_ids.mapped("body")
        self.assertTrue(any(order.name in text for text in history), history)

    def test_no_version_once_one_was_accepted(self):
        order = self.sent
        variant = order._new_version("price", restart_step="financial", kind="variant")
        self._approve_and_send(variant)
        variant._record_acceptance("paper", signer_name="Julie Perrin")
        self.assertEqual((order.quote_step, variant.quote_step), ("superseded", "accepted"))
        for version in (order, variant):
            with self.subTest(version=version.name), self.assertRaises(UserError):
                version.action_new_version("price")
            with self.subTest(version=version.name), self.assertRaises(UserError):
                version.action_restore_version()

    def test_two_drafts_are_told(self):
        order = self.sent
        first = order._new_version("price", restart_step="financial")
        wizard = order.env["quote.new.version"].create({"order_id": order.id, "reason": "scope"})
        self.assertEqual(wizard.draft_ids, first)
        action = wizard.action_create_version()
        second = order.browse(action["res_id"])
        self._approve_and_send(first)
        self.assertEqual((order.quote_step, second.quote_step), ("superseded", "financial"))
        self._approve_and_send(second)
        # The last one that was sent is the one that counts.
        self.assertEqual((first.quote_step, second.quote_step), ("superseded", "sent"))

    def test_replacement_ends_its_own_branch_only(self):
        order = self.sent
        variant = order._new_version("price", restart_step="financial", kind="variant")
        self._approve_and_send(variant)
        third = variant._new_version("price", restart_step="financial")
        self._approve_and_send(third)
        self.assertEqual((order.quote_step, variant.quote_step), ("sent", "superseded"))
        fourth = order._new_version("price", restart_step="financial")
        self._approve_and_send(fourth)
        self.assertEqual((order.quote_step, third.quote_step), ("superseded", "sent"))
        self.assertEqual(order._get_replacing_version(), fourth)
        self.assertEqual(variant._get_replacing_version(), third)
        self.assertEqual(fourth._get_open_variants(), third)

    # === WHAT A VERSION TAKES OVER === #

    def _create_full_quote(self):
        """Return a sent quote in which all that people may fill in is filled in."""
        order = self._create_quote_at("technical")
        self._fill_estimate(order)
        self.env["quote.requirement"].sudo().create(
            {
                "lead_id": order.opportunity_id.id,
                "name": "Open formats",
                "compliance": "partial",
                "item_ids": order.sudo().estimate_id.item_ids[1].ids,
            }
        )
        estimate = order.sudo().estimate_id.with_user(self.project_manager)
        estimate.write(
            {
                "planned_start": "2031-03-03",
                "start_delay": 8,
                "contingency_percent": 7.0,
                "overhead_percent": 4.0,
            }
        )
        estimate.cost_ids.write({"is_rebilled": True, "unit": "trip"})
        task = estimate.item_ids.filtered(lambda item: item.name == "Data model")
        task.write({"not_before": 2, "description": "Entities", "acceptance_criteria": "Signed"})
        task.sudo().dependency_ids.lag = 1.5
        self.env.flush_all()
        estimate.workload_ids[0].write({"days_low": 2, "days_likely": 3, "days_high": 7})
        estimate.action_ready()
        order.write(
            {
                "proposal_summary": "<p>Archives for everybody</p>",
                "proposal_hidden_sections": ["technical"],
                "scope_exclusions": "<p>Hardware</p>",
                "scope_assumptions": "<p>Scans are delivered on time</p>",
                "scope_agreed_with": self.signer.id,
                "signer_id": self.signer.id,
                "client_order_ref": "AO-2031-7",
                "commitment_date": "2031-09-01 10:00:00",
                "note": "<p>Payment within 30 days</p>",
            }
        )
        self._price(order)
        order.order_line[0].write({"discount": 5.0})
        self._approve_and_send(order)
        return order

    def _read(self, records, names):
        return [
            {name: record._fields[name].convert_to_write(record[name], record) for name in names}
            for record in records.sudo()
        ]

    def test_version_is_a_full_copy_and_the_old_one_stays_as_it_was(self):
        order = self._create_full_quote()
        before = order._get_fingerprint()
        version = order._new_version("client", restart_step="financial")
        self.assertEqual(version._get_fingerprint(), before)
        self.assertEqual(order._get_fingerprint(), before)
        names = [*order._get_version_fields(), "scope_content", "scope_exclusions", "note"]
        self.assertEqual(self._read(version, names), self._read(order, names))
        old, new = order.sudo().estimate_id, version.sudo().estimate_id
        self.assertEqual(*(self._read(e, e._get_version_fields()) for e in (old, new)))
        self.assertEqual(
            *(
                self._read(e.item_ids._sorted_as_tree(), ["name", "not_before", "description"])
                for e in (old, new)
            )
        )
        self.assertEqual(
            *(e.item_ids.dependency_ids.sorted("id").mapped("lag") for e in (old, new))
        )
        workload = ["days", "days_low", "days_high", "daily_cost", "daily_price", "role_id"]
        self.assertEqual(*(self._read(e.workload_ids, workload) for e in (old, new)))
        costs = ["family", "name", "unit", "unit_cost", "quantity", "is_rebilled"]
        self.assertEqual(*(self._read(e.cost_ids, costs) for e in (old, new)))
        self.assertEqual(old._get_compliance_rows(), new._get_compliance_rows())
        lines = ["name", "price_unit", "purchase_price", "discount", "estimate_figures"]
        self.assertEqual(self._read(version.order_line, lines), self._read(order.order_line, lines))
        self.assertEqual(new.item_ids.estimate_id, new)

    def test_changing_the_version_leaves_the_old_one_alone(self):
        order = self._create_full_quote()
        before = order._get_fingerprint()
        version = order._new_version("technical", restart_step="technical")
        estimate = version.sudo().estimate_id.with_user(self.project_manager)
        estimate.item_ids.filtered(lambda item: item.kind == "task").write({"duration": 9})
        estimate.workload_ids.write({"days": 30})
        estimate.cost_ids.unlink()
        estimate.technical_content = "<p>Another way</p>"
        version.order_line[1:].unlink()
        version.write({"scope_content": "<p>Less</p>", "note": False})
        self.assertEqual(order._get_fingerprint(), before)

    def test_duplicate_is_a_new_deal(self):
        order = self._create_full_quote()
        version = order._new_version("client", restart_step="financial")
        self._approve_and_send(version)
        for source in (order, version):
            with self.subTest(source=source.name):
                copy = source.copy()
                self.assertEqual((copy.quote_version, copy.quote_root_id), (1, copy))
                self.assertEqual((copy.quote_step, copy.state), ("scope", "draft"))
                self.assertEqual(copy.version_ids, copy)
                self.assertNotIn(order.name, copy.name)
                own = OWN_FIELDS["sale.order"] - {
                    # The family, the estimate and the history of the new deal itself.
                    *("quote_root_id", "quote_version", "estimate_id", "quote_step_log_ids"),
                    *("content_revision", "quote_family_ids", "version_kind"),
                }
                inherited = own | set(order._get_version_fields())
                inherited |= {"signature", "signed_by", "signed_on"}
                kept = {name for name in inherited if copy.sudo()[name]}
                self.assertEqual(kept, set())
                self.assertFalse(copy.sudo().estimate_id.item_ids)
                self.assertFalse(any(copy.order_line.sudo().mapped("is_from_estimate")))
        self.assertEqual(order.version_count, 2)

    def _get_copied_fields(self, model):
        """Return the names of the fields that a version takes over, and follows or copies."""
        record = self.env[model].sudo()
        if model.startswith("quote.estimate."):
            rows = self.sent.sudo().estimate_id
            row = {
                "quote.estimate.item": rows.item_ids,
                "quote.estimate.workload": rows.workload_ids,
                "quote.estimate.cost": rows.cost_ids,
            }[model][:1]
            copied = {item.id: item.id for item in rows.item_ids}
            if model == "quote.estimate.cost":
                return row._prepare_copy_values(rows, copied).keys()
            names = row._prepare_copy_values(rows, copied).keys()
            rates = row._prepare_rate_values(None).keys() if "workload" in model else set()
            return names | rates
        names = set(record._get_version_fields())
        if model.startswith("sale.order"):
            names |= {name for name, field in record._fields.items() if field.copy}
        return names

    def test_every_stored_field_of_ours_has_a_decision(self):
        for model, own in OWN_FIELDS.items():
            copied = self._get_copied_fields(model)
            ours = {
                name
                for name, field in self.env[model]._fields.items()
                if field.store
                and field._modules
                and MODULE in field._modules
                and name not in models.MAGIC_COLUMNS
                # Computed, and nobody types it: it follows from what is copied.
                and not (field.compute and field.readonly)
                and not field.related
            }
            with self.subTest(model=model):
                self.assertEqual(ours - copied - own, set(), "take a decision, see OWN_FIELDS")
                self.assertEqual(own & copied, set(), "copied and not copied")
                self.assertEqual(own - self.env[model]._fields.keys(), set(), "no longer a field")
