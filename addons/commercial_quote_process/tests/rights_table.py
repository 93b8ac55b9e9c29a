"""The rights of every role, read from the database, in the words of docs/rights.md."""

from odoo.fields import NO_ACCESS

MODULE = "commercial_quote_process"
OPERATIONS = ("read", "write", "create", "unlink")
# Who works with the addon, by the group that makes the role.
ROLES = {
    "base.group_public": "Visitor of the website",
    "base.group_portal": "Client (portal)",
    "base.group_user": "Employee without a role below",
    "project.group_project_user": "Project user",
    "project.group_project_manager": "Head of projects",
    "sales_team.group_sale_salesman": "Salesperson",
    "sales_team.group_sale_salesman_all_leads": "Salesperson (all documents)",
    "sales_team.group_sale_manager": "Sales manager",
    f"{MODULE}.group_quote_approver_commercial": "Commercial approver",
    f"{MODULE}.group_quote_approver_operational": "Operational approver",
    "base.group_system": "Administrator (settings)",
}
# Models of Odoo that the addon extends, and whose rights it adds to.
EXTENDED_MODELS = ("sale.order", "sale.order.line", "crm.lead")
DELIVERY_MODELS = ("project.project", "project.task", "project.milestone")
# What rules of Odoo let through, in words. Ours say it in their names, after the colon.
STOCK_RULES = {
    "sale.sale_order_rule_portal": "of the own company",
    "sale.sale_order_line_rule_portal": "of the own company",
    "sale.sale_order_personal_rule": "own and nobody's",
    "sale.sale_order_line_personal_rule": "own and nobody's",
    "sale_project.sale_order_line_rule_project_manager": "ordered services with a project",
    "crm.crm_rule_personal_lead": "own and nobody's",
    "project.project_project_rule_portal": "shared with one's company",
    "project.project_public_members_rule": "open to employees, or followed",
    "project.milestone_visibility_rule": "of projects open to employees, followed or managed",
    "project.project_milestone_rule_portal_project_sharing": "of projects shared with oneself",
    "project.task_visibility_rule": "of projects open to employees, followed or assigned",
    "project.task_visibility_rule_project_user": "of projects open to employees, followed or"
    " assigned",
    "project.ir_rule_private_task": "of projects open to employees, followed or assigned",
    "project.project_manager_all_project_tasks_rule": "of all projects, and one's own",
    "project.project_task_rule_portal": "of projects shared with one's company",
    "project.project_task_rule_portal_project_sharing": "of projects shared with oneself",
    "project_todo.task_edition_rule_internal": "own to-dos",
}
# The same of ours, where the name of the rule says who and not what; by the end of its identifier.
OWN_RULES = {
    "_template": "templates",
    "_template_author": "own templates",
    "_salesperson": "own quotes",
    "_substitute": "where one stands in",
}
# What global rules add for everybody, in words.
GLOBAL_RULES = {
    "rule_sale_order_client": "clients: offers of the process only once they were sent",
    "rule_sale_order_line_client": "clients: offers of the process only once they were sent",
    "rule_sale_order_delivery": "people without sales or accounting rights: offers of the process"
    " only once they are accepted",
    "rule_sale_order_line_delivery": "people without sales or accounting rights: offers of the"
    " process only once they are accepted",
    "rule_project_milestone_follower": "nobody: milestones that only invoice other lines at the"
    " same time as the one of a payment",
}
EVERYTHING = ("[(1, '=', 1)]", "[(1,'=',1)]")
INTRODUCTION = """\
# Rights

Generated from the database: `setup/rights_table` writes this file again, and a test fails while
the two differ.

A cell says which records the role reads, writes, creates or deletes; "–" is none at all. Roles add
up: whoever has two of them may do what either may. Guards come on top, and ask nobody's role: a
quote that waits, is approved, sent or accepted cannot be changed, and what has happened is never
rewritten. "Own projects" are those whose estimate one manages or contributes to.
"""


