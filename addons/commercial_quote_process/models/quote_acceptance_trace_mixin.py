import re

from markupsafe import escape

from odoo import models
from odoo.tools import SQL


class QuoteAcceptanceTraceMixin(models.AbstractModel):
    """Where the person who signed is named beside the acceptance, and how the name goes.

    In what the process wrote about the versions of the quote, their opportunity and their project:
    histories, discussions, activities and mails that wait.
    """

    _name = "quote.acceptance.trace.mixin"
    _description = "Traces of persons who signed"

    def _get_family(self):
        """Return all versions of the quote that was accepted.

        :rtype: sale.order
        """
        self.ensure_one()
        return self.quote_root_id.quote_family_ids | self.order_id

    def _get_words_to_erase(self):
        """Return the names and addresses that are erased from the traces, the longest first.

        :rtype: list[str]
        """
        accesses = self._get_family().page_access_ids
        words = {self.signer_name, *accesses.mapped("name"), *accesses.mapped("email")}
        return sorted(filter(None, words - {"-"}), key=len, reverse=True)

    def _erase_traces(self, words):
        """Replace names and addresses wherever they stand. Called in superuser mode.

        In SQL: nothing of this may be written by a method, and nobody is told.

        :param list words: see ``_get_words_to_erase``
        """
        if not words:
            return
        self.env.flush_all()
        orders = self._get_family()
        self.env["quote.accept"].search([("order_id", "in", orders.ids)]).unlink()
        text, html = self._get_pattern(words), self._get_pattern(words, is_html=True)
        of_orders = SQL("order_id IN %s", tuple(orders.ids))
        self._erase_words("quote_step_log", {"reason": text}, of_orders)
        self._erase_words("quote_change_request", {"asked_by": text}, of_orders)
        activities = self._get_trace_condition("res_model")
        self._erase_words("mail_activity", {"summary": text, "note": html}, activities)
        messages = self._get_trace_condition("model")
        self._erase_words("mail_message", {"email_from": text, "body": html}, messages)
        of_messages = SQL("mail_message_id IN (SELECT id FROM mail_message WHERE %s)", messages)
        self._erase_words("mail_mail", {"body_html": html}, of_messages)
        self.env.invalidate_all()

    def _get_trace_condition(self, model_column):
        """Return the condition for rows that hang on the quotes, their opportunity or project.

        :param str model_column: name of the column with the name of the model
        :rtype: SQL
        """
        orders = self._get_family()
        projects = self.env["project.project"].with_context(active_test=False)
        projects = projects.search([("sale_order_id", "in", orders.ids)])
        records = (orders, orders.opportunity_id, projects, projects.task_ids)
        return SQL(
            "(%s)",
            SQL(" OR ").join(
                SQL(
                    "(%s = %s AND res_id IN %s)",
                    SQL.identifier(model_column),
                    record._name,
                    tuple(record.ids),
                )
                for record in records
                if record
            ),
        )

    def _get_pattern(self, words, is_html=False):
        """Return a regular expression of PostgreSQL for some words, as whole words only.

        A short name is a part of others, and may be the name of a tag.

        :param bool is_html: whether it is searched for in HTML
        :rtype: str
        """
        spellings = dict.fromkeys(words)
        if is_html:
            # What escapes and what sanitizes do not write quotes in the same way.
            for word in words:
                escaped = str(escape(word))
                spellings[escaped] = spellings[word.replace("&", "&amp;")] = None
        before = r"(?<![\w<])(?<!</)" if is_html else r"(?<!\w)"
        return rf"{before}(?:{'|'.join(map(re.escape, spellings))})(?!\w)"

    def _erase_words(self, table, patterns, condition):
        """Replace what matches in some columns of a table.

        :param str table: its name
        :param dict patterns: regular expression by column
        :param SQL condition: which rows
        """
        erased = self.env._("[erased]")
        values = [
            SQL(
                "%s = regexp_replace(%s, %s, %s, 'g')",
                SQL.identifier(column),
                SQL.identifier(column),
                pattern,
                erased,
            )
            for column, pattern in patterns.items()
        ]
        query = SQL(
            "UPDATE %s SET %s WHERE %s", SQL.identifier(table), SQL(", ").join(values), condition
        )
        self.env.cr.execute(query)
