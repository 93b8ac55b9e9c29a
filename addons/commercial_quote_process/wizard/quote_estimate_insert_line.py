from odoo import api, fields, models


class QuoteEstimateInsertLine(models.TransientModel):
    """An item of the source, to be inserted or not."""

    _name = "quote.estimate.insert.line"
    _description = "Item to insert"
    _order = "id"

    insert_id = fields.Many2one("quote.estimate.insert", required=True, ondelete="cascade")
    item_id = fields.Many2one("quote.estimate.item", required=True, ondelete="cascade")
    is_selected = fields.Boolean(string="Take", default=True)
    # Named as in the plan, for the look of the plan
    name = fields.Char(related="item_id.name")
    kind = fields.Selection(related="item_id.kind")
    parent_id = fields.Many2one(related="item_id.parent_id")
    duration = fields.Float(related="item_id.duration")
    days = fields.Float(related="item_id.days")

    @api.depends("item_id")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line.item_id.name
