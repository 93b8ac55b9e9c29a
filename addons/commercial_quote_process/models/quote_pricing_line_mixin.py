from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command

from .quote_pricing_layout_mixin import SECTION_KINDS


class QuotePricingLineMixin(models.AbstractModel):
    """From priced rows to the lines of the quote; lines added by hand stay where they are."""

    _name = "quote.pricing.line.mixin"
    _description = "Lines of a priced quote"

    # === WRITING === #

    def _replace_estimate_lines(self, rows):
        """Write the lines that sell the estimate: new ones, changed ones, and those gone.

        A line keeps its place, and what a person changed of its text, product and taxes. The
        quantity of a line is 1, so that its unit price and its unit cost are the row's to the
        cent, whatever the number of days; a line outside the total has quantity 0.

        :param list rows: see ``_get_priced_rows``
        :raise UserError: when a service is missing, or the quote is closed
        """
        self.ensure_one()
        self.check_access("write")
        self._check_content_editable("commercial")
        order_sudo = self.sudo()
        products = order_sudo._get_row_products(rows)
        known = order_sudo._get_lines_by_key()
        arranged = order_sudo._arrange_lines(order_sudo._add_sections(rows), known)
        defaults = order_sudo._get_product_defaults(products)
        commands, sequence = [], 9
        for line, row in arranged:
            sequence = max(sequence + 1, line.sequence if line else 0)
            values = {"sequence": sequence}
            if row:
                values |= order_sudo._prepare_estimate_line_values(row, line, products)
            if not line:
                usual = defaults.get(values.get("product_id"), {})
                commands.append(Command.create({**usual, **values}))
            elif changes := line._get_changes(values):
                commands.append(Command.update(line.id, changes))
        kept = {line.id for line, _row in arranged}
        commands += [Command.delete(line.id) for line in known.values() if line.id not in kept]
        # Checked above, and counted once for all lines.
        order_sudo._gated().write({"order_line": commands})

    def _get_lines_by_key(self):
        """Return the lines made from the estimate by the key of the row they sell.

        :rtype: dict
        """
        self.ensure_one()
        return {
            self._get_row_key(line._get_row()): line
            for line in self._get_ordered_lines()
            if line.is_from_estimate
        }

    def _get_ordered_lines(self):
        return self.order_line.sorted(lambda line: (line.sequence, line.id))

    def _get_row_products(self, rows):
        """Return the service that each row sells: its role's, when one role does it all.

        :param list rows: see ``_replace_estimate_lines``
        :return: ``product.product`` by key of the row
        :rtype: dict
        :raise UserError: when a row has no role's service, and the company none either
        """
        roles = self.env["project.role"].union(*(row["roles"] for row in rows))
        rates_sudo = self.estimate_id._get_role_rates(roles)
        usual = self.company_id.quote_service_product_id
        products = {}
        for row in rows:
            own = {
                rates_sudo[role].product_id or usual for role in row["roles"] if role in rates_sudo
            }
            products[row["key"]] = own.pop() if len(own) == 1 else usual
        if not all(products.values()):
            raise UserError(
                self.env._(
                    "No service is chosen for the lines made from estimates: choose one in the"
                    " settings of Sales, under Commercial offers."
                )
            )
        return products

    def _get_product_defaults(self, products):
        """Return what Odoo would find for each line by a query, found once per product.

        :param dict products: see ``_get_row_products``
        :return: values of a new line by id of its product
        :rtype: dict
        """
        lines = [
            self.order_line.new({"order_id": self.id, "product_id": product.id})
            for product in set(products.values())
        ]
        return {
            line.product_id.id: {"analytic_distribution": line.analytic_distribution}
            for line in lines
        }

    def _prepare_estimate_line_values(self, row, line, products):
        """Return the values of the line that sells a row, its place apart.

        :param dict row: see ``_get_priced_rows``
        :param line: the ``sale.order.line`` that already sells it, may be empty
        :param dict products: see ``_get_row_products``
        :rtype: dict
        """
        figures = line.estimate_figures or {}
        product = products.get(row["key"], self.env["product.product"])
        values = {
            "estimate_item_id": row["item"].id,
            "estimate_role_id": row["role"].id,
            "estimate_cost_id": row["rebilled_cost"].id,
            "estimate_row_kind": row["kind"],
            "estimate_figures": self._prepare_line_figures(row, product),
            "is_from_estimate": True,
        }
        is_text_free = line and line.name != figures.get("name", line.name)
        values["name"] = line.name if is_text_free else row["name"]
        if row["kind"] in SECTION_KINDS:
            kind = {} if line else {"display_type": "line_section"}
            return {**values, **kind, "is_optional": row["optional"]}
        if not line or line.product_id.id == figures.get("product", line.product_id.id):
            values["product_id"] = product.id
        return {
            **values,
            "product_uom_qty": 0.0 if row["optional"] else 1.0,
            "price_unit": self._get_unit_price(row["price"], product, line),
            "discount": 0.0,
            "purchase_price": row["cost"],
        }

    def _prepare_line_figures(self, row, product):
        """Return what a line remembers of its pricing, to tell later what a person changed.

        :param dict row: see ``_get_priced_rows``
        :param product: the ``product.product`` chosen for it
        :rtype: dict
        """
        return {
            "name": row["name"],
            "product": product.id,
            "days": row["days"],
            "price": row.get("price", 0.0),
            "optional": row["optional"],
            "manual": row.get("manual") is not None,
        }

    def _get_unit_price(self, price, product, line):
        """Return the unit price at which a line without taxes comes to a price.

        :param float price: without taxes
        :param product: the ``product.product`` of the line
        :param line: the ``sale.order.line``, may be empty
        :rtype: float
        """
        taxes = line.tax_ids
        if not line:
            own = product.taxes_id._filter_taxes_by_company(self.company_id)
            taxes = self.fiscal_position_id.map_tax(own)
        included = taxes.filtered("price_include")
        if not included:
            return price
        return included.compute_all(
            price, self.currency_id, 1.0, product, self.partner_id, handle_price_include=False
        )["total_included"]
