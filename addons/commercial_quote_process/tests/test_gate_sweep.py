"""Every field, every role, every channel: what was approved never changes without a decision.

The attempts are generated from the registry. A field that somebody adds is attacked from that day
on, and fails here until ``tools.field_decisions`` says what may become of it.
"""

import inspect
import json
from contextlib import closing
from functools import cache, partial
from itertools import cycle, product
from unittest.mock import patch

from psycopg2 import Error as DatabaseError

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..models import quote_estimate_content_mixin, quote_offer_content_mixin, sale_order_line
from ..tools.field_decisions import (
    CLOSED_DECISIONS,
    DISCUSSION_FIELDS,
    FIELD_DECISIONS,
    LOG_FIELDS,
    get_decision,
    get_fields,
)
from .client_common import GIF, ClientMixin
from .common import QuoteProcessCase

ADDON = "commercial_quote_process"
# Values that a browser can send: the last ones are our own passes, as far as JSON can name them.
CONTEXTS = (
    {},
    {"_force_unlink": True, "install_mode": True, "import_file": True},
    {"active_test": False, "tracking_disable": True, "mail_create_nolog": True},
    {"quote_gate_pass": True, "quote_plan_pass": True, "skip_validation_check": True},
    {"quote_gate_pass": "GATE_PASS", "quote_plan_pass": {"a": 1}, "mark_so_as_sent": True},
    {"force_price_recomputation": True, "module": ADDON, "uid": 1, "su": True},
)
# These follow whoever works on the quote, and say nothing of what was decided.
MOVING_FIELDS = ("content_revision", "quote_turn_user_id")
# Who writes what, and knows how.
AUTHORS = {
    "sale.order": "claire",
    "sale.order.line": "claire",
    "quote.estimate": "paul",
    "quote.estimate.item": "paul",
    "quote.estimate.workload": "paul",
    "quote.estimate.cost": "paul",
    "quote.requirement": "paul",
    "quote.validation": "sophie",
}
# A sales manager unlocks what was signed, which is told: see TestSignedContent.
ALLOWED = {("accepted", "sale.order", "locked", "irene")}
PLAIN_VALUES = {
    "binary": GIF,
    "char": "Forged",
    "date": "2031-03-04",
    "datetime": "2031-03-04 05:06:07",
    "html": "<p>Forged</p>",
    "json": {"forged": 1},
    "many2one_reference": 1,
    "text": "Forged",
}


