import json

from odoo import models
from odoo.fields import Domain

from ..tools.html_images import find_images

# Fields of Odoo's builder of quotations in PDF, which may not be installed.
DOCUMENTS = "quotation_document_ids"
LINE_DOCUMENTS = "product_document_ids"
FORM_VALUES = "customizable_pdf_form_fields"


class QuoteAttachmentContentMixin(models.AbstractModel):
    """What a client sees of a quote that lies in files: images in texts, pages added to the PDF.

    A text names an image and says nothing of its bytes, which somebody may replace: the content
    holds their checksums. All methods are called in superuser mode.
    """

    _name = "quote.attachment.content.mixin"
    _description = "Files of an offer"

    # === IMAGES === #

    def _add_images(self, contents):
        """Complete contents with the checksums of the images that their texts show.

        :param dict contents: see ``_get_contents``
        """
        wanted = {}
        for content in contents.values():
            for aspect in ("texts", "terms"):
                texts = [text for text in content[aspect].values() if isinstance(text, str)]
                if images := [image for text in texts for image in find_images(text)]:
                    wanted.setdefault(aspect, []).append((content, images))
        checksums = self._get_image_checksums(
            {image for pairs in wanted.values() for _content, images in pairs for image in images}
        )
        for aspect, pairs in wanted.items():
            for content, images in pairs:
                content[aspect]["images"] = [checksums.get(image, "") for image in images]

    def _get_image_checksums(self, images):
        """Return what tells the bytes of images, in one query for all.

        :param set images: see ``tools.html_images.find_images``
        :return: checksum, or the address of a file that is elsewhere, by image
        :rtype: dict
        """
        if not images:
            return {}
        ids = [image for image in images if isinstance(image, int)]
        domains = [
            Domain(
                [("res_model", "=", model), ("res_id", "=", record_id), ("res_field", "=", name)]
            )
            for model, record_id, name in images.difference(ids)
        ]
        found = self.env["ir.attachment"].search_fetch(
            Domain.OR([Domain("id", "in", ids), *domains]),
            ["checksum", "res_field", "res_id", "res_model", "url"],
        )
        checksums = {}
        for attachment in found:
            checksum = attachment.checksum or attachment.url or ""
            checksums[attachment.id] = checksum
            checksums[attachment.res_model, attachment.res_id, attachment.res_field] = checksum
        return checksums

    # === PAGES OF THE PDF === #

    def _get_documents_content(self):
        """Return the pages that are added to the PDF, and what was typed into their forms.

        Pages are the company's, as its general terms are: the quote says which ones.

        :return: empty without Odoo's builder of quotations in PDF, and without any page
        :rtype: dict
        """
        if DOCUMENTS not in self._fields:
            return {}
        lines = self._get_content_lines()
        content = {
            "documents": self[DOCUMENTS].ids,
            "line_documents": {
                str(rank): line[LINE_DOCUMENTS].ids
                for rank, line in enumerate(lines)
                if line[LINE_DOCUMENTS]
            },
            "forms": self._get_form_values(lines),
        }
        return {key: value for key, value in content.items() if value}

    def _get_form_values(self, lines):
        """Return what was typed into the forms of the pages, by the places of the lines.

        :param lines: the lines in their order
        :rtype: dict
        """
        typed = self[FORM_VALUES] or {}
        typed = json.loads(typed) if isinstance(typed, str) else typed
        rank = {str(line.id): str(place) for place, line in enumerate(lines)}
        by_line = {rank.get(key, ""): value for key, value in typed.get("line", {}).items()}
        values = {"header": typed.get("header"), "footer": typed.get("footer"), "line": by_line}
        return {key: value for key, value in values.items() if value}
