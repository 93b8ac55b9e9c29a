from odoo import models

from ..tools.fingerprint import FINGERPRINT_VERSION, fingerprints

ASPECTS = ("price", "cost", "plan", "texts", "terms")


class QuoteFingerprintMixin(models.AbstractModel):
    """What a quote says, in five aspects, and the fingerprint of each.

    Approval, sending and signature are bound to these fingerprints: content that differs from
    what was decided on has another one.

    Left out on purpose: the validity (extending it needs no approval), the general terms that the
    company publishes (an acceptance keeps their text and version by itself), who works on the
    quote, and whatever is defined elsewhere (rates, products, taxes, currencies, payment terms,
    pages that the company adds to its PDF): the quote keeps its own figures and says which record
    it means.
    """

    _name = "quote.fingerprint.mixin"
    _description = "Fingerprint of a quote"
    _inherit = [
        "quote.fingerprint.first.mixin",
        "quote.offer.content.mixin",
        "quote.attachment.content.mixin",
    ]

    def _get_fingerprint(self, version=None):
        """Return the fingerprint of each aspect of the quote, and of the whole under ``all``.

        :param int version: the version of the algorithm, to compare with what was made by an
            earlier one; the version in use when it is None
        :return: SHA-256 in hexadecimal by aspect; empty for a version that does not exist
        :rtype: dict
        """
        self.ensure_one()
        return self._get_fingerprints(version)[self.id]

    def _get_fingerprints(self, version=None):
        """Return the fingerprints of many quotes, in a constant number of queries.

        :param int version: see ``_get_fingerprint``
        :return: as ``_get_fingerprint``, by id of quote
        :rtype: dict
        """
        if version in (None, FINGERPRINT_VERSION):
            contents = self._get_contents()
            return {key: self._fingerprint_content(data) for key, data in contents.items()}
        if version == 1:
            return {
                order_sudo.id: order_sudo._get_first_fingerprint() for order_sudo in self.sudo()
            }
        return {order.id: {} for order in self}

    def _fingerprint_content(self, content):
        """Return the fingerprints of a content that was read before.

        :param dict content: see ``_get_content``
        :return: see ``_get_fingerprint``
        :rtype: dict
        """
        return fingerprints({aspect: content[aspect] for aspect in ASPECTS})

    def _get_content(self):
        """Return what the quote says, as plain values that JSON can hold.

        :return: content by aspect, and under ``figures`` what follows from it (days, cost,
            margin, length of the plan), which no fingerprint covers
        :rtype: dict
        """
        self.ensure_one()
        return self._get_contents()[self.id]

    def _get_contents(self):
        """Return what many quotes say, in a constant number of queries.

        :return: as ``_get_content``, by id of quote
        :rtype: dict
        """
        orders_sudo = self.sudo()
        orders_sudo._prefetch_content()
        contents = {
            order_sudo.id: {
                **{aspect: order_sudo._get_fingerprint_data(aspect) for aspect in ASPECTS},
                "figures": order_sudo._get_content_figures(),
            }
            for order_sudo in orders_sudo
        }
        orders_sudo._add_images(contents)
        return contents

    def _get_fingerprint_data(self, aspect):
        """Return the content of one aspect as plain values; in superuser mode.

        An overrider adds its own content to what ``super()`` returns. Values depend neither on a
        language nor on ids of our own rows, so that a restored copy has the same fingerprint; a
        value that is usually empty is left out when it is, so that quotes without it stay what
        was approved.

        :param str aspect: "price", "cost", "plan", "texts" or "terms"
        :rtype: dict
        """
        self.ensure_one()
        return getattr(self, f"_get_{aspect}_content")()

    def _is_other_content(self, rows_sudo):
        """Return whether the quote is no longer what these rows are about.

        Each row is compared by the version of the algorithm that it was made with.

        :param rows_sudo: ``quote.validation`` in superuser mode
        :rtype: bool
        """
        self.ensure_one()
        current = {
            version: self._get_fingerprint(version).get("all")
            for version in set(rows_sudo.mapped("fingerprint_version"))
        }
        return any(
            not current[row_sudo.fingerprint_version]
            or (row_sudo.fingerprint or {}).get("all") != current[row_sudo.fingerprint_version]
            for row_sudo in rows_sudo
        )
