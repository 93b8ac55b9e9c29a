from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import html2plaintext

from ..const import OUTLINED_TEXTS
from ..tools.client_html import clean_client_html


class QuoteOutlineMixin(models.AbstractModel):
    """What the texts of new estimates begin with, company by company."""

    _name = "quote.outline.mixin"
    _description = "Outlines of the texts of estimates"

    quote_technical_outline = fields.Html(
        string="Outline of the technical part",
        sanitize_style=True,
        help="What the technical part of a new estimate begins with. A text that nobody has"
        " changed is not shown to clients.",
        groups="base.group_user",
    )
    quote_organisation_outline = fields.Html(
        string="Outline of the organisation",
        sanitize_style=True,
        help="What the organisation of a new estimate begins with. A text that nobody has changed"
        " is not shown to clients.",
        groups="base.group_user",
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        defaults = {
            field_name: self._get_default_outline(name)
            for name, field_name in OUTLINED_TEXTS.items()
        }
        return super().create([self._clean_outlines({**defaults, **vals}) for vals in vals_list])

    def write(self, vals):
        return super().write(self._clean_outlines(vals))

    @api.model
    def _clean_outlines(self, vals):
        """Return the values with outlines that fetch nothing from elsewhere when printed."""
        cleaned = {
            name: clean_client_html(vals[name])
            for name in OUTLINED_TEXTS.values()
            if vals.get(name)
        }
        return {**vals, **cleaned} if cleaned else vals

    # === OUTLINES === #

    @api.model
    def _set_default_outlines(self):
        """Give the outlines that come with the addon to companies without any, in their language.

        A default of the fields would do the same, in the language of nobody.
        """
        companies = self.sudo().search(
            [(name, "=", False) for name in OUTLINED_TEXTS.values()], order="id"
        )
        for company in companies:
            localised = company.with_context(lang=company.partner_id.lang or self.env.lang)
            for name, field_name in OUTLINED_TEXTS.items():
                localised[field_name] = localised._get_default_outline(name)

    @api.model
    def _get_default_outline(self, name):
        """Return the outline that comes with the addon, in the language of the current user.

        :param str name: a name of ``const.OUTLINED_TEXTS``
        :rtype: Markup
        """
        chapters = self._get_default_chapters()[name]
        return Markup().join(
            Markup("<h3>%s</h3><p>%s</p>") % (title, question) for title, question in chapters
        )

    @api.model
    def _get_default_chapters(self):
        """Return the chapters of the outlines: titles, and what each one answers.

        :return: lists of pairs by name of text
        :rtype: dict
        """
        return {
            "technical_content": [
                (self.env._("Our understanding"), self.env._("What the client wants to achieve.")),
                (self.env._("Approach"), self.env._("How we get there, phase by phase.")),
                (self.env._("Tools and standards"), self.env._("What we build on.")),
                (self.env._("Quality"), self.env._("How we check, and what is accepted when.")),
                (self.env._("Risks"), self.env._("What could go wrong, and what we do about it.")),
            ],
            "organisation_content": [
                (self.env._("Team"), self.env._("Who does what, with which experience.")),
                (self.env._("Steering"), self.env._("Meetings, reports, decisions.")),
                (
                    self.env._("What the client provides"),
                    self.env._("People, documents, access, answers in how many days."),
                ),
            ],
        }

    def _prepare_outline_values(self):
        """Return the texts that a new estimate of this company begins with.

        :rtype: dict
        """
        self.ensure_one()
        return {name: self[field_name] for name, field_name in OUTLINED_TEXTS.items()}

    def _is_quote_outline(self, name, text):
        """Return whether a text is empty, or still this company's outline.

        :param str name: a name of ``const.OUTLINED_TEXTS``
        :param str text: HTML
        :rtype: bool
        """
        self.ensure_one()
        words = html2plaintext(text or "").split()
        return not words or words == html2plaintext(self[OUTLINED_TEXTS[name]] or "").split()
