import json
import re
from collections import defaultdict

from odoo.exceptions import AccessError, UserError
from odoo.tests import mute_logger, tagged

from .leak_common import CLIENT_FIELDS, COSTS, LeakCase
from .leak_forms import FormSweep
from .leak_methods import MethodSweep
from .leak_pages import PageSweep
from .rights_table import DELIVERY_MODELS, EXTENDED_MODELS

# Odoo says in the log what it refuses: thousands of lines here.
LOGGERS = ("odoo.models", "odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
MOST_RELATIONS = 12
REFUSALS = (AccessError, UserError, ValueError, KeyError)
NOTHING_TO_READ = "Nothing to read"


@tagged("post_install", "-at_install")
class TestLeakSweep(MethodSweep, PageSweep, FormSweep, LeakCase):
    """Nothing internal comes out, by whatever way people ask who are not to read it."""

    allow_inherited_tests_method = True

    def setUp(self):
        super().setUp()
        self.outsiders = self.portal_user | self.env.ref("base.public_user") | self.stranger

    def _get_answered(self, routes, **params):
        """Return which of these routes answered instead of refusing."""
        answered = []
        for route, ask in routes.items():
            try:
                answer = ask()
            except REFUSALS:
                continue
            # Odoo looks at nothing when there is no record to group: nothing comes out either.
            if route != "group" or answer:
                answered.append({"route": route, **params})
        return answered

    def _assert_tells_nothing(self, answer, **params):
        text = json.dumps(answer, default=str, ensure_ascii=False)
        with self.subTest(**params):
            self.assertFalse(self.pattern.search(text), text[:2000])

    def _get_shown_fields(self, records):
        """Return the names of the fields of ours that the user of some records may read."""
        return [
            field.name
            for field in self.table.get_own_fields(records._name)
            if records._has_field_access(field, "read")
        ]

    # === OUR MODELS === #

    @mute_logger(*LOGGERS)
    def test_outsiders_have_no_right_on_any_model_of_ours(self):
        own, answered = self._get_story_records(), []
        for name in [*own, *self.table.get_own_models(transient=True)]:
            records_sudo = own.get(name, self.env[name].sudo())
            for user in self.outsiders:
                records = records_sudo.with_user(user).sudo(False)
                model = records.browse()
                with self.subTest(model=name, user=user.name):
                    for operation in ("read", "write", "create", "unlink"):
                        self.assertFalse(model.has_access(operation), operation)
                routes = {
                    **(self._get_routes(records, "display_name") if records else {}),
                    "search": lambda model=model: model.search([]),
                    "create": lambda model=model: model.create([{}]),
                }
                answered += self._get_answered(routes, model=name, user=user.name)
        self.assertFalse(answered)

    def test_story_has_a_record_of_the_models_that_tell_most(self):
        own = self._get_story_records()
        for name in own:
            if name.startswith(("quote.validation", "quote.estimate", "quote.content")):
                self.assertTrue(own[name], name)
        for figure in (*COSTS, 17.77, 13.33):
            self.assertRegex(f"{figure:,.2f}", self.pattern)

    # === WHAT WE ADD TO MODELS OF ODOO === #

    def _get_extended_models(self):
        """Return the names of the models of Odoo with fields of ours, from the registry."""
        own = {*self.table.get_own_models(), *self.table.get_own_models(transient=True)}
        return [
            name
            for name in sorted(self.env.registry)
            if name not in own
            and not self.env[name]._abstract
            and not self.env[name]._transient
            and self.table.get_own_fields(name)
        ]

    def test_registry_names_the_models_that_are_swept(self):
        names = self._get_extended_models()
        self.assertLessEqual({*EXTENDED_MODELS, *DELIVERY_MODELS, "res.company"}, set(names))

    @mute_logger(*LOGGERS)
    def test_outsiders_reach_no_field_that_we_add(self):
        answered = []
        for name in self._get_extended_models():
            for user in self.outsiders:
                model = self.env[name].with_user(user)
                hidden = self._get_hidden_fields(name, user)
                if not model.has_access("read"):
                    with self.assertRaises(AccessError):
                        model.search([])
                    continue
                records = model.search([], limit=3)
                self.assertFalse(set(hidden) & model.fields_get().keys(), name)
                # Without a record that the person may read, Odoo looks at no field at all.
                for field_name in hidden if records else ():
                    answered += self._get_answered(
                        self._get_routes(records, field_name),
                        model=name,
                        user=user.name,
                        field=field_name,
                    )
                if shown := self._get_shown_fields(records):
                    self._assert_tells_nothing(records.read(shown), model=name, user=user.name)
        self.assertFalse(answered)

    @mute_logger(*LOGGERS)
    def test_outsiders_reach_nothing_through_relations(self):
        """Domains with a path: every relation that somebody may ask, to every hidden field."""
        own = set(self.table.get_own_models())
        targets, answered = own | {*self._get_extended_models()}, []
        for user in self.outsiders:
            hidden = {
                name: ["write_date"] if name in own else self._get_hidden_figures(name, user)
                for name in targets
            }
            for field in self._get_relations(user, targets):
                for name in hidden[field.comodel_name]:
                    answered += self._get_answered(
                        self._get_relation_routes(user, field, name),
                        user=user.name,
                        relation=str(field),
                        field=name,
                    )
        self.assertFalse(answered)

    def _get_hidden_figures(self, name, user):
        """Return the stored ones of the hidden fields that hold numbers, and one more."""
        fields = [self.env[name]._fields[field] for field in self._get_hidden_fields(name, user)]
        figures = [
            field.name
            for field in fields
            if field.store and field.type in ("float", "monetary", "integer")
        ]
        return {*figures, *(field.name for field in fields[:1])}

    def _get_relation_routes(self, user, field, name):
        model, path = self.env[field.model_name].with_user(user), f"{field.name}.{name}"
        return {
            "path": lambda: model.search([(path, "!=", False)], limit=1),
            "any": lambda: model.search([(field.name, "any", [(name, "!=", False)])], limit=1),
            "order": lambda: model.search([], order=path, limit=1),
            "group": lambda: model.formatted_read_group([], [path], ["__count"]),
            "web_read": lambda: self._read_through(model, field, name),
        }

    def _get_relations(self, user, targets):
        """Return the relations of models that a user may read to models with fields of ours."""
        fields = defaultdict(list)
        for name in sorted(self.env.registry):
            model = self.env.registry[name]
            records = self.env[name].with_user(user)
            if model._abstract or model._transient or not records.has_access("read"):
                continue
            for field in model._fields.values():
                if (
                    field.comodel_name in targets
                    and field.store
                    and records._has_field_access(field, "read")
                ):
                    fields[field.comodel_name].append(field)
        # Companies are behind nearly every model: a few ways to them stand for all.
        return [field for found in fields.values() for field in found[:MOST_RELATIONS]]

    def _read_through(self, model, field, name):
        records = model.search([(field.name, "!=", False)], limit=3)
        if not records:
            raise UserError(NOTHING_TO_READ)
        return records.web_read({field.name: {"fields": {name: {}}}})

    # === A COMPANY THAT HIDES COSTS === #

    @mute_logger(*LOGGERS)
    def test_salespeople_of_a_company_that_hides_costs_reach_none(self):
        self.company.quote_show_costs = False
        self.env.flush_all()
        self.env.invalidate_all()
        swept, answered = 0, []
        for name in self.env.registry:
            model = self.env[name].with_user(self.salesperson)
            if not hasattr(model, "_get_cost_fields") or model._abstract or model._transient:
                continue
            names = model._get_cost_fields() & model._fields.keys()
            if not names or not model.has_access("read"):
                continue
            records = model.search([], limit=5)
            self.assertFalse(names & model.fields_get().keys(), name)
            for field_name in names:
                swept += 1
                answered += self._get_answered(
                    self._get_routes(records, field_name), model=name, field=field_name
                )
        self.assertFalse(answered)
        self.assertGreater(swept, 30)

    def test_answers_of_the_server_tell_no_figure_where_costs_are_hidden(self):
        self.company.quote_show_costs = False
        self.env.flush_all()
        self.env.invalidate_all()
        order = self.second.with_user(self.salesperson).sudo(False)
        # The words of approvers are for salespeople; the figures are not.
        self.pattern = re.compile(self.pattern.pattern.replace("Zx7secret|", "", 1))
        for label, ask in {
            "decision": order.get_decision_data,
            "comparison": lambda: order.get_comparison(self.first.id),
            "editor": order.estimate_id.get_editor_data,
            "order": lambda: order.read(self._get_shown_fields(order)),
            "lines": lambda: order.order_line.read(self._get_shown_fields(order.order_line)),
            "validations": order.validation_ids.read,
            "estimate": order.estimate_id.read,
            "workload": order.estimate_id.workload_ids.read,
            "costs": order.estimate_id.cost_ids.read,
            "rates": order.env["quote.role.rate"].search([]).read,
            "company": lambda: order.company_id.read(self._get_shown_fields(order.company_id)),
            "messages": lambda: (
                order.env["mail.message"]
                .search([("model", "=", "sale.order"), ("res_id", "in", order.version_ids.ids)])
                .read(["body", "subject", "preview"])
            ),
        }.items():
            self._assert_tells_nothing(ask(), route=label)

    def test_dialogs_of_others_answer_nobody_else(self):
        """Public methods that tell figures, asked by people who have nothing to do with it."""
        for user in (*self.outsiders, self.other_salesperson, self.other_project_manager):
            order = self.second.with_user(user).sudo(False)
            estimate = self.estimate.with_user(user).sudo(False)
            for ask in (
                order.get_decision_data,
                lambda order=order: order.get_comparison(self.first.id),
                estimate.get_editor_data,
            ):
                with self.subTest(user=user.name), self.assertRaises(AccessError):
                    ask()

    def test_client_fields_are_named_once(self):
        self.assertEqual(self.env["sale.order"]._get_client_fields(), CLIENT_FIELDS["sale.order"])
