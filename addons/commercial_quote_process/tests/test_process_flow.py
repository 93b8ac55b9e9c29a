from odoo.fields import Command, Date
from odoo.tests import tagged

from .common import QuoteProcessCase


@tagged("post_install", "-at_install")
class TestProcessFlow(QuoteProcessCase):
    """One deal through all steps, as four people, with a refusal and a new version on the way."""

    def test_from_first_contact_to_project(self):
        lead = self._identify()
        self._contact(lead)
        order = self._agree_scope(lead)
        estimate = self._write_technical_part(order)
        self._price_and_ask(order)
        self._refuse_then_approve(order, estimate)
        order.action_quotation_sent()
        self.assertEqual(lead.stage_id.quote_step, "sending")
        version = self._change_on_request(order)
        self.assertEqual(order.quote_step, "superseded")
        self._sign_on_paper(version)
        self._check_project(version)
        self._check_opportunity_won(lead)

    def _identify(self):
        lead = self._create_lead(opportunity_kind="tender", tender_reference="2026-ARCH-014")
        self.assertEqual(lead.stage_id.quote_step, "identification")
        return lead

    def _contact(self, lead):
        action = lead.action_log_contact()
        wizard = (
            self.env["quote.contact.outcome"]
            .with_user(self.salesperson)
            .with_context(**action["context"])
            .create({"outcome": "interested", "no_specification": True})
        )
        wizard.action_apply()
        self.assertEqual(lead.contact_outcome, "interested")

    def _agree_scope(self, lead):
        context = lead.action_new_quotation()["context"]
        order = (
            self.env["sale.order"]
            .with_user(self.salesperson)
            .with_context(**context)
            .create({"project_manager_id": self.project_manager.id})
        )
        self.assertEqual(order.partner_id, self.client)
        self.assertEqual(order.opportunity_id, lead)
        self.assertTrue(order.quote_process)
        order.scope_content = "<p>Sort, digitise and publish the archives.</p>"
        order.write({"scope_agreed_on": Date.today(), "scope_agreed_with": self.signer.id})
        order.action_start_technical()
        self.assertEqual(lead.stage_id.quote_step, "technical")
        return order

    def _write_technical_part(self, order):
        estimate = (
            self.env["quote.estimate"]
            .with_user(self.project_manager)
            .search([("project_manager_id", "=", self.project_manager.id)])
        )
        self.assertEqual(estimate, order.sudo().estimate_id)
        estimate.action_start()
        self._fill_estimate(order)
        estimate.action_ready()
        self.assertEqual((order.quote_step, order.quote_turn), ("financial", "salesperson"))
        return estimate

    def _price_and_ask(self, order):
        self._price(order, margin=20.0)
        self.assertAlmostEqual(order.margin_percent, 0.2, 4)
        order.action_request_validation()

    def _refuse_then_approve(self, order, estimate):
        order.with_user(self.operational_approver).action_refuse("No time for tests", "technical")
        self.assertEqual(order.quote_turn_user_id, self.project_manager)
        item = estimate.item_ids.filtered(lambda i: i.name == "Publication portal")
        item.workload_ids[0].days += 3
        estimate.action_ready()
        self._price(order, margin=25.0)
        order.action_request_validation()
        order.with_user(self.commercial_approver).action_approve("Well done")
        self.assertEqual(order.quote_step, "ready")

    def _change_on_request(self, order):
        order.action_request_changes("Publish the maps as well")
        self.assertEqual((order.quote_step, order.quote_turn), ("revision", "salesperson"))
        version = order._new_version("client", note="Maps", restart_step="technical")
        estimate = version.sudo().estimate_id.with_user(self.project_manager)
        phase = estimate.item_ids.filtered(lambda i: i.name == "Build")
        maps = estimate.env["quote.estimate.item"].create(
            {
                "estimate_id": estimate.id,
                "kind": "task",
                "name": "Maps",
                "parent_id": phase.id,
                "duration": 4,
                "workload_ids": [
                    Command.create(
                        {
                            "estimate_id": estimate.id,
                            "role_id": self.roles[2].id,
                            "days": 4,
                        }
                    )
                ],
            }
        )
        self.assertTrue(maps.workload_ids)
        estimate.action_ready()
        self._price(version, margin=25.0)
        version.action_request_validation()
        version.with_user(self.commercial_approver).action_approve()
        version.action_quotation_sent()
        self.assertGreater(version.amount_untaxed, order.amount_untaxed)
        return version

    def _sign_on_paper(self, version):
        action = version.action_confirm()
        self.assertEqual(action["res_model"], "quote.accept")
        self.assertEqual(version.state, "sent")
        version._record_acceptance(
            "paper", signer_name="Julie Perrin", documents=[("signed.pdf", b"%PDF-1.4 signed")]
        )
        self.assertEqual((version.quote_step, version.state), ("accepted", "sale"))

    def _check_project(self, version):
        project = self.env["project.project"].search([("estimate_id", "=", version.estimate_id.id)])
        self.assertEqual(len(project), 1)
        self.assertEqual(project.user_id, self.project_manager)
        tasks = self.env["project.task"].search([("project_id", "=", project.id)])
        self.assertLessEqual(
            {"Design", "Survey", "Data model", "Build", "Publication portal", "Maps"},
            set(tasks.mapped("name")),
        )
        model = tasks.filtered(lambda t: t.name == "Data model")
        self.assertEqual(model.depend_on_ids.name, "Survey")
        self.assertEqual(model.parent_id.name, "Design")
        self.assertTrue(all(task.date_deadline for task in tasks))
        self.assertTrue(all(task.sale_line_id.order_id == version for task in tasks))
        self.assertIn("Data model approved", project.milestone_ids.mapped("name"))
        self.assertTrue(all(milestone.deadline for milestone in project.milestone_ids))

    def _check_opportunity_won(self, lead):
        with self.enter_registry_test_mode():
            self.env.ref(
                "commercial_quote_process.ir_cron_after_acceptance"
            ).method_direct_trigger()
        lead.invalidate_recordset()
        self.assertEqual(lead.won_status, "won")
        self.assertEqual(lead.stage_id.quote_step, "delivery")