class RightsTable:
    """Reads access rights, record rules and field groups; writes them as Markdown."""

    def __init__(self, env):
        self.env = env(su=True, context={"lang": "en_US"})
        self.groups = {name: self.env.ref(name) for name in ROLES}
        self.modules = self._get_modules()

    def _get_modules(self):
        """Return the names of the modules that the addon brings along: no other one counts."""
        found = todo = self.env["ir.module.module"].search([("name", "=", MODULE)])
        while todo:
            todo = todo.dependencies_id.depend_id - found
            found |= todo
        names = set(found.mapped("name"))
        automatic = self.env["ir.module.module"].search(
            [("auto_install", "=", True), ("state", "=", "installed")]
        )
        return names | {
            module.name
            for module in automatic
            if set(module.dependencies_id.mapped("name")) <= names
        }

    # === WHAT THERE IS === #

    def get_own_models(self, transient=False):
        """Return the names of the models of the addon, in their order.

        :param bool transient: whether the dialogs are wanted
        :rtype: list(str)
        """
        return [
            name
            for name in sorted(self.env.registry)
            if self.env["ir.model"]._get(name).modules == MODULE
            and not self.env[name]._abstract
            and self.env[name]._transient == transient
        ]

    def get_own_fields(self, name):
        """Return the fields of a model that the addon defines or redefines.

        :rtype: list(odoo.fields.Field)
        """
        return [
            field for field in self.env[name]._fields.values() if MODULE in (field._modules or ())
        ]

    def _of_our_modules(self, records):
        names = records._get_external_ids()
        return records.filtered(
            lambda record: any(name.split(".")[0] in self.modules for name in names[record.id])
        )

    # === ONE CELL === #

    def _has_right(self, rights, group, operation):
        return any(
            right[f"perm_{operation}"]
            and (not right.group_id or right.group_id in group.all_implied_ids)
            for right in rights
        )

    def _get_scope(self, rights, rules, group, operation):
        """Return which records of a model a role may read, write, create or delete, in words."""
        if not self._has_right(rights, group, operation):
            return "–"
        mine = rules.filtered(
            lambda rule: rule.groups & group.all_implied_ids and rule[f"perm_{operation}"]
        )
        if not mine or any(rule.domain_force.strip() in EVERYTHING for rule in mine):
            return "all"
        words = dict.fromkeys(self._get_words(rule) for rule in mine.sorted("id"))
        return " + ".join(words)

    def _get_words(self, rule):
        xmlid = rule.get_external_id()[rule.id]
        if xmlid in STOCK_RULES:
            return STOCK_RULES[xmlid]
        for end, words in OWN_RULES.items():
            if xmlid.startswith(f"{MODULE}.") and xmlid.endswith(end):
                return words
        words = rule.name.partition(": ")[2]
        if not xmlid.startswith(f"{MODULE}.") or not words:
            raise AssertionError(f"Say in tests/rights_table.py what the rule {xmlid} lets through")
        return words

    # === TABLES === #

    def render(self):
        """Return the whole file.

        :rtype: str
        """
        parts = [INTRODUCTION, self._render_roles(), "## Records\n"]
        own = self.get_own_models()
        parts += [self._render_model(name) for name in (*EXTENDED_MODELS, *own, *DELIVERY_MODELS)]
        parts.append(self._render_dialogs())
        parts.append(self._render_fields((*EXTENDED_MODELS, *own, *DELIVERY_MODELS, "res.company")))
        return "\n".join(parts)

    def _render_table(self, head, rows):
        lines = [head, ["---"] * len(head), *rows]
        return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"

    def _render_roles(self):
        rows = []
        for group_name, role in ROLES.items():
            group = self.groups[group_name]
            implied = [
                ROLES[name]
                for name, other in self.groups.items()
                if other in group.all_implied_ids - group and name != "base.group_user"
            ]
            rows.append([role, f"`{group_name}`", ", ".join(implied) or "–"])
        return "## Roles\n\n" + self._render_table(["Role", "Group", "Is also"], rows)

    def _render_model(self, name):
        model = self.env["ir.model"]._get(name)
        rights = self._of_our_modules(model.access_ids.filtered("active"))
        rules = self._of_our_modules(model.rule_ids.filtered("active"))
        roles_by_scopes = {}
        for group_name, group in self.groups.items():
            scopes = tuple(self._get_scope(rights, rules, group, op) for op in OPERATIONS)
            if set(scopes) != {"–"}:
                roles_by_scopes.setdefault(scopes, []).append(ROLES[group_name])
        title = f"### {model.name} (`{name}`)\n"
        if not roles_by_scopes:
            return f"{title}\nNobody: only the addon itself reads and writes it.\n"
        rows = [[", ".join(roles), *scopes] for scopes, roles in roles_by_scopes.items()]
        table = self._render_table(["Role", "Read", "Write", "Create", "Delete"], rows)
        return f"{title}\n{self._render_global_rules(rules)}{table}"

    def _render_global_rules(self, rules):
        sentences = []
        everywhere = rules.filtered(lambda rule: not rule.groups)
        if any("company_ids" in rule.domain_force for rule in everywhere):
            sentences.append("Only of the companies that one works in.")
        for rule in everywhere.filtered(lambda rule: "company_ids" not in rule.domain_force):
            words = GLOBAL_RULES[rule.get_external_id()[rule.id].partition(".")[2]]
            sentences.append(f"{words[0].upper()}{words[1:]}.")
        return f"{' '.join(sentences)}\n\n" if sentences else ""

    def _render_dialogs(self):
        """Return who opens which dialog: each person only sees the own ones."""
        names_by_roles = {}
        for name in self.get_own_models(transient=True):
            model = self.env["ir.model"]._get(name)
            rights = self._of_our_modules(model.access_ids.filtered("active"))
            roles = tuple(
                role
                for group_name, role in ROLES.items()
                if self._has_right(rights, self.groups[group_name], "create")
            )
            names_by_roles.setdefault(roles, []).append(f"{model.name} (`{name}`)")
        rows = [[", ".join(names), ", ".join(roles)] for roles, names in names_by_roles.items()]
        title = (
            "## Dialogs\n\nEverybody reads and writes the dialogs that they opened themselves.\n"
        )
        return f"{title}\n{self._render_table(['Dialog', 'Opened by'], rows)}"

    def _render_fields(self, names):
        rows = []
        for name in names:
            fields_by_readers = {}
            costs = getattr(self.env[name], "_get_cost_fields", frozenset)()
            for field in self.get_own_fields(name):
                if readers := self._get_field_readers(field, field.name in costs):
                    fields_by_readers.setdefault(readers, []).append(f"`{field.name}`")
            rows += [
                [f"`{name}`", ", ".join(sorted(fields)), readers]
                for readers, fields in fields_by_readers.items()
            ]
        return (
            "## Fields that not every reader of the record reads\n\n"
            "Clients read no field that the addon adds to a quote, except whether it follows the"
            " process, its step, its version and when it was sent.\n\n"
            f"{self._render_table(['Model', 'Fields', 'Readers'], rows)}"
        )

    def _get_field_readers(self, field, is_cost):
        """Return who reads a field that has groups or tells a cost, in words; else None."""
        if field.groups == NO_ACCESS:
            return "Nobody: only the addon itself"
        if not field.groups and not is_cost:
            return None
        readers = "Whoever reads the record"
        if field.groups:
            readers = self._get_role_names(field.groups)
        if not is_cost:
            return readers
        hidden_for = self._get_role_names(self.env[field.model_name]._cost_reader_groups)
        return f"{readers}. In a company that hides costs from its salespeople: {hidden_for}"

    def _get_role_names(self, group_names):
        groups = [self.env.ref(name.strip()) for name in group_names.split(",")]
        return ", ".join(
            role
            for group_name, role in ROLES.items()
            if any(group in self.groups[group_name].all_implied_ids for group in groups)
        )