class SweepCase(ClientMixin, QuoteProcessCase):
    """One quote per step, its documents, the people, and a way to see what an attempt did."""

    steps = ("validation", "ready", "sent", "accepted", "cancelled")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._setup_terms()
        cls.administrator = new_test_user(
            cls.env, login="cqp_admin", name="Administrator", groups="base.group_system"
        )
        cls.people = {
            "claire": cls.salesperson,
            "hugo": cls.other_salesperson,
            "paul": cls.project_manager,
            "sophie": cls.commercial_approver,
            "marc": cls.operational_approver,
            "irene": cls.sales_manager,
            "julie": cls.portal_user,
            "admin": cls.administrator,
        }
        cls.orders = {step: cls._create_sweep_quote(step) for step in cls.steps}
        cls.draft = cls._create_quote_at("financial")
        cls.env.flush_all()

    @classmethod
    def _create_sweep_quote(cls, step):
        lead = cls._create_lead()
        cls.env["quote.requirement"].create({"lead_id": lead.id, "name": "Open formats"})
        order = cls._create_quote_at(
            {"accepted": "sent", "cancelled": "ready"}.get(step, step), lead=lead
        )
        if step == "accepted":
            cls._sign(cls, order)
        elif step == "cancelled":
            order.action_cancel()
        return order

    # === DOCUMENTS === #

    def _get_documents(self, order):
        """Return the records of a quote that carry content, by model."""
        order_sudo = order.sudo()
        estimate_sudo = order_sudo.estimate_id
        return {
            "sale.order": order_sudo,
            "sale.order.line": order_sudo.order_line.filtered("product_id")[:1],
            "quote.estimate": estimate_sudo,
            "quote.estimate.item": estimate_sudo.item_ids.filtered("depend_on_ids")[:1],
            "quote.estimate.dependency": estimate_sudo.item_ids.dependency_ids[:1],
            "quote.estimate.workload": estimate_sudo.workload_ids[:1],
            "quote.estimate.cost": estimate_sudo.cost_ids[:1],
            "quote.requirement": order_sudo.opportunity_id.requirement_ids[:1],
        }

    def _get_decision_records(self, order):
        """Return the records that keep what was decided about a quote, whatever their model."""
        found = {}
        for name in sorted(self._get_decision_models()):
            model = self.env[name].sudo().with_context(active_test=False)
            if "order_id" in model._fields:
                domain = [("order_id", "=", order.id)]
            elif "res_model" in model._fields:
                domain = [("res_model", "=", "sale.order"), ("res_id", "=", order.id)]
            else:
                domain = []
            found[name] = model.search(domain, limit=1)
        return found

    def _get_decision_models(self):
        """Return the models whose rows are kept: nobody writes or deletes them."""
        kept = (self.registry["quote.history.mixin"], self.registry["quote.immutable.mixin"])
        return [
            name
            for name, model in self.registry.items()
            if issubclass(model, kept) and not model._abstract
        ]

    # === WHAT AN ATTEMPT DID === #

    def _get_facts(self, order):
        """Return what no attempt may change: the step, the content, what was decided about it."""
        self.env.flush_all()
        self.env.invalidate_all()
        order_sudo = order.sudo()
        rows_sudo = order_sudo.validation_ids.sorted("id")
        system = [
            name
            for name in sorted(order_sudo._get_system_fields())
            if name in order_sudo._fields and not order_sudo._fields[name].type.endswith("2many")
        ]
        return {
            **{name: order_sudo[name] for name in system if name not in MOVING_FIELDS},
            "state": order_sudo.state,
            "locked": order_sudo.locked,
            "team": order_sudo.team_id,
            "opportunity": order_sudo.opportunity_id,
            "signature": (order_sudo.signature, order_sudo.signed_by, order_sudo.signed_on),
            "totals": (order_sudo.amount_total, order_sudo.amount_untaxed, order_sudo.margin),
            "content": order_sudo._get_fingerprint(),
            "validations": [
                (row.id, row.state, row.decided_by_id, row.fingerprint) for row in rows_sudo
            ],
        }

    def _attempt(self, order, facts, attempt):
        """Return what an attempt changed, or None when it was refused; then take it back."""
        with closing(self.env.cr.savepoint()):
            try:
                attempt()
                self.env.flush_all()
            except (UserError, DatabaseError, ValueError):
                return None
            after = self._get_facts(order)
            return {name for name, value in facts.items() if after[name] != value}

    def _call(self, person, model, method, *args, context=None, **kwargs):
        """Call a method as the server does for a browser of this person: everything is JSON."""
        args, kwargs = json.loads(json.dumps([args, {**kwargs, "context": context or {}}]))
        records = self.env[model].with_user(self.people[person]).with_context({})  # pylint: disable=context-overridden
        return call_kw(records, method, args, kwargs)

    # === VALUES === #

    def _get_value(self, record, name):
        """Return a value that this field does not have, as a browser would send it."""
        field = record._fields[name]
        if field.type in PLAIN_VALUES:
            return PLAIN_VALUES[field.type]
        if field.type == "boolean":
            return not record[name]
        if field.type in ("integer", "float", "monetary"):
            return (record[name] or 0) + 7
        if field.type == "selection":
            return next((v for v in field.get_values(self.env) if v != record[name]), False)
        if field.type == "many2one":
            return self._get_other(field.comodel_name, record[name])
        return self._get_commands(record, name)

    def _get_other(self, model, current):
        key = (model, current.id)
        if key not in self.others:
            others = self.env[model].sudo().search([("id", "not in", current.ids)], limit=1)
            self.others[key] = others.id
        return self.others[key]

    def _get_commands(self, record, name):
        field = record._fields[name]
        rows = record[name]
        if field.type == "many2many":
            other = self._get_other(field.comodel_name, rows[:1])
            return [Command.link(other)] if other and not rows else [Command.clear()]
        return [Command.delete(rows[:1].id)] if rows else [Command.create({})]

    def setUp(self):
        super().setUp()
        self.others = {}


