import hashlib
import logging
import mimetypes
import posixpath
import re
from base64 import b64decode
from dataclasses import dataclass
from html import unescape
from urllib.parse import parse_qs, urlsplit

from odoo import api, models
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.tools import file_open, file_path
from odoo.tools.mimetypes import guess_mimetype

from odoo.addons.base.models.ir_actions_report import _wkhtml

from ..tools.contained_html import contain_html
from ..tools.html_images import find_images
from ..tools.pdf_engine import PrintFailedError, PrintTimeoutError, print_html
from ..tools.pdf_footer import number_pages
from ..tools.print_page import PAGE_STYLE, get_margins

_logger = logging.getLogger(__name__)

# What tells a page of ours from any other report.
PROPOSAL_MARK = 'data-quote-id="'
PROPOSAL_ORDER = re.compile(r'data-quote-id="(\d+)" data-quote-name="([^"]*)"')
# Seconds after which the engine is stopped; a system parameter may say another number.
PRINT_TIMEOUT = 60
TIMEOUT_PARAMETER = "commercial_quote_process.print_timeout"
# Nothing is fetched and nothing is animated: there is nothing to wait for.
PRINT_DELAY = "20"
IMAGE_TYPES = (".png", ".jpg", ".jpeg", ".gif", ".svg")
# Odoo's own fonts, which the engine takes as if they were installed: it can put them into the file
# as letters, while it draws those of a page as shapes.
FONT_FOLDERS = ("web/static/fonts", "web/static/src/libs/fontawesome/fonts")

# Name of the context key that carries a ``QuotePrint``. It is an object of ours: a key sent over
# RPC arrives as JSON and can never be one.
PRINT_KEY = "quote_print"


@dataclass
class QuotePrint:
    """A print that is kept: the offer as it left, whatever has become of it since.

    :param str source: filled in by printing: hash of all that the file was made of
    """

    source: str = ""


