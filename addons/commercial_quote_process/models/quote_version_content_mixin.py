from odoo import api, fields, models
from odoo.fields import Command


class QuoteVersionContentMixin(models.AbstractModel):
    """What a new version takes over from the one it is made from.

    A duplicate, which is a new deal, takes over what Odoo copies by itself. A version takes over
    the rest of the content as well: the fields named here, the costs and origins of the lines, and
    the estimate.
    """

    _name = "quote.version.content.mixin"
    _description = "Content of a version"

    @api.model
    def _get_version_fields(self):
        """Return the names of the fields of a quote that a version takes over, a duplicate not.

        An overrider returns the union of ``super()`` and its own names. A stored field of ours
        that is in no such list, and that Odoo does not copy, starts empty in each version; the
        tests ask for that decision to be taken (tests/test_step5_versions.py).

        :rtype: frozenset
        """
        return frozenset(
            {
                "client_order_ref",
                "commitment_date",
                "project_manager_id",
                "scope_agreed_on",
                "scope_agreed_with",
                "signer_id",
            }
        )

    def _prepare_version_values(self, reason, note, kind):
        """Return what a new version does not copy by itself.

        Called in superuser mode. Content is named in ``_get_version_fields``; an overrider adds
        values that are not simply those of this version.

        :param str reason: a key of ``version_reason``
        :param str note: what changes
        :param str kind: a key of ``version_kind``
        :rtype: dict
        """
        self.ensure_one()
        version = max(self._get_family_sudo().mapped("quote_version")) + 1
        # As they are read, not as they happen to be in memory: lines may share a sequence.
        lines = self._get_copiable_order_lines().sorted(lambda line: (line.sequence, line.id))
        return {
            **self._read_version_values(),
            "name": f"{self.quote_root_id.name}-V{version}",
            "quote_process": True,
            "quote_step": "scope",
            "quote_step_since": fields.Datetime.now(),
            "quote_version": version,
            "quote_root_id": self.quote_root_id.id,
            "previous_version_id": self.id,
            "version_reason": reason,
            "version_kind": kind,
            "version_note": note,
            "order_line": [
                Command.create({**values, **line._prepare_version_values()})
                for line, values in zip(lines, lines.copy_data(), strict=True)
            ],
        }

    def _read_version_values(self):
        """Return the fields that a version takes over, ready for ``create``.

        :rtype: dict
        """
        self.ensure_one()
        return {
            name: self._fields[name].convert_to_write(self[name], self)
            for name in self._get_version_fields()
        }

    def _copy_estimate(self):
        """Give a new version its own copy of the estimate, and its lines what they are made of."""
        self.ensure_one()
        original = self.previous_version_id.estimate_id
        estimate, copied_items = original._copy_for_version(self)
        costs, copies = (
            rows.sorted(lambda row: (row.sequence, row.id))
            for rows in (original.cost_ids, estimate.cost_ids)
        )
        copied_costs = dict(zip(costs.ids, copies.ids, strict=True))
        self.estimate_id = estimate
        self.order_line._follow_copies("estimate_item_id", copied_items)
        self.order_line._follow_copies("estimate_cost_id", copied_costs)