@tagged("post_install", "-at_install")
class TestFieldDecisions(SweepCase):
    """Each stored field has a decision, in one place, and the code follows it."""

    steps = ("ready",)

    def test_every_stored_field_of_ours_has_one_decision(self):
        for model, table in FIELD_DECISIONS.items():
            for name, field in self.env[model]._fields.items():
                decisions = [decision for decision, names in table.items() if name in names]
                with self.subTest(model=model, field=name):
                    self.assertLessEqual(len(decisions), 1, "two decisions on one field")
                    if field.store and ADDON in field._modules and "x_" != name[:2]:
                        self.assertEqual(
                            len(decisions), 1, "say in tools/field_decisions.py what may become"
                        )

    def test_fields_without_a_decision_count_as_content(self):
        order = self.orders["ready"]
        undecided = {**FIELD_DECISIONS["sale.order"], "free": frozenset()}
        with patch.dict(FIELD_DECISIONS, {"sale.order": undecided}):
            with self.assertRaisesRegex(UserError, "Withdraw the request"):
                order.write({"client_order_ref": "Forged"})
            # The code of another addon may keep its books on the quote.
            order.sudo().write({"client_order_ref": "Its own"})
        with (
            patch.object(sale_order_line, "FREE_FIELDS", frozenset()),
            self.assertRaisesRegex(UserError, "Withdraw the request"),
        ):
            order.order_line[:1].write({"customer_lead": 7})

    def test_nothing_that_an_approval_is_bound_to_is_free(self):
        bound = {
            "sale.order": quote_offer_content_mixin.ORDER_FIELDS,
            "sale.order.line": quote_offer_content_mixin.LINE_FIELDS,
            "quote.estimate": quote_estimate_content_mixin.ESTIMATE_FIELDS,
            "quote.estimate.item": quote_estimate_content_mixin.ITEM_FIELDS,
            "quote.estimate.workload": quote_estimate_content_mixin.WORKLOAD_FIELDS,
            "quote.estimate.cost": quote_estimate_content_mixin.COST_FIELDS,
        }
        for model, names in bound.items():
            for name in names:
                with self.subTest(model=model, field=name):
                    self.assertNotIn(get_decision(model, name), (None, "free"))

    def test_no_guarded_field_is_translated(self):
        """Translations are written beside ``write``: ``update_field_translations``."""
        for model in FIELD_DECISIONS:
            translated = [
                name
                for name, field in self.env[model]._fields.items()
                if field.translate and get_decision(model, name) != "free"
            ]
            self.assertFalse(translated, model)

    def test_hooks_agree_with_the_decisions(self):
        orders = self.env["sale.order"]
        for name in orders._get_system_fields():
            self.assertIn(get_decision("sale.order", name), ("system", None), name)
        for name in orders._get_guarded_fields():
            self.assertIn(
                get_decision("sale.order", name), ("content", "ruled", "derived", None), name
            )


