import re

from odoo import api, models

from ..const import MARGIN_GROUPS

# Attributes of a node of a view that may depend on a figure.
MODIFIERS = re.compile(r"^(invisible|readonly|required|column_invisible|domain|decoration-.*)$")


# Nodes that are nothing without what is inside.
WRAPPERS = {"div", "group", "page", "span", "setting"}


class QuoteCostAccessMixin(models.AbstractModel):
    """Costs and margins are for some eyes only, when the company says so.

    Field groups decide who may ever read them; ``res.company.quote_show_costs`` then takes them
    from salespeople, on every route: read, search, group, export, views. Whoever works in several
    companies at once reads them when all of these show them.
    """

    _name = "quote.cost.access.mixin"
    _description = "Access to costs and margins"

    # Groups that read the figures whatever the company says.
    _cost_reader_groups = MARGIN_GROUPS

    @api.model
    def _get_cost_fields(self):
        """Return the names of the fields from which a cost or a margin can be told.

        An overrider returns the union of ``super()`` and its own names.

        :rtype: frozenset
        """
        return frozenset()

    def _post_model_setup__(self):
        result = super()._post_model_setup__()
        # Asked for each field of each record: known once for all.
        type(self)._cost_field_names = self._get_cost_fields()
        return result

    @api.model
    def _sees_costs(self):
        """Return whether the user may read costs and margins of this model.

        :rtype: bool
        """
        if self.env.su or all(self.env.companies.sudo().mapped("quote_show_costs")):
            return True
        return self.env.user.has_groups(self._cost_reader_groups)

    @api.model
    def _has_field_access(self, field, operation):
        if field.name in self._cost_field_names and not self._sees_costs():
            return False
        return super()._has_field_access(field, operation)

    def _add_precomputed_values(self, vals_list):
        """Compute hidden figures of new records all the same."""
        model = self if self._sees_costs() else self.sudo()
        return super(QuoteCostAccessMixin, model)._add_precomputed_values(vals_list)

    # === VIEWS === #

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        key = super()._get_view_cache_key(view_id, view_type, **options)
        return (*key, self._sees_costs())

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Leave out what the user may not read, and what depends on it."""
        arch, view = super()._get_view(view_id, view_type, **options)
        if not self._sees_costs():
            self._remove_hidden_nodes(arch, self._get_hidden_names())
        return arch, view

    @api.model
    def _get_hidden_names(self):
        """Return the names of the fields that the user may not read on this model.

        :rtype: set(str)
        """
        names = self._get_cost_fields() & self._fields.keys()
        return {name for name in names if not self._has_field_access(self._fields[name], "read")}

    @api.model
    def _remove_hidden_nodes(self, node, names):
        """Remove from a view the nodes that show or ask for hidden fields, lists inside included.

        :param node: the etree node of this model's view, or of a part of it
        :param set names: names of hidden fields
        :return: whether nothing is left in the node
        :rtype: bool
        """
        pattern = re.compile(rf"\b({'|'.join(sorted(names)) or '(?!)'})\b")
        children = list(node)
        for child in children:
            if self._is_hidden_node(child, names, pattern):
                node.remove(child)
                continue
            field = self._fields.get(child.get("name")) if child.tag == "field" else None
            if field is None or not len(child) or not field.comodel_name:
                if self._remove_hidden_nodes(child, names) and child.tag in WRAPPERS:
                    node.remove(child)
            elif hasattr(self.env[field.comodel_name], "_get_hidden_names"):
                comodel = self.env[field.comodel_name]
                comodel._remove_hidden_nodes(child, comodel._get_hidden_names())
        return bool(children) and not len(node)

    @api.model
    def _is_hidden_node(self, node, names, pattern):
        """Return whether a node shows a hidden field, or depends on one.

        :param node: the etree node
        :param set names: names of hidden fields
        :param pattern: the compiled expression that finds these names
        :rtype: bool
        """
        shown = {"field": node.get("name"), "label": node.get("for")}.get(node.tag)
        return shown in names or any(
            MODIFIERS.match(key) and pattern.search(value) for key, value in node.attrib.items()
        )
