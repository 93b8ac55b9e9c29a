"""Quotes to sign, in the process and in stock Odoo: each becomes a project of the same size."""

import base64
import io

from PIL import Image, ImageDraw
from quote_story import ProcessStory, Story

TASKS, MILESTONES = 50, 10


def draw_signature():
    """Return a drawn signature as a browser sends it, in base64."""
    image = Image.new("RGBA", (300, 100), (255, 255, 255, 0))
    ImageDraw.Draw(image).line([(10, 80), (60, 20), (120, 85), (220, 30)], fill="black", width=3)
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return base64.b64encode(stream.getvalue()).decode()


class SignedStory(ProcessStory):
    """Quotes of the process in the client's hands: 50 tasks in a chain, 10 milestones."""

    # As in the quotation it is compared to.
    granularity = "one"

    def fill(self, estimates, size):
        """Write plans of chained tasks, a milestone after every fifth of them."""
        model = self.env["quote.estimate.item"]
        for estimate in estimates:
            common = {"estimate_id": estimate.id}
            tasks = model.create(
                [
                    {**common, "kind": "task", "name": f"Task {n}", "duration": 2, "sequence": n}
                    for n in range(TASKS)
                ]
            )
            for before, task in zip(tasks, tasks[1:], strict=False):
                task.depend_on_ids = before
            model.create(
                [
                    {
                        **common,
                        "kind": "milestone",
                        "name": f"Milestone {n}",
                        "sequence": TASKS + n,
                        "depend_on_ids": [(6, 0, tasks[5 * n + 4].ids)],
                    }
                    for n in range(MILESTONES)
                ]
            )
            self.env["quote.estimate.workload"].create(
                [
                    {**common, "item_id": task.id, "role_id": self.roles[0].id, "days": 2}
                    for task in tasks
                ]
            )
        texts = ("technical_content", "organisation_content")
        estimates.write(dict.fromkeys(texts, "<p>Text</p>"))

    def make_sent(self, count):
        """Return so many quotes, approved and sent."""
        orders = self.make_priced(count, TASKS)
        orders.action_request_validation()
        orders.with_user(self.approver).action_approve()
        orders.action_quotation_sent()
        return orders.sudo()

    def prepare_answer(self, order):
        """Return what the client's browser sends."""
        return {
            "name": "Julie Perrin",
            "function": "Director",
            "signature": draw_signature(),
            "fingerprint": order._get_fingerprint()["all"],
            "terms_accepted": True,
            "terms_version": order._get_quote_terms()["version"],
        }


class StockSignedStory(Story):
    """Quotations of stock Odoo to sign, whose service copies a project template."""

    def __init__(self, env):
        super().__init__(env)
        template = env["project.project"].create(
            {
                "name": "Template",
                "is_template": True,
                "allow_billable": True,
                "allow_milestones": True,
                "allow_task_dependencies": True,
            }
        )
        common = {"project_id": template.id}
        milestones = env["project.milestone"].create(
            [{**common, "name": f"Milestone {n}"} for n in range(MILESTONES)]
        )
        tasks = env["project.task"].create(
            [
                {**common, "name": f"Task {n}", "milestone_id": milestones[n // 5].id}
                for n in range(TASKS)
            ]
        )
        for before, task in zip(tasks, tasks[1:], strict=False):
            task.depend_on_ids = before
        self.product.write({"service_tracking": "project_only", "project_template_id": template.id})

    def make_sent(self, count):
        """Return so many quotations of one line, sent and to be signed."""
        orders = self.make_quotations(count, 1)
        orders.require_signature = True
        orders.action_quotation_sent()
        return orders.sudo()

    def prepare_answer(self, order):
        """Return what the client's browser sends."""
        return {"name": "Julie Perrin", "signature": draw_signature()}
