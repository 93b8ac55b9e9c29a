from odoo import api, fields, models
from odoo.exceptions import UserError

from ..exceptions import WrongValue
from ..tools.client_file import FILE_MAX_BYTES, FILES_MAX, check_client_files
from .quote_change_request import CHANGE_SECTIONS

MESSAGE_MAX = 5000


class QuoteChangeRequestMixin(models.AbstractModel):
    """The client asks for changes, section by section; the next version starts with the list."""

    _name = "quote.change.request.mixin"
    _description = "Changes that the client asks for"

    change_request_ids = fields.One2many(
        "quote.change.request", "order_id", string="Changes asked", readonly=True, copy=False
    )
    change_todo_ids = fields.Many2many(
        "quote.change.request",
        string="Changes to make",
        compute="_compute_change_todo_ids",
        groups="sales_team.group_sale_salesman",
        help="What the client asked of the versions before this one, until it is dealt with.",
    )
    change_todo_count = fields.Integer(
        string="Changes still to make",
        compute="_compute_change_todo_ids",
        groups="sales_team.group_sale_salesman",
    )

    @api.model
    def _get_system_fields(self):
        return super()._get_system_fields() | {"change_request_ids"}

    @api.depends("quote_root_id.quote_family_ids.change_request_ids.outcome", "quote_version")
    def _compute_change_todo_ids(self):
        requests_by_root = self._get_family_requests_sudo().grouped("quote_root_id")
        for order in self:
            requests_sudo = requests_by_root.get(order.sudo().quote_root_id, [])
            found = order._filter_requests_of_version(requests_sudo)
            order.change_todo_ids = found.with_env(self.env)
            order.change_todo_count = len(found.filtered(lambda request: not request.outcome))

    def _get_family_requests_sudo(self):
        """Return what was asked of any version of these quotes. A first version answers nothing.

        :rtype: quote.change.request
        """
        roots_sudo = self.sudo().filtered("previous_version_id").quote_root_id
        requests_sudo = self.env["quote.change.request"].sudo()
        if not roots_sudo:
            return requests_sudo
        domain = [("quote_root_id", "in", roots_sudo.ids)]
        return requests_sudo.search(domain, order="asked_on, id")

    def _filter_requests_of_version(self, requests_sudo):
        """Return what this version has to deal with: what is open, and what it answers.

        :param requests_sudo: ``quote.change.request`` of the family
        :rtype: quote.change.request
        """
        self.ensure_one()
        rows_sudo = self.env["quote.change.request"].sudo().union(*requests_sudo)
        return rows_sudo.filtered(
            lambda row: (
                row.order_id.quote_version < self.quote_version
                and (not row.answered_in_id or row.answered_in_id == self)
            )
        )

    # === ASKING === #

    def action_request_changes(self, reason, comments=None):
        """Record that the client asks for changes: the ball is back with the salesperson.

        :param str reason: what should change, in general
        :param dict comments: what should change, by section of the proposal
        :return: True
        """
        self.check_access("write")
        self._request_changes(reason, self.env.user.partner_id, comments)
        return True

    @api.model
    def _get_change_sections(self):
        """Return the sections that a client may want changed, as pairs of a key and a title.

        :rtype: list(tuple(str, str))
        """
        labels = (
            self.env["quote.change.request"]._fields["section"]._description_selection(self.env)
        )
        return [(key, label) for key, label in labels if key != "general"]

    def _request_changes(self, reason, author, comments=None, files=(), **values):
        """Move quotes to revision, keep what should change, and tell whoever looks after it.

        :param reason: what should change in general, as typed
        :param res.partner author: who asks
        :param comments: what should change by section, as typed
        :param files: pairs of a name and the bytes
        :param values: more values of ``quote.change.request``, the same for all rows
        :raise UserError: when nothing was asked, or the quotes are not in the client's hands
        """
        rows = self._clean_changes(reason, comments)
        files = self._check_client_files(files)
        if files and not rows:
            rows = [("general", self.env._("See the files."))]
        if not rows:
            raise WrongValue(self.env._("Say what should change."), "message")
        self._lock_for_decision()
        for order in self:
            if order.quote_step == "revision":
                raise UserError(
                    self.env._(
                        "Changes to %(quote)s have already been asked for.", quote=order.name
                    )
                )
        self._check_client_has_it()
        text = self._get_changes_text(rows)
        self._move_to_step("revision", text)
        for order in self:
            requests_sudo = order._create_change_requests(rows, author, **values)
            self.env["quote.change.file"]._add_files(
                requests_sudo[-1], files, request_id=requests_sudo[-1].id
            )
            order._post_answer(self.env._("Changes asked for"), text, author)
            order._schedule_salesperson_activity(self.env._("The client asks for changes"), text)

    def _create_change_requests(self, rows, author, **values):
        """Keep what the client asks of this version.

        :param list rows: pairs of a section and a comment
        :param res.partner author: who asks; empty when the person has no contact
        :return: the new rows, in superuser mode
        :rtype: quote.change.request
        """
        self.ensure_one()
        name = author.name or self._get_link_person().get("name") or self.partner_id.name
        common = {
            "order_id": self.id,
            "quote_root_id": (self.sudo().quote_root_id or self).id,
            "company_id": self.company_id.id,
            "asked_by": name,
            **values,
        }
        return (
            self.env["quote.change.request"]
            .sudo()
            .create([{**common, "section": key, "comment": text} for key, text in rows])
        )

    # === WHAT WAS TYPED === #

    def _clean_changes(self, reason, comments):
        """Return what should change as pairs of a section and a text, in the order of the offer.

        :param reason: whatever was sent as the general message
        :param comments: whatever was sent by section
        :rtype: list(tuple(str, str))
        :raise UserError: when a section is named, and not what should change in it
        """
        comments = comments if isinstance(comments, dict) else {}
        typed = {**comments, "general": reason}
        rows = [(key, self._clean_message(typed.get(key))) for key, _label in CHANGE_SECTIONS]
        for key, label in self._get_change_sections():
            if key in comments and (key, "") in rows:
                raise WrongValue(
                    self.env._("Say what should change in “%(section)s”.", section=label),
                    f"comment_{key}",
                )
        return [(key, text) for key, text in rows if text]

    def _get_changes_text(self, rows):
        """Return what should change as one text, for the discussion and the history.

        :rtype: str
        """
        if [key for key, _text in rows] == ["general"]:
            return rows[0][1]
        field = self.env["quote.change.request"]._fields["section"]
        labels = dict(field._description_selection(self.env))
        return "\n".join(f"{labels[key]}: {text}" for key, text in rows)

    @api.model
    def _clean_message(self, message):
        """Return a message of the client as a bounded plain text; empty when it is none."""
        if not isinstance(message, str):
            return ""
        text = "".join(char for char in message if char.isprintable() or char in "\n\t")
        return text.strip()[:MESSAGE_MAX]

    @api.model
    def _check_client_files(self, files):
        """Return files of the client as they may be kept.

        :param files: pairs of a name and the bytes
        :rtype: list
        :raise UserError: with which file, and why
        """
        try:
            return check_client_files(list(files))
        except ValueError as error:
            code, name = (*error.args, "")[:2]
            raise WrongValue(self._get_file_error(code, name), "file") from None

    @api.model
    def _get_file_error(self, code, name):
        """Return the sentence for a code of ``tools.client_file``."""
        if code == "file_count":
            return self.env._("Send %(count)s files at most.", count=FILES_MAX)
        if code == "file_size":
            return self.env._(
                "“%(file)s” is too big: %(size)s MB at most.",
                file=name,
                size=FILE_MAX_BYTES // 1024 // 1024,
            )
        if code == "file_empty":
            return self.env._("“%(file)s” is empty.", file=name)
        return self.env._(
            "“%(file)s” cannot be sent: only PDF, pictures (PNG, JPEG), texts and office"
            " documents.",
            file=name,
        )
