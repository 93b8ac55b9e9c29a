import inspect
from itertools import product

from odoo.exceptions import AccessError, UserError

from .rights_table import MODULE

REFUSALS = (AccessError, UserError, ValueError, TypeError)
# Odoo's own methods that ours only add to: its suites look after who may call them.
STOCK_METHODS = {
    "copy_data",
    "create",
    "default_get",
    "fields_get",
    "message_post",
    "message_subscribe",
    "onchange",
    "unlink",
    "write",
}
# What opens a dialog or a screen on a document that the person may read anyway.
HARMLESS_METHODS = {"action_decide", "get_import_templates"}


class MethodSweep:
    """Every public method of the addon, called by people who have nothing to do with the deal."""

    def _get_public_methods(self, name):
        """Return the names of the methods of a model that the addon defines and anybody calls.

        :rtype: list(str)
        """
        found = set()
        for base in type(self.env[name]).__mro__:
            if not base.__module__.startswith(f"odoo.addons.{MODULE}."):
                continue
            for method_name, method in vars(base).items():
                if (
                    inspect.isfunction(method)
                    and not method_name.startswith("_")
                    and not getattr(method, "_api_private", False)
                ):
                    found.add(method_name)
        return sorted(found - STOCK_METHODS)

    def _get_arguments(self, method):
        """Return what a caller who knows nothing may send: every required argument, filled in."""
        fillers = {"other_id": self.first.id, "reason": "other", "part": "both", "parts": "both"}
        return [
            fillers.get(parameter.name, "x")
            for parameter in list(inspect.signature(method).parameters.values())
            if parameter.default is parameter.empty
            and parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD)
        ]

    def _get_state(self):
        """Return what a call could have moved."""
        self.env.flush_all()
        self.env.invalidate_all()
        orders_sudo = (self.first | self.second).sudo()
        family_sudo = orders_sudo.search([("quote_root_id", "in", orders_sudo.quote_root_id.ids)])
        return (
            family_sudo.mapped(lambda o: (o.id, o.quote_step, o.content_revision, o.write_date)),
            family_sudo.estimate_id.mapped(lambda e: (e.state, e.write_date)),
            family_sudo.validation_ids.mapped(lambda v: (v.id, v.state)),
            family_sudo.activity_ids.ids,
            family_sudo.question_ids.ids,
        )

    def test_public_methods_do_nothing_for_outsiders(self):
        records_by_model = {
            "sale.order": self.second,
            "crm.lead": self.second.sudo().opportunity_id,
            "project.project": self.env["project.project"].search([], limit=1),
            **self._get_story_records(),
        }
        before, answered, called = self._get_state(), [], 0
        users = self.outsiders | self.other_salesperson | self.other_project_manager
        for name, records_sudo in records_by_model.items():
            if not records_sudo:
                continue
            for method_name, user in product(self._get_public_methods(name), users):
                records = records_sudo[:1].with_user(user).sudo(False)
                method = getattr(records, method_name)
                called += 1
                try:
                    answer = method(*self._get_arguments(method))
                except REFUSALS:
                    continue
                self._assert_tells_nothing(answer, model=name, method=method_name)
                answered.append((name, method_name, user.login, answer))
        self.assertGreater(called, 100)
        self.assertEqual(before, self._get_state())
        self.assertFalse([call for call in answered if call[1] not in HARMLESS_METHODS])