@tagged("post_install", "-at_install")
class TestGateSweep(SweepCase):
    """Whatever a person sends, a quote that left its author's hands stays what it is."""

    # One attempt in so many, besides those of the authors: the deep run makes them all. A prime
    # number, so that each field meets other people and channels.
    stride = 97

    def _get_attempts(self, order):
        """Yield every attempt on the fields of a quote: label, decision and function."""
        documents = {**self._get_documents(order), **self._get_decision_records(order)}
        for model, record in documents.items():
            parents = self._get_parents(record)
            for name, field in record._fields.items():
                if not record or name in LOG_FIELDS | DISCUSSION_FIELDS:
                    continue
                if not (field.store or field.inverse):
                    continue
                value = self._get_value(record, name)
                if value is None:
                    continue
                channels = self._get_channels(record, name, value, parents)
                for person, (channel, send) in product(self.people, channels.items()):
                    yield (model, name, person, channel), send

    def _get_channels(self, record, name, value, parents):
        """Return the ways to write a value on an existing record, by name of the channel."""
        model = record._name
        channels = {
            "write": lambda person, context: self._call(
                person, model, "write", record.ids, {name: value}, context=context
            ),
            "web_save": lambda person, context: self._call(
                person, model, "web_save", record.ids, {name: value}, {}, context=context
            ),
        }
        if not isinstance(value, list | dict):
            channels["load"] = lambda person, context: self._load(
                person, record, name, value, context
            )
        for parent, parent_field in parents:
            channels[f"{parent._name}.{parent_field}"] = (
                lambda person, context, parent=parent, parent_field=parent_field: self._call(
                    person,
                    parent._name,
                    "write",
                    parent.ids,
                    {parent_field: [Command.update(record.id, {name: value})]},
                    context=context,
                )
            )
        return channels

    def _load(self, person, record, name, value, context):
        """Import a value, as a spreadsheet would; rows that fail come as an answer, no error."""
        column = f"{name}/.id" if record._fields[name].type == "many2one" else name
        result = self._call(
            person,
            record._name,
            "load",
            [".id", column],
            [[str(record.id), str(value)]],
            context=context,
        )
        if not result["ids"]:
            raise UserError(str(result["messages"]))

    def _get_parents(self, record):
        """Return the records whose one2many holds this one, with the name of that field."""
        parents = []
        if not record:
            return parents
        for model in (*FIELD_DECISIONS, "crm.lead"):
            for name, field in self.env[model]._fields.items():
                if field.type != "one2many" or field.comodel_name != record._name:
                    continue
                inverse = record._fields.get(field.inverse_name)
                if field.store and inverse is not None and inverse.type == "many2one":
                    parent = record[field.inverse_name]
                    parents += [(parent, name)] if parent else []
        return parents

    def _is_kept(self, step, model, name, person, channel):
        """Return whether this attempt is part of a run: an author's own, and one in ``stride``."""
        # Half of the fields once the quote is approved, the others once it was sent.
        own_step = ("ready", "sent")[hash_text(name) % 2]
        own = channel == "write" and person == AUTHORS.get(model) and step == own_step
        chosen = sum(map(hash_text, (step, model, name, person, channel))) % self.stride == 0
        return own or chosen

    @mute_logger("odoo.sql_db", "odoo.models.unlink", "odoo.orm.models")
    def test_no_attempt_on_a_field_changes_what_was_decided(self):
        made = 0
        for step, order in self.orders.items():
            facts = self._get_facts(order)
            for label, send in self._get_attempts(order):
                if not self._is_kept(step, *label):
                    continue
                person, context = label[2], CONTEXTS[made % len(CONTEXTS)]
                made += 1
                changed = self._attempt(order, facts, partial(send, person, context))
                if changed is None or (step, *label[:3]) in ALLOWED:
                    continue
                if changed or self._is_closed(label):
                    with self.subTest(step=step, attempt=label, context=context):
                        self.fail(f"went through, and changed {changed or 'nothing else'}")
        self.assertGreater(made, 500)

    def _is_closed(self, label):
        """Return whether people may never write this field, however it ends."""
        model, name, _person, _channel = label
        if model not in FIELD_DECISIONS:
            return True
        return get_decision(model, name) in CLOSED_DECISIONS


