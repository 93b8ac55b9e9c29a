from odoo import fields, models


class QuoteEstimateDependency(models.Model):
    """An item of the plan waits for another one: with a lag, the rows of ``depend_on_ids``.

    Nobody writes here: dependencies are written on the items, which are guarded.
    """

    _name = "quote.estimate.dependency"
    _description = "Dependency of a plan"
    # The table of quote.estimate.item.depend_on_ids, which fills the two first columns.
    _table = "quote_estimate_dependency"
    _log_access = False
    _rec_name = "depends_on_id"

    item_id = fields.Many2one("quote.estimate.item", required=True, ondelete="cascade")
    depends_on_id = fields.Many2one(
        "quote.estimate.item", string="After", required=True, index=True, ondelete="cascade"
    )
    lag = fields.Float(
        string="Lag (working days)",
        digits=(16, 2),
        help="Working days between the end of the one and the start of the other; less than zero"
        " when they overlap.",
    )

    _pair_uniq = models.UniqueIndex(
        "(item_id, depends_on_id)", "An item waits for another one once only."
    )
