from odoo import models
from odoo.fields import Domain
from odoo.tools import format_date, is_html_empty


class QuoteHandOverMixin(models.AbstractModel):
    """What the people who deliver need to know of a signed quote: its hand-over note.

    Made when it is read, in the reader's language, from what the signature has closed: nothing
    of it costs the client who signs a moment. No cost and no margin is in it.
    """

    _name = "quote.hand.over.mixin"
    _description = "Hand-over of a signed quote"
    _inherit = ["quote.hand.over.point.mixin"]

    def _get_hand_over_note(self):
        """Return the hand-over note of this quote, for people who may read its project.

        :return: HTML that needs no cleaning; empty before the acceptance
        :rtype: Markup
        """
        self.ensure_one()
        order_sudo = self.sudo()
        if not order_sudo.estimate_id or not order_sudo._get_estimate_project():
            return ""
        return self.env["ir.qweb"]._render(
            "commercial_quote_process.quote_hand_over_note", order_sudo._prepare_hand_over_values()
        )

    def _prepare_hand_over_values(self):
        """Return what the template of the hand-over note shows. In superuser mode.

        An overrider adds keys of its own to those of ``super()``.

        :rtype: dict
        """
        self.ensure_one()
        project = self._get_estimate_project()
        start = project.sold_start or project.date_start
        milestones, others = self._get_hand_over_milestones(start)
        requirements = self._get_hand_over_requirements()
        return {
            "order": self,
            "start": self._get_hand_over_start(start),
            "figures": self._get_hand_over_figures(project),
            "milestones": milestones,
            "other_deliverables": others,
            "limits": requirements["limits"],
            "open_points": self._get_open_points(requirements["open"]),
            "team": self._get_hand_over_team(),
            "contacts": self._get_hand_over_contacts(),
            "schedule": self.payment_row_ids,
            "exclusions": self._get_filled_text("scope_exclusions"),
            "assumptions": self._get_filled_text("scope_assumptions"),
        }

    def _get_filled_text(self, name):
        return False if is_html_empty(self[name]) else self[name]

    # === PLAN === #

    def _get_hand_over_start(self, start):
        """Return when the project starts, and by how much that is later than sold, and why.

        :param date start: T0, or False
        :return: dates as text, and ``shift`` in working days
        :rtype: dict
        """
        estimate = self.estimate_id
        planned = estimate.planned_start
        signed_on = estimate._get_acceptance_day()
        return {
            "start": self._get_day_text(start),
            "planned": self._get_day_text(planned),
            "signed_on": self._get_day_text(signed_on),
            "delay": estimate.start_delay,
            "shift": estimate._get_start_shift(start),
        }

    def _get_day_text(self, day):
        return format_date(self.env, day, date_format="d MMM yyyy") if day else ""

    def _get_hand_over_figures(self, project):
        """Return the size of what was sold: how many days, tasks, milestones, deliverables.

        :param project: the ``project.project``
        :rtype: dict
        """
        items = self._get_sold_items()
        return {
            "days": sum(items.workload_ids.mapped("days")),
            "tasks": sum(item.kind == "task" for item in items),
            "milestones": sum(item.kind == "milestone" for item in items),
            "deliverables": sum(item.kind == "deliverable" for item in items),
            "end": self._get_day_text(self._get_sold_end(project)),
        }

    def _get_sold_items(self):
        """Return what is in the plan that the client bought: without the options left.

        :rtype: quote.estimate.item
        """
        return self.estimate_id.item_ids - self.estimate_id._get_options_left_out()

    def _get_sold_end(self, project):
        """Return the last day of the plan as it was sold, from the real T0."""
        start = project.sold_start or project.date_start
        plan = self.estimate_id._get_plan(start) if start else []
        return max((row["end_date"] for row in plan if row["end_date"]), default=False)

    def _get_hand_over_milestones(self, start):
        """Return what was promised for when: milestones with their deliverables, then the others.

        :param date start: T0, or False
        :return: dicts with ``name``, ``date`` and ``deliverables``; and dicts with ``name``,
            ``date`` and ``criteria``
        :rtype: tuple(list, list)
        """
        estimate, sold = self.estimate_id, self._get_sold_items()
        rows = [row for row in estimate._get_plan(start) if row["item"] in sold]
        marks = {row["item"]: row["item"] for row in rows if row["kind"] == "milestone"}
        inside, others = {}, []
        for row in rows:
            if row["kind"] == "deliverable":
                milestone = estimate._get_milestone(row["item"], marks)
                value = {
                    "name": row["name"],
                    "date": self._get_day_text(row["end_date"]),
                    "criteria": row["item"].acceptance_criteria or "",
                }
                (inside.setdefault(milestone, []) if milestone else others).append(value)
        milestones = [
            {
                "name": row["name"],
                "date": self._get_day_text(row["end_date"]),
                "deliverables": inside.get(row["item"], []),
            }
            for row in sorted(rows, key=lambda row: row["end_day"])
            if row["kind"] == "milestone"
        ]
        return milestones, others

    # === PEOPLE === #

    def _get_hand_over_team(self):
        """Return the roles that were sold, with their days and the people named for them.

        :return: dicts with ``role``, ``days`` and ``people``, the largest role first
        :rtype: list(dict)
        """
        days = {}
        for row in self._get_sold_items().workload_ids:
            days[row.role_id] = days.get(row.role_id, 0) + row.days
        return [
            {"role": role.name, "days": days[role]}
            for role in sorted(days, key=lambda role: (-days[role], role.name or ""))
        ]

    def _get_hand_over_contacts(self):
        """Return whom to talk to, at the client's and in the company.

        :return: dicts with ``part``, ``name``, ``function``, ``email`` and ``phone``
        :rtype: list(dict)
        """
        signer = self.quote_acceptance_ids[:1]
        people = [
            (self.env._("Client"), self.partner_id),
            (self.env._("Scope agreed with"), self.scope_agreed_with),
            (self.env._("Salesperson"), self._get_responsible_user().partner_id),
        ]
        contacts = [
            {
                "part": part,
                "name": partner.name,
                "function": partner.function or "",
                "email": partner.email or "",
                "phone": partner.phone or "",
            }
            for part, partner in people
            if partner
        ]
        if signer.signer_name and signer.signer_name not in [c["name"] for c in contacts]:
            signed = {
                "part": self.env._("Signed by"),
                "name": signer.signer_name,
                "function": signer.signer_function or "",
            }
            contacts.insert(1, signed)
        return contacts

    # === DOCUMENTS === #

    def _get_delivery_documents(self):
        """Return the documents that deliver needs, where they are: nothing is copied.

        :return: dicts with ``attachment`` (``ir.attachment`` in superuser mode), ``name`` and
            ``kind``, a text
        :rtype: list(dict)
        """
        self.ensure_one()
        order_sudo = self.sudo()
        acceptance_files = order_sudo.quote_acceptance_ids.document_ids
        kinds = {
            "signed_copy": self.env._("Signed copy"),
            "evidence": self.env._("Acceptance"),
        }
        documents = [
            {"attachment": file.attachment_id, "name": file.name, "kind": kinds[file.kind]}
            for file in acceptance_files.sorted(lambda file: file.kind != "signed_copy")
        ]
        documents += [
            {"attachment": file.attachment_id, "name": file.name, "kind": self.env._("As sent")}
            for file in order_sudo._get_files_of_client()
        ]
        return documents + order_sudo._get_attached_documents()

    def _get_attached_documents(self):
        """Return the specification and what hangs on the estimate, see above."""
        specifications = self.opportunity_id.specification_ids
        domain = Domain("res_model", "=", "quote.specification") & Domain("res_field", "=", "file")
        domain &= Domain("res_id", "in", specifications.ids)
        own = Domain("res_model", "=", "quote.estimate") & Domain("res_field", "=", False)
        own &= Domain("res_id", "=", self.estimate_id.id)
        names = {document.id: document.display_name for document in specifications}
        documents = []
        for file in self.env["ir.attachment"].search(domain | own, order="id desc"):
            is_specification = file.res_model == "quote.specification"
            kind = self.env._("Specification") if is_specification else self.env._("Estimate")
            name = names[file.res_id] if is_specification else file.name
            documents.append({"attachment": file, "name": name, "kind": kind})
        return documents
