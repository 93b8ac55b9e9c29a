import inspect

from odoo.tests import TransactionCase, tagged

# Replaced on purpose: nothing of what Odoo does there is wanted.
REPLACED = {"write", "unlink", "_compute_display_name", "get_import_templates"}


def _is_ours(python_class):
    return ".commercial_quote_process." in python_class.__module__


def _get_source(attribute):
    function = getattr(attribute, "__func__", attribute)
    return inspect.getsource(inspect.unwrap(function))


@tagged("post_install", "-at_install")
class TestNames(TransactionCase):
    """What we add to Odoo's models extends them, and never stands in the way of what is there."""

    def test_no_method_of_odoo_is_hidden(self):
        hidden = {
            f"{model_name}.{name} ({python_class.__module__})"
            for model_name, model in self.env.registry.items()
            for rank, python_class in enumerate(model.__mro__)
            if _is_ours(python_class)
            for name in self._get_method_names(python_class)
            if any(
                name in vars(parent) and not _is_ours(parent)
                for parent in model.__mro__[rank + 1 :]
                if parent.__module__.startswith("odoo.")
            )
            and "super(" not in _get_source(vars(python_class)[name])
        }
        self.assertFalse(hidden)

    def _get_method_names(self, python_class):
        return {
            name
            for name, attribute in vars(python_class).items()
            if inspect.isfunction(attribute) or isinstance(attribute, classmethod)
            if name not in REPLACED and not name.startswith("__")
        }

    def test_no_field_of_ours_is_required_in_a_table_of_odoo(self):
        """Odoo creates such rows while it loads modules, before it knows our defaults."""
        fields = self.env["ir.model.fields"].search([("required", "=", True), ("store", "=", True)])
        required = {
            f"{field.model}.{field.name}"
            for field in fields
            if field.modules == "commercial_quote_process"
            and self.env["ir.model"]._get(field.model).modules != "commercial_quote_process"
        }
        self.assertFalse(required)
