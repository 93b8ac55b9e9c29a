from markupsafe import Markup

from odoo import models
from odoo.tools import html2plaintext

from odoo.addons.base.models.ir_actions_report import _wkhtml

from ..tools.client_html import clean_client_html
from ..tools.html_headings import keep_headings, nest_headings, split_opening
from ..tools.print_page import TEXT_WIDTH, get_room
from .quote_proposal_mixin import TEXT_SECTIONS

# Sections that make a document of several pages by themselves.
LONG_SECTIONS = frozenset({"plan", "milestones", "requirements", "technical", "organisation"})
# Letters of text beyond which an offer gets a cover and a table of contents.
LONG_TEXT = 2500
# Titles of sections are headings of the second level: the ones of their texts begin below.
TEXT_LEVEL = 3
# Pixels that the title of the plan and what a drawing has around its rows take, and those of a row.
PLAN_FRAME, PLAN_ROW = 200, 22
LEAST_PLAN_ROWS, MOST_PLAN_ROWS = 10, 40
# Letters of a link to the general terms, with its tags.
LONGEST_LINK = 400
FOLDER_LAYOUT = "web.external_layout_folder"


class QuoteProposalPrintMixin(models.AbstractModel):
    """What the printed proposal shows, and how it is laid out."""

    _name = "quote.proposal.print.mixin"
    _description = "Print of a proposal"

    def _get_print_values(self):
        """Return what the printed proposal needs. Called on the quote in the client's language.

        :return: ``sections`` (dicts with ``key``, ``title``, ``number``, ``opening`` and
            ``rest``: see ``_get_print_texts``), ``by_key`` (the same by key), ``before`` and
            ``after`` (those around the price; the terms come last), ``is_long`` (with a cover),
            ``has_header`` (the engine prints the company's header on each page),
            ``acceptance`` (what it was accepted by, or none) and ``title`` (for layouts that
            print one in their header)
        :rtype: dict
        """
        self.ensure_one()
        order_sudo = self.sudo()
        sections = [
            {**section, "number": number, **self._get_print_texts(section["key"])}
            for number, section in enumerate(self._get_proposal_sections(), start=1)
        ]
        by_key = {section["key"]: section for section in sections}
        price = by_key["price"]["number"]
        layout = order_sudo.company_id.external_report_layout_id.key
        accepted = order_sudo.quote_step == "accepted" and not self._is_printed_as_sent()
        return {
            "sections": sections,
            "by_key": by_key,
            "before": sections[: price - 1],
            "after": [section for section in sections[price:] if section["key"] != "terms"],
            "is_long": self._is_long_proposal(sections),
            "has_header": _wkhtml().is_patched_qt,
            "acceptance": order_sudo.quote_acceptance_ids[: 1 if accepted else 0],
            "title": self.name if layout == FOLDER_LAYOUT else "",
            "date": self._get_print_date(),
        }

    def _get_print_texts(self, key):
        """Return the text of a section, with its headings in order; empty for other sections.

        :param str key: key of the section
        :return: ``opening``, what stays on the page of the title, and the ``rest``, as Markup
        :rtype: dict
        """
        if key not in TEXT_SECTIONS:
            return {"opening": Markup(), "rest": Markup()}
        text = nest_headings(str(self._get_client_text(TEXT_SECTIONS[key])), TEXT_LEVEL)
        opening, rest = split_opening(keep_headings(text))
        return {"opening": Markup(opening), "rest": Markup(rest)}

    def _is_long_proposal(self, sections):
        """Return whether the document gets a cover and a table of contents.

        A small deal fits on a page or two, and begins with its header instead.

        :param list sections: see ``_get_print_values``
        :rtype: bool
        """
        letters = sum(
            len(html2plaintext(section["opening"] + section["rest"])) for section in sections
        )
        return letters > LONG_TEXT or any(section["key"] in LONG_SECTIONS for section in sections)

    def _is_lump_sum(self):
        """Return whether each line sells one of something: quantities would say nothing.

        :rtype: bool
        """
        self.ensure_one()
        lines = self._get_order_lines_to_report().filtered(lambda line: not line.display_type)
        return all(line.product_uom_qty == 1 and not line.discount for line in lines)

    def _get_print_terms(self):
        """Return the general terms as they are printed.

        Odoo writes a link to the published terms on each quote: it says nothing beside their text.

        :return: see ``_get_quote_terms``
        :rtype: dict
        """
        self.ensure_one()
        terms = self._get_quote_terms()
        note = clean_client_html(self.sudo().with_context(lang=self._get_lang()).note)
        rest = terms["text"].removeprefix(Markup(note)).strip()
        is_link = html2plaintext(note).strip().endswith("/terms") and len(note) < LONGEST_LINK
        text = rest if rest and is_link else terms["text"]
        return {**terms, "text": Markup(keep_headings(str(text)))}

    def _get_print_date(self):
        """Return the date of the document: when it left, or today.

        :rtype: date
        """
        company_sudo = self.sudo().company_id
        if self.sent_on:
            return company_sudo._quote_local_date(self.sent_on)
        return company_sudo._quote_today()

    def _get_printed_plan(self):
        """Return the plan for print: its drawings, each of which fits on a page.

        :return: ``drawings`` (list of Markup), and the rest of ``_get_client_plan``
        :rtype: dict
        """
        self.ensure_one()
        plan = self._get_client_plan()
        if not plan["drawing"]:
            return {**plan, "drawings": []}
        drawing = str(
            self.sudo().estimate_id._draw_plan(
                width=TEXT_WIDTH, rows_per_drawing=self._get_plan_rows()
            )
        )
        return {**plan, "drawings": [Markup(f"<svg{part}") for part in drawing.split("<svg")[1:]]}

    def _get_plan_rows(self):
        """Return how many rows of the plan a page holds, under the title of its section.

        :rtype: int
        """
        report_sudo = self.env.ref("sale.action_report_saleorder").sudo()
        paper_sudo = report_sudo.paperformat_id or self.sudo().company_id.paperformat_id
        rows = (get_room(paper_sudo, _wkhtml().is_patched_qt) - PLAN_FRAME) // PLAN_ROW
        return min(max(rows, LEAST_PLAN_ROWS), MOST_PLAN_ROWS)

    def _get_client_contact(self):
        """Return whom the offer is addressed to: who signs, or the contact it was made for.

        :return: in superuser mode; empty when it is made out to the company itself
        :rtype: res.partner
        """
        self.ensure_one()
        order_sudo = self.sudo()
        contact_sudo = order_sudo.signer_id or order_sudo.partner_id
        return contact_sudo if not contact_sudo.is_company else contact_sudo.browse()
