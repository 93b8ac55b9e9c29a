from odoo import api, fields, models

from ..tools.fingerprint import FINGERPRINT_VERSION


class QuoteContentSnapshot(models.Model):
    """What a document said when a decision was asked or taken: to tell later what has changed.

    Nobody has a right on these rows: they hold costs and prices. Code reads them in superuser mode
    and shows what each person may read.
    """

    _name = "quote.content.snapshot"
    _description = "Content of a document at a decision"
    _inherit = ["quote.immutable.mixin"]
    _order = "id desc"

    res_model = fields.Char(required=True, readonly=True, export_string_translation=False)
    res_id = fields.Many2oneReference(
        string="Document", model_field="res_model", required=True, readonly=True
    )
    order_id = fields.Many2one(
        "sale.order",
        string="Quote",
        compute="_compute_order_id",
        store=True,
        precompute=True,
        index="btree_not_null",
        # What a draft that may be deleted said goes with it.
        ondelete="cascade",
    )
    # Large: read only when it is asked for.
    data = fields.Json(readonly=True, prefetch=False, export_string_translation=False)
    fingerprint = fields.Json(readonly=True, export_string_translation=False)
    fingerprint_version = fields.Integer(
        readonly=True, default=FINGERPRINT_VERSION, export_string_translation=False
    )

    _document_idx = models.Index("(res_model, res_id, id)")

    @api.depends("res_model", "res_id")
    def _compute_order_id(self):
        for snapshot in self:
            snapshot.order_id = snapshot.res_id if snapshot.res_model == "sale.order" else False

    @api.model
    def _keep(self, documents):
        """Keep what documents say now; what the last snapshot of one says already is kept once.

        :param documents: records of one model that inherits ``quote.validation.mixin``
        :return: one snapshot per document, in superuser mode, by id of document
        :rtype: dict
        """
        contents = documents._get_validation_contents()
        fingerprints = documents._get_validation_fingerprints(contents)
        kept = {
            key: snapshot_sudo
            for key, snapshot_sudo in self._get_last_snapshots(documents).items()
            if snapshot_sudo.fingerprint == fingerprints[key]
            and snapshot_sudo.fingerprint_version == FINGERPRINT_VERSION
        }
        new = documents.filtered(lambda document: document.id not in kept)
        values = [
            {
                "res_model": document._name,
                "res_id": document.id,
                "data": contents[document.id],
                "fingerprint": fingerprints[document.id],
                "fingerprint_version": FINGERPRINT_VERSION,
            }
            for document in new
        ]
        kept.update(zip(new.ids, self.sudo().create(values), strict=True))
        return kept

    @api.model
    def _get_last_snapshots(self, documents):
        """Return the newest snapshot of each document that has one.

        :param documents: records of one model
        :return: snapshots in superuser mode by id of document
        :rtype: dict
        """
        snapshots_sudo = self.sudo().search_fetch(
            [("res_model", "=", documents._name), ("res_id", "in", documents.ids)],
            ["res_id", "fingerprint", "fingerprint_version"],
            order="id",
        )
        return {snapshot_sudo.res_id: snapshot_sudo for snapshot_sudo in snapshots_sudo}
