from odoo import models


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _get_translation_frontend_modules_name(cls):
        """Translate the signature form, which runs on the client's page."""
        return [*super()._get_translation_frontend_modules_name(), "commercial_quote_process"]
