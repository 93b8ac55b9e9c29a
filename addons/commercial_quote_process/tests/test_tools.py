import doctest
import importlib
import pkgutil

from odoo.tests import BaseCase, tagged

from .. import tools


@tagged("post_install", "-at_install")
class TestTools(BaseCase):
    """The plain Python of the addon: every example in its documentation holds."""

    def test_examples_of_every_tool_hold(self):
        for module_info in pkgutil.iter_modules(tools.__path__):
            module = importlib.import_module(f"{tools.__name__}.{module_info.name}")
            with self.subTest(tool=module_info.name):
                result = doctest.testmod(module, optionflags=doctest.IGNORE_EXCEPTION_DETAIL)
                self.assertTrue(result.attempted, "a tool without any example")
                self.assertFalse(result.failed)
