"""What the tests of the delivery share: accepting a quote, finding what came of it."""


class DeliveryMixin:
    """Acceptances of quotes of ``QuoteProcessMixin``, and their projects."""

    def _accept(self, order):
        """Record that the client accepted on paper; return the projects of the quote."""
        order._record_acceptance(
            "paper", signer_name="Julie Perrin", documents=[("signed.pdf", b"%PDF-1.4 signed")]
        )
        return self._get_projects(order)

    def _get_projects(self, order):
        return (
            self.env["project.project"]
            .with_context(active_test=False)
            .search(
                [
                    "|",
                    ("estimate_id", "=", order.sudo().estimate_id.id),
                    ("reinvoiced_sale_order_id", "=", order.id),
                ]
            )
        )

    def _get_tasks(self, project):
        tasks = self.env["project.task"].search([("project_id", "=", project.id)])
        return {task.name: task for task in tasks}

    def _hand_in(self, order):
        """Take a quote whose estimate is written to the client."""
        order.sudo().estimate_id.with_user(self.project_manager).action_ready()
        self._price(order)
        self._send(order)

    def _send(self, order):
        """Take a priced quote to the client."""
        order.action_request_validation()
        order.with_user(self.commercial_approver).action_approve()
        order.action_quotation_sent()
