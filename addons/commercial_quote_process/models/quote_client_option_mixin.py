from odoo import models


class QuoteClientOptionMixin(models.AbstractModel):
    """Options that the client chooses before signing, within what was approved.

    Nothing is written while the client thinks: the choice arrives with the signature, and becomes
    sold lines in the same transaction, at the quantity and price that were offered.
    """

    _name = "quote.client.option.mixin"
    _description = "Options chosen by the client"

    # === READING === #

    def _get_option_lines(self):
        """Return the options that the client may add; of an order, those that were offered.

        :rtype: sale.order.line
        """
        self.ensure_one()
        lines_sudo = self.sudo().order_line
        if self.quote_step == "accepted":
            options_sudo = lines_sudo.filtered(lambda line: line._is_offered_option())
        else:
            options_sudo = lines_sudo.filtered(lambda line: line._is_option())
        return options_sudo.sorted(lambda line: (line.sequence, line.id))

    def _get_order_lines_to_report(self):
        """The price that the client reads is that of what is sold; options have their own list."""
        lines = super()._get_order_lines_to_report()
        if not self.quote_process:
            return lines
        left_out_sudo = lines.sudo().filtered(lambda line: line._is_option())
        if not left_out_sudo:
            return lines
        shown_sudo = lines.sudo() - left_out_sudo
        left_out_sudo |= shown_sudo.filtered(
            lambda line: line.is_optional and line not in shown_sudo.parent_id
        )
        return lines.filtered(lambda line: line.sudo() not in left_out_sudo)

    def _get_client_options(self):
        """Return the options as the client sees them, in the quote's currency.

        :return: dicts with ``line_id``, ``name``, ``description``, ``amount_untaxed``,
            ``amount_total`` (with taxes) and ``is_taken``
        :rtype: list(dict)
        """
        return [line_sudo._describe_option() for line_sudo in self._get_option_lines()]

    def _get_options_error(self, line_ids):
        """Return why these options cannot be taken together, or False.

        :param line_ids: what the client sent; a list of ids of order lines is expected
        :return: a sentence for the client, or False
        :rtype: str | bool
        """
        self.ensure_one()
        known = set(self._get_option_lines().ids)
        if (
            not isinstance(line_ids, list | tuple)
            or any(type(line_id) is not int for line_id in line_ids)
            or len(set(line_ids)) != len(line_ids)
            or not known.issuperset(line_ids)
        ):
            return self.env._(
                "The options have changed since they were shown. Please read this page again."
            )
        return False

    # === TOTALS === #

    def _get_amounts_with_options(self, line_ids):
        """Return what the quote comes to with some of its options. Nothing is written.

        :param list line_ids: ids of options, see ``_get_options_error``
        :return: ``untaxed``, ``tax`` and ``total``, in the quote's currency
        :rtype: dict
        """
        self.ensure_one()
        order_sudo = self.sudo()
        if not line_ids:
            return {
                "untaxed": order_sudo.amount_untaxed,
                "tax": order_sudo.amount_tax,
                "total": order_sudo.amount_total,
            }
        tax_model = order_sudo.env["account.tax"]
        base_lines = [
            line._prepare_base_line_for_taxes_computation(
                **({"quantity": 1.0} if line.id in line_ids else {})
            )
            for line in order_sudo.order_line
            if not line.display_type
        ]
        company, currency = order_sudo.company_id, order_sudo.currency_id
        tax_model._add_tax_details_in_base_lines(base_lines, company)
        tax_model._round_base_lines_tax_details(base_lines, company)
        totals = tax_model._get_tax_totals_summary(base_lines, currency, company)
        return {
            "untaxed": totals["base_amount_currency"],
            "tax": totals["tax_amount_currency"],
            "total": totals["total_amount_currency"],
        }

    # === CHOOSING === #

    def _choose_options(self, line_ids):
        """Turn options into sold lines, in the transaction that accepts the quote.

        Called in superuser mode, the quote locked and ``_get_options_error`` asked.

        :param list line_ids: ids of the options that the client takes
        """
        self.ensure_one()
        options = self._get_option_lines().filtered(lambda line: line.id in line_ids)
        if options:
            options = options.with_context(**self._gated().env.context)
            # Once it is sold, nothing else tells an option typed by hand from any other line.
            by_hand = options.filtered(lambda line: not line.is_from_estimate)
            by_hand.write({"estimate_figures": {"optional": True}})
            # A quantity would ask the price list again: what was approved is what is sold.
            kept = [options._fields[name] for name in ("price_unit", "discount")]
            with self.env.protecting(kept, options):
                options.write({"product_uom_qty": 1.0})
