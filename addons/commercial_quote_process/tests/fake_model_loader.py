"""odoo-test-helper, taught the names that Odoo 19 gave to its registry.

Its last release stops at Odoo 18. What this adapter does not override is the library's own.
"""

from unittest import mock

from odoo import models
from odoo.orm.model_classes import add_to_registry

if not hasattr(models.MetaModel, "module_to_models"):
    models.MetaModel.module_to_models = models.MetaModel._module_to_models__

from odoo_test_helper import FakeModelLoader as BaseFakeModelLoader  # noqa: E402


class FakeModelLoader(BaseFakeModelLoader):
    """Add models to the registry for the time of a test class."""

    def update_registry(self, odoo_models):
        registry = self.env.registry
        self.env.flush_all()
        names = [add_to_registry(registry, model)._name for model in odoo_models]
        with mock.patch.object(self.env.cr, "commit"):
            registry._setup_models__(self.env.cr, names)
            registry.init_models(self.env.cr, names, {"module": self._module_name})
        # Metadata of the fake models, so that access rights can be given to them.
        self.env["ir.model"]._reflect_models(names)

    def restore_registry(self):
        registry = self.env.registry
        fake_names = set(registry.models) - set(self._original_registry)
        for model in registry.models.values():
            for name in fake_names:
                model._inherit_children.discard(name)
        for name in fake_names:
            del registry.models[name]
        self._clean_module_to_model()
        registry._setup_models__(self.env.cr)
