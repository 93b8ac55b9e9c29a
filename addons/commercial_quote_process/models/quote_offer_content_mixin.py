from odoo import models

from ..tools.html_content import normalise_html

ORDER_FIELDS = (
    "amount_tax",
    "amount_total",
    "amount_untaxed",
    "commitment_date",
    "currency_id",
    "customizable_pdf_form_fields",
    "estimate_id",
    "fiscal_position_id",
    "margin",
    "note",
    "opportunity_id",
    "partner_id",
    "partner_invoice_id",
    "partner_shipping_id",
    "payment_term_id",
    "prepayment_percent",
    "proposal_hidden_sections",
    "proposal_summary",
    "quote_step",
    "require_payment",
    "require_signature",
    "scope_assumptions",
    "scope_content",
    "scope_exclusions",
    "target_margin_percent",
)
LINE_FIELDS = (
    "collapse_composition",
    "collapse_prices",
    "combo_item_id",
    "discount",
    "display_type",
    "estimate_figures",
    "estimate_item_id",
    "estimate_row_kind",
    "is_optional",
    "name",
    "order_id",
    "price_subtotal",
    "price_unit",
    "product_id",
    "product_uom_id",
    "product_uom_qty",
    "purchase_price",
    "sequence",
)
ORDER_LINKS = ("quotation_document_ids",)
LINE_LINKS = ("tax_ids", "product_document_ids")
# How the lines of a section are shown; the last one is sale_management's.
FOLDING_FIELDS = ("collapse_composition", "collapse_prices", "is_optional")


def _get_known(records, names):
    """Return the names that a model knows: those of other addons may not be installed."""
    return [name for name in names if name in records._fields]


class QuoteOfferContentMixin(models.AbstractModel):
    """The commercial content of a quote as plain values: what its fingerprint is made of.

    All methods are called in superuser mode, on quotes that have been prefetched.
    """

    _name = "quote.offer.content.mixin"
    _description = "Content of an offer"
    _inherit = ["quote.prefetch.mixin"]

    # === READING === #

    def _prefetch_content(self):
        """Read all that the content of these quotes is made of: one query per table."""
        self.fetch(_get_known(self, ORDER_FIELDS))
        line_model = self.env["sale.order.line"]
        self._prefetch_rows("order_line", _get_known(line_model, LINE_FIELDS))
        lines = self.order_line
        self._prefetch_links(
            [(lines, name) for name in _get_known(line_model, LINE_LINKS)]
            + [(self, name) for name in _get_known(self, ORDER_LINKS)]
        )
        self.estimate_id._prefetch_content()

    # === PRICE === #

    def _get_price_content(self):
        return {
            "client": self.partner_id.id,
            "currency": self.currency_id.id,
            "untaxed": self.amount_untaxed,
            "tax": self.amount_tax,
            "total": self.amount_total,
            "lines": [self._get_line_content(line) for line in self._get_content_lines()],
        }

    def _get_content_lines(self):
        """Return the lines in the order in which they are read."""
        return self.order_line.sorted(lambda line: (line.sequence, line.id))

    def _get_line_content(self, line):
        """Return what the client reads of one line.

        An overrider adds keys of its own, left out when they are empty.

        :param line: the ``sale.order.line``
        :rtype: dict
        """
        content = {"kind": line.display_type or "", "text": line.name or ""}
        # A section may fold its lines, hide their prices, or stand outside the total.
        folded = {name: True for name in _get_known(line, FOLDING_FIELDS) if line[name]}
        if line.display_type:
            return {**content, **folded}
        content |= {
            "product": line.product_id.id,
            "quantity": line.product_uom_qty,
            "unit": line.product_uom_id.id,
            "price": line.price_unit,
            "discount": line.discount,
            "taxes": sorted(line.tax_ids.ids),
            "subtotal": line.price_subtotal,
        }
        # Of a line typed by hand, its section says so.
        is_option = line._is_option() and line.is_from_estimate
        optional = {"optional": True} if is_option else {}
        combo = {"combo": line.combo_item_id.id} if line.combo_item_id else {}
        return {**content, **folded, **optional, **combo}

    # === COST === #

    def _get_cost_content(self):
        rank = self.estimate_id._get_item_ranks()
        return {
            "target": self.target_margin_percent,
            "lines": [
                {
                    "cost": line.purchase_price,
                    "source": line.estimate_row_kind or "",
                    "item": rank.get(line.estimate_item_id.id, -1),
                }
                for line in self._get_content_lines()
                if not line.display_type
            ],
            **self.estimate_id._get_cost_content(),
        }

    # === PLAN, TEXTS, TERMS === #

    def _get_plan_content(self):
        return self.estimate_id._get_plan_content()

    def _get_texts_content(self):
        estimate = self.estimate_id
        summary = normalise_html(self.proposal_summary)
        left_out = sorted(self._get_hidden_sections())
        return {
            **({"summary": summary} if summary else {}),
            **({"left_out": left_out} if left_out else {}),
            "scope": normalise_html(self.scope_content),
            "exclusions": normalise_html(self.scope_exclusions),
            "assumptions": normalise_html(self.scope_assumptions),
            "technical": normalise_html(estimate.technical_content),
            "organisation": normalise_html(estimate.organisation_content),
        }

    def _get_terms_content(self):
        delivery = self.commitment_date
        return {
            "note": normalise_html(self.note),
            "payment_term": self.payment_term_id.id,
            "signature": self.require_signature,
            "payment": self.require_payment,
            "prepayment": self.prepayment_percent if self.require_payment else 0.0,
            "fiscal_position": self.fiscal_position_id.id,
            "invoice_address": self.partner_invoice_id.id,
            "delivery_address": self.partner_shipping_id.id,
            **({"delivery_date": str(delivery)} if delivery else {}),
            **self._get_documents_content(),
        }

    # === FIGURES === #

    def _get_content_figures(self):
        """Return what follows from the content, to tell how far a change goes.

        :return: ``days`` and ``cost`` (in the quote's currency), ``margin`` (0 to 100) and
            ``plan_length`` (working days)
        :rtype: dict
        """
        untaxed = self.amount_untaxed
        return {
            "cost": untaxed - self.margin,
            "margin": 100 * self.margin / untaxed if untaxed else 0.0,
            **self.estimate_id._get_content_figures(),
        }
