from odoo import api, fields, models
from odoo.tools import is_html_empty

from ..const import OUTLINED_TEXTS

# Sections that are one text each, and the field that holds it.
TEXT_SECTIONS = {
    "summary": "proposal_summary",
    "scope": "scope_content",
    "technical": "technical_content",
    "organisation": "organisation_content",
    "assumptions": "scope_assumptions",
    "exclusions": "scope_exclusions",
}
# What a client signs is its price and its terms: these are always shown.
FIXED_SECTIONS = frozenset({"price", "terms"})


class QuoteProposalMixin(models.AbstractModel):
    """The sections of a commercial proposal, for its PDF and for the client's page alike."""

    _name = "quote.proposal.mixin"
    _description = "Sections of a commercial proposal"

    proposal_summary = fields.Html(
        string="Summary",
        sanitize_style=True,
        help="What a decider reads first: the need, the answer, the result.",
    )
    proposal_hidden_sections = fields.Json(
        string="Sections left out",
        default=lambda self: self.env.company.sudo().quote_hidden_sections or False,
        help="Keys of the sections that this proposal does not show, whatever is written in them.",
    )
    proposal_outline = fields.Json(
        compute="_compute_proposal_outline",
        string="Sections of the proposal",
        exportable=False,
        help="The sections in their order: shown or not, with something to show or not.",
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "proposal_hidden_sections", "quote_process", "estimate_id.item_ids", *TEXT_SECTIONS.values()
    )
    @api.depends_context("lang")
    def _compute_proposal_outline(self):
        for order in self:
            hidden = order._get_hidden_sections()
            order.proposal_outline = order.quote_process and [
                {
                    **section,
                    "shown": section["key"] not in hidden,
                    "filled": order._has_proposal_section(section["key"]),
                }
                for section in self._get_section_outline()
            ]

    # === SECTIONS === #

    @api.model
    def _get_section_titles(self):
        """Return the title of each section, in the current language and in the order of reading.

        An overrider adds sections of its own; ``_has_proposal_section`` says when they show.

        :return: titles by key
        :rtype: dict
        """
        return {
            "summary": self.env._("Summary"),
            "scope": self.env._("Context and scope"),
            "technical": self.env._("Technical proposal"),
            "organisation": self.env._("Organisation"),
            "team": self.env._("Team"),
            "plan": self.env._("Plan"),
            "milestones": self.env._("Milestones and deliverables"),
            "requirements": self.env._("Answers to the requirements"),
            "price": self.env._("Price"),
            "payment": self.env._("Payment schedule"),
            "assumptions": self.env._("Assumptions"),
            "exclusions": self.env._("Out of scope"),
            "terms": self.env._("General terms"),
        }

    @api.model
    def _get_section_outline(self):
        """Return the sections there are, as the list of sections left out shows them.

        :return: dicts with ``key``, ``title``, ``fixed`` (always shown), ``shown`` and ``filled``
        :rtype: list(dict)
        """
        return [
            {
                "key": key,
                "title": title,
                "fixed": key in FIXED_SECTIONS,
                "shown": True,
                "filled": True,
            }
            for key, title in self._get_section_titles().items()
        ]

    def _get_hidden_sections(self):
        """Return the keys of the sections that this proposal leaves out.

        :rtype: set
        """
        self.ensure_one()
        hidden = self.sudo().proposal_hidden_sections or []
        return set(hidden if isinstance(hidden, list) else []) - FIXED_SECTIONS

    def _get_proposal_sections(self):
        """Return the sections that this proposal shows: not left out, and with something to say.

        :return: dicts with ``key`` and ``title``, in the order of reading
        :rtype: list(dict)
        """
        self.ensure_one()
        hidden = self._get_hidden_sections()
        return [
            {"key": key, "title": title}
            for key, title in self._get_section_titles().items()
            if key not in hidden and self._has_proposal_section(key)
        ]

    def _has_proposal_section(self, key):
        """Return whether a section has something to show.

        An overrider answers for its own sections and leaves the others to ``super()``.

        :param str key: a key of ``_get_section_titles``
        :rtype: bool
        """
        self.ensure_one()
        order_sudo = self.sudo()
        if key in TEXT_SECTIONS:
            return bool(self._get_client_source(TEXT_SECTIONS[key]))
        match key:
            case "plan":
                return any(item.kind == "task" for item in order_sudo.estimate_id.item_ids)
            case "milestones":
                items_sudo = order_sudo.estimate_id.item_ids
                return any(item.kind in ("milestone", "deliverable") for item in items_sudo)
            case "team":
                return bool(self._get_client_team())
            case "requirements":
                return bool(self._get_client_requirements())
            case "payment":
                return bool(self._get_payment_schedule())
            case "terms":
                texts = (order_sudo.note, order_sudo._get_company_terms())
                return not all(is_html_empty(text) for text in texts)
        return key == "price"

    def _get_client_source(self, name):
        """Return one of the texts of the proposal as it was written, or nothing to show.

        :param str name: see ``_get_client_text``
        :rtype: str | bool
        """
        order_sudo = self.sudo()
        source_sudo = order_sudo if name in self._fields else order_sudo.estimate_id
        text = source_sudo[name] if source_sudo else False
        if name in OUTLINED_TEXTS and order_sudo.company_id._is_quote_outline(name, text):
            # Questions to the person who writes are no text for the client.
            return False
        return False if is_html_empty(text) else text

    def _get_payment_schedule(self):
        """Return when the client pays what: nothing, unless a payment schedule says more.

        :return: dicts with ``name``, ``percent``, ``amount`` and ``due``
        :rtype: list(dict)
        """
        return []

    # === TEAM === #

    def _get_client_team(self):
        """Return who works for the client, role by role: no days, no rates, no costs.

        :return: dicts with ``role`` (name) and ``people`` (list of names)
        :rtype: list(dict)
        """
        self.ensure_one()
        order_sudo = self.sudo()
        workload_sudo = order_sudo.estimate_id.workload_ids.filtered("days")
        names = workload_sudo.role_id.sorted("name").mapped("name")
        manager, title = order_sudo.project_manager_id.name, self.env._("Project manager")
        if not names or not manager:
            return [{"role": name, "people": []} for name in names]
        same = next((name for name in names if name.casefold() == title.casefold()), title)
        others = [name for name in names if name != same]
        return [
            {"role": same, "people": [manager]},
            *({"role": name, "people": []} for name in others),
        ]
