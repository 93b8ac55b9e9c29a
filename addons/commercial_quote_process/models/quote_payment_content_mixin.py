from odoo import api, models
from odoo.fields import Command

PAYMENT_FIELDS = (
    "delay_days",
    "due_date",
    "item_id",
    "name",
    "order_id",
    "percent",
    "sequence",
    "trigger",
)


class QuotePaymentContentMixin(models.AbstractModel):
    """The payment schedule as content: fingerprint, words for its changes, versions."""

    _name = "quote.payment.content.mixin"
    _description = "Content of a payment schedule"

    # === CONTENT === #

    @api.model
    def _get_commercial_fields(self):
        return super()._get_commercial_fields() | {"payment_row_ids"}

    def _prefetch_content(self):
        result = super()._prefetch_content()
        self._prefetch_rows("payment_row_ids", PAYMENT_FIELDS)
        return result

    def _get_terms_content(self):
        content = super()._get_terms_content()
        rank = self.estimate_id._get_item_ranks() if self.payment_row_ids else {}
        schedule = [
            {
                "name": row.name,
                "percent": row.percent,
                "trigger": row.trigger,
                **({"item": rank.get(row.item_id.id, -1)} if row.item_id else {}),
                **({"date": str(row.due_date)} if row.due_date else {}),
                **({"days": row.delay_days} if row.delay_days else {}),
            }
            for row in self.payment_row_ids
        ]
        return {**content, "schedule": schedule} if schedule else content

    def _say_terms_change(self, change, currency):
        if change["code"] != "payment_schedule":
            return super()._say_terms_change(change, currency)
        words = {
            key: ", ".join(
                f"{self._format_share(row['percent'])} {row['name']}" for row in change[key] or ()
            )
            or self.env._("none")
            for key in ("before", "after")
        }
        return self.env._(
            "The payment schedule has changed: %(after)s (before: %(before)s)", **words
        )

    def _say_schedule(self):
        """Return the payment schedule in a line. In superuser mode.

        :rtype: str
        """
        return ", ".join(
            f"{self._format_share(row.percent)} {row.name}" for row in self.payment_row_ids
        )

    def _describe_terms(self):
        label = self._fields["payment_row_ids"]._description_string(self.env)
        return {**super()._describe_terms(), label: self._say_schedule()}

    def _get_decision_facts(self):
        return {
            **super()._get_decision_facts(),
            "payment_schedule": self.sudo()._say_schedule(),
        }

    # === VERSIONS === #

    def _prepare_version_values(self, reason, note, kind):
        names = set(PAYMENT_FIELDS) - {"order_id"}
        rows = [
            Command.create(
                {name: row._fields[name].convert_to_write(row[name], row) for name in names}
            )
            for row in self.payment_row_ids
        ]
        values = super()._prepare_version_values(reason, note, kind)
        return {**values, "payment_row_ids": rows} if rows else values

    def _copy_estimate(self):
        """The payments of a new version wait for the milestones of its own plan."""
        result = super()._copy_estimate()
        if self.payment_row_ids.item_id:
            ranks = self.previous_version_id.estimate_id._get_item_ranks()
            copies = {rank: key for key, rank in self.estimate_id._get_item_ranks().items()}
            for row in self._gated().payment_row_ids.filtered("item_id"):
                row.item_id = copies.get(ranks.get(row.item_id.id), False)
        return result