@tagged("post_install", "-at_install")
class TestRowSweep(SweepCase):
    """Rows are neither added to a closed quote nor taken from it, whoever asks and however."""

    def _get_row_values(self, order):
        """Return the values of one more row, by model; a browser sends them."""
        order_sudo = order.sudo()
        estimate = order_sudo.estimate_id
        task = estimate.item_ids.filtered(lambda item: item.kind == "task")[:1]
        return {
            "sale.order.line": {
                "order_id": order.id,
                "product_id": order_sudo.order_line.product_id[:1].id,
            },
            "quote.estimate.item": {"estimate_id": estimate.id, "name": "More", "kind": "task"},
            "quote.estimate.workload": {
                "estimate_id": estimate.id,
                "item_id": task.id,
                "role_id": self.roles[2].id,
                "days": 5,
            },
            "quote.estimate.cost": {"estimate_id": estimate.id, "family": "other", "name": "More"},
            "quote.requirement": {"lead_id": order_sudo.opportunity_id.id, "name": "More"},
            "quote.validation": {
                "res_model": "sale.order",
                "res_id": order.id,
                "state": "approved",
                "fingerprint": order_sudo._get_fingerprint(),
                "decided_by_id": self.commercial_approver.id,
            },
        }

    def _get_attempts(self, order):
        """Yield a label and a function of a person and a context for each attempt."""
        rows = self._get_row_values(order)
        for model, values in rows.items():
            yield (
                (model, "create"),
                partial(self._send, model, "create", values),
            )
            link = {"lead_id", "order_id", "estimate_id"} & values.keys()
            defaults = {f"default_{name}": values[name] for name in link}
            rest = {name: value for name, value in values.items() if name not in link}
            yield (
                (model, "default"),
                partial(self._send, model, "create", rest, defaults=defaults),
            )
        documents = {**self._get_documents(order), **self._get_decision_records(order)}
        for model, record in documents.items():
            if record:
                yield (model, "unlink"), partial(self._send, model, "unlink", record.ids)
                yield (model, "copy"), partial(self._send, model, "copy", record.ids)

    def _send(self, model, method, argument, person, context, defaults=None):
        return self._call(person, model, method, argument, context={**context, **(defaults or {})})

    @mute_logger("odoo.sql_db", "odoo.models.unlink", "odoo.orm.models")
    def test_no_row_comes_or_goes(self):
        made = 0
        for order in self.orders.values():
            facts = self._get_facts(order)
            for (model, method), send in self._get_attempts(order):
                people = {AUTHORS.get(model, "claire"), list(self.people)[made % len(self.people)]}
                for person in sorted(people):
                    context = CONTEXTS[made % len(CONTEXTS)]
                    made += 1
                    changed = self._attempt(order, facts, partial(send, person, context))
                    with self.subTest(step=order.quote_step, attempt=(model, method, person)):
                        self.assertFalse(changed, f"went through: {context}")

    @mute_logger("odoo.sql_db", "odoo.orm.models")
    def test_no_quote_is_born_decided(self):
        """A value, a default, an import or a copy brings nothing that a decision brings."""
        order = self.orders["sent"]
        base = {"partner_id": self.client.id, "team_id": self.team.id}
        people = cycle(("claire", "irene", "hugo"))
        for name in sorted(get_fields("sale.order", "system", "ruled", "derived")):
            value = self._get_value(order.sudo(), name)
            if value is None or name not in self.env["sale.order"]._fields:
                continue
            for method, arguments, context in (
                ("create", [{**base, name: value}], {}),
                ("create", [base], {f"default_{name}": value}),
                ("copy", [order.ids, {name: value}], {}),
            ):
                person = next(people)
                if method == "copy" and hash_text(name) % 3:
                    # A copy is the slowest of them: one field in three.
                    continue
                with self.subTest(field=name, person=person), closing(self.env.cr.savepoint()):
                    try:
                        made = self._call(person, "sale.order", method, *arguments, context=context)
                    except (UserError, DatabaseError, ValueError):
                        continue
                    self.assertIsDraft(made, name)

    def assertIsDraft(self, made, name):
        order_sudo = self.env["sale.order"].sudo().browse(made)
        self.env.flush_all()
        order_sudo.invalidate_recordset()
        step = "scope" if order_sudo.quote_process else False
        self.assertEqual((order_sudo.quote_step, order_sudo.state), (step, "draft"), name)
        self.assertEqual(
            order_sudo.amount_untaxed, sum(order_sudo.order_line.mapped("price_subtotal"))
        )
        for fact in ("sent_on", "signature", "signed_by", "signed_on", "locked", "validation_ids"):
            self.assertFalse(order_sudo[fact], f"{fact} given by {name}")

    @mute_logger("odoo.sql_db", "odoo.orm.models")
    def test_no_stranger_moves_a_quote(self):
        """Every public method of ours, called by people who have no say in this quote."""
        methods = self._get_own_actions()
        self.assertGreater(len(methods), 15)
        for step, person in zip(
            self.steps, cycle(("hugo", "paul", "julie", "admin")), strict=False
        ):
            order = self.orders[step]
            facts = self._get_facts(order)
            for method, arity in methods.items():
                arguments = ["commercial", "commercial", "scope"][:arity]
                changed = self._attempt(
                    order,
                    facts,
                    partial(self._call, person, "sale.order", method, order.ids, *arguments),
                )
                with self.subTest(step=step, person=person, method=method):
                    self.assertFalse(changed)

    def _get_own_actions(self):
        """Return the number of required arguments of each public method of ours, by name."""
        actions = {}
        for cls in self.registry["sale.order"].mro():
            if not cls.__module__.startswith(f"odoo.addons.{ADDON}."):
                continue
            for name, method in vars(cls).items():
                if name.startswith(("action_", "get_")) and callable(method):
                    parameters = list(inspect.signature(method).parameters.values())[1:]
                    required = [p for p in parameters if p.default is p.empty]
                    actions[name] = len(required)
        return actions


@tagged("-standard", "cqp_deep", "post_install", "-at_install")
class TestGateSweepComplete(TestGateSweep):
    """All attempts: each field, person and channel, at each step."""

    # Odoo runs inherited tests only where a class asks for it.
    allow_inherited_tests_method = True
    stride = 1


@cache
def hash_text(text):
    """Return a number for a text, the same in every run."""
    return sum(ord(letter) * (place + 1) for place, letter in enumerate(text))