class QuotePrintMixin(models.AbstractModel):
    """Proposals are printed from documents that carry all they need, in a bounded time.

    Odoo's own print makes the engine ask the server for styles, fonts and images: it can wait for
    ever for a worker, and fetches whatever address a text names. Here nothing is asked for.
    """

    _name = "quote.print.mixin"
    _description = "Printing of proposals"

    def _run_wkhtmltopdf(
        self,
        bodies,
        report_ref=False,
        header=None,
        footer=None,
        landscape=False,
        specific_paperformat_args=None,
        set_viewport_size=False,
    ):
        if not any(PROPOSAL_MARK in body for body in bodies):
            return super()._run_wkhtmltopdf(
                bodies,
                report_ref=report_ref,
                header=header,
                footer=footer,
                landscape=landscape,
                specific_paperformat_args=specific_paperformat_args,
                set_viewport_size=set_viewport_size,
            )
        report = self._get_report(report_ref) if report_ref else self
        patched = _wkhtml().is_patched_qt
        paper = report.get_paperformat()
        options = self._build_wkhtmltopdf_args(
            paper,
            landscape,
            {**(specific_paperformat_args or {}), **get_margins(paper, patched)},
            set_viewport_size=set_viewport_size,
        )
        pages = [*bodies, *([header, footer] if patched else [None, None])]
        *bodies, header, footer = self._contain_pages(pages, PAGE_STYLE if patched else "")
        return self._print_proposal(self._hasten(options), bodies, header, footer)

    @api.model
    def _hasten(self, options):
        """Return the options of the engine without its wait for what is not there."""
        options = list(options)
        if "--javascript-delay" in options:
            options[options.index("--javascript-delay") + 1] = PRINT_DELAY
        return options

    def _print_proposal(self, options, bodies, header, footer):
        """Return the PDF of documents that carry all they need: the one made of the same before.

        :param list options: of the engine
        :rtype: bytes
        :raise UserError: when the engine fails, or takes longer than it may
        """
        source = hashlib.sha256(repr((options, bodies, header, footer)).encode()).hexdigest()
        if isinstance(self.env.context.get(PRINT_KEY), QuotePrint):
            self.env.context[PRINT_KEY].source = source
        if kept_sudo := self.env["quote.sent.document"].sudo()._find_by_source(source):
            return kept_sudo.attachment_id.raw
        timeout = self._get_print_timeout()
        try:
            content = print_html(
                [_wkhtml().bin, *options],
                bodies,
                header,
                footer,
                fonts=[file_path(folder) for folder in FONT_FOLDERS],
                timeout=timeout,
            )
        except PrintTimeoutError as error:
            _logger.warning("Print of a proposal: %s", error)
            raise UserError(
                self.env._(
                    "The PDF was not ready after %(seconds)s seconds: its printing was stopped."
                    " Look for very large images or tables in the texts, or try again.",
                    seconds=timeout,
                )
            ) from error
        except PrintFailedError as error:
            _logger.warning("Print of a proposal: %s", error)
            raise UserError(
                self.env._("The PDF could not be made. The log of the server says why.")
            ) from error
        if header or footer:
            return content
        names = (PROPOSAL_ORDER.search(body) for body in bodies)
        return number_pages(content, ", ".join(unescape(name[2]) for name in names if name))

    @api.model
    def _get_print_timeout(self):
        """Return the seconds that the engine may take.

        :rtype: int
        """
        value = self.env["ir.config_parameter"].sudo().get_param(TIMEOUT_PARAMETER)
        return int(value) if value and value.isdigit() and int(value) else PRINT_TIMEOUT

    # === FILES THAT A DOCUMENT CARRIES === #

    def _contain_pages(self, pages, style=""):
        """Return documents with their styles and images inside.

        :param list pages: HTML documents, or None
        :param str style: one more style sheet, after all others
        :rtype: list
        """
        found = {}
        reader = self._get_print_reader(pages)

        def read(address):
            if address not in found:
                found[address] = self._read_print_file(address, reader)
            return found[address]

        return [page and contain_html(page, read, style) for page in pages]

    def _get_print_reader(self, pages):
        """Return whose rights say which images may be shown: a job has all, its quote's author not.

        :rtype: res.users
        """
        if not self.env.su:
            return self.env.user
        found = (PROPOSAL_ORDER.search(page or "") for page in pages)
        orders_sudo = self.env["sale.order"].browse(int(match[1]) for match in found if match)
        return orders_sudo.exists()[:1].user_id or self.env.ref("base.public_user")

    def _read_print_file(self, address, reader):
        """Return a file of this server that a document names: style sheet, static file, image.

        :param str address: as it stands in the document
        :param reader: the ``res.users`` who must be allowed to see an image
        :return: MIME type and bytes, or None when it is elsewhere or not for this user
        :rtype: tuple(str, bytes) | None
        """
        parts = urlsplit(address)
        path = posixpath.normpath(parts.path)
        if parts.scheme or parts.netloc or not path.startswith("/"):
            return None
        if path.startswith("/web/assets/"):
            return self._read_print_styles(path)
        if path.startswith("/web/image") or path.startswith("/web/content"):
            return self._read_print_image(address, reader)
        if path.split("/")[2:3] == ["static"] and path.endswith(IMAGE_TYPES):
            try:
                with file_open(path[1:], "rb", filter_ext=IMAGE_TYPES) as file:
                    return mimetypes.guess_type(path)[0], file.read()
            except (OSError, ValueError):
                return None
        return None

    def _read_print_styles(self, path):
        """Return a style sheet of Odoo's, made now when nobody has asked for it before."""
        attachment_sudo = self.env["ir.attachment"].sudo()
        attachment_sudo = attachment_sudo.search(
            [("url", "=", path), ("res_model", "=", "ir.ui.view"), ("public", "=", True)], limit=1
        )
        if not attachment_sudo and path.endswith(".css"):
            assets_sudo, qweb_sudo = self.env["ir.asset"].sudo(), self.env["ir.qweb"].sudo()
            name, rtl, _kind, autoprefix = assets_sudo._parse_bundle_name(
                path.rsplit("/", 1)[-1], False
            )
            bundle = qweb_sudo._get_asset_bundle(
                name, css=True, js=False, rtl=rtl, autoprefix=autoprefix
            )
            attachment_sudo = bundle.css()
        return ("text/css", attachment_sudo.raw) if attachment_sudo else None

    def _read_print_image(self, address, reader):
        """Return an image of the database by its address, when a user may see it."""
        image = next(iter(find_images(f'"{address}"')), None)
        if not image:
            return None
        binary = self.env["ir.binary"].with_user(reader)
        model, res_id, field = ("ir.attachment", image, "raw") if isinstance(image, int) else image
        token = parse_qs(urlsplit(address).query).get("access_token", [None])[0]
        try:
            record = binary._find_record(
                res_model=model, res_id=res_id, access_token=token, field=field
            )
            content = record.raw if field == "raw" else b64decode(record[field] or b"")
        except (AccessError, MissingError, UserError, ValueError, KeyError):
            return None
        kind = guess_mimetype(content or b"")
        return (kind, content) if kind.startswith("image/") else None
