from odoo import models

from ..const import EDITABLE_STEPS

# How many changes a single line names.
MOST_IN_LINE = 3


class QuoteChangeSinceMixin(models.AbstractModel):
    """What a quote was when something happened to it or to an earlier version of it."""

    _name = "quote.change.since.mixin"
    _description = "Changes since a decision"

    def _get_changes_since(self, event):
        """Return what has changed since the last time something happened to the quote's family.

        :param str event: "approved", "sent" or "refused"
        :return: ``since``: a dict with ``event``, ``label`` (a sentence), ``date`` (ISO) and
            ``version`` (number of the quote), or False when it never happened or nothing was kept
            of it; ``changes``: see ``_get_changes_in_words``
        :rtype: dict
        :raise AccessError: when the user may not read the quote
        """
        self.ensure_one()
        self.check_access("read")
        source = self._get_sent_source() if event == "sent" else self._get_decided_source(event)
        if not source:
            return {"since": False, "changes": []}
        since = {key: source[key] for key in ("label", "version")}
        return {
            "since": {**since, "event": event, "date": source["date"].isoformat()},
            "changes": self._get_changes_in_words(source["content"], self._get_content()),
        }

    def _get_sent_source(self):
        """Return what the client was last sent, see ``_get_decided_source``."""
        sent_sudo = self._get_family_sudo().filtered("sent_on").sorted("sent_on")[-1:]
        if not sent_sudo:
            return {}
        content = self._get_kept_content(sent_sudo)
        label = self.env._(
            "Since %(quote)s was sent on %(date)s",
            quote=sent_sudo.name,
            date=self._say_date(sent_sudo.sent_on),
        )
        values = {"label": label, "version": sent_sudo.name, "date": sent_sudo.sent_on}
        return {**values, "content": content} if content else {}

    def _get_decided_source(self, event):
        """Return what the last approval or refusal of the family was about.

        :param str event: "approved" or "refused"
        :return: ``content``, ``date``, ``version`` and ``label``; empty without any
        :rtype: dict
        """
        row_sudo = self._get_decided_row_sudo(event)
        if not row_sudo:
            return {}
        content = self._get_kept_content(row_sudo.order_id, row_sudo)
        values = {
            "quote": row_sudo.order_id.name,
            "person": row_sudo.decided_by_id.name,
            "date": self._say_date(row_sudo.decided_on),
        }
        label = (
            self.env._("Since %(person)s approved %(quote)s on %(date)s", **values)
            if event == "approved"
            else self.env._("Since %(person)s refused %(quote)s on %(date)s", **values)
        )
        version, date = row_sudo.order_id.name, row_sudo.decided_on
        return content and {"content": content, "label": label, "version": version, "date": date}

    def _get_decided_row_sudo(self, event):
        """Return the last refusal of the family, or the last approval that let a quote go.

        :rtype: quote.validation
        """
        family_sudo = self._get_family_sudo()
        rows_sudo = self.env["quote.validation"].sudo()
        domain = [("order_id", "in", family_sudo.ids), ("decided_on", "!=", False)]
        if event == "refused":
            domain.append(("state", "=", "refused"))
        else:
            # A single approval among others that refused let nothing go: the step says it.
            log_sudo = (
                self.env["quote.step.log"]
                .sudo()
                .search(
                    [("order_id", "in", family_sudo.ids), ("step", "=", "ready")],
                    order="entered_on desc, id desc",
                    limit=1,
                )
            )
            domain += [
                ("order_id", "=", log_sudo.order_id.id),
                ("state", "!=", "refused"),
                ("decided_on", "<=", log_sudo.entered_on),
            ]
        return rows_sudo.search(domain, order="decided_on desc, id desc", limit=1)

    def _get_kept_content(self, order_sudo, row_sudo=None):
        """Return what a quote said when it was decided on or sent, as it was kept.

        What was decided before anything was kept is read from the quote itself, when nothing can
        have changed in it since.

        :param order_sudo: the ``sale.order`` in superuser mode
        :param row_sudo: its ``quote.validation``; the last one that holds when it is None
        :return: see ``_get_content``; empty when it is not known
        :rtype: dict
        """
        if row_sudo is None:
            rows_sudo = order_sudo.validation_ids.filtered(lambda row: row.state == "approved")
            row_sudo = rows_sudo.sorted(lambda row: row.id)[-1:]
        if row_sudo.snapshot_id:
            return row_sudo.snapshot_id.data
        closed = order_sudo.quote_step not in EDITABLE_STEPS["commercial"]
        if closed and not order_sudo._is_other_content(row_sudo):
            return order_sudo._get_content()
        return {}

    # === WHAT WAS APPROVED === #

    def _get_approval_error(self):
        """Return why the content in hand is not the one that was approved, or False.

        Each approval is compared by the version of the fingerprint that it was made with. What
        has changed is said without any internal figure, and to our own people only.

        :rtype: str | bool
        """
        self.ensure_one()
        approved_sudo = self.sudo().validation_ids.filtered(lambda row: row.state == "approved")
        if approved_sudo and not self._is_other_content(approved_sudo):
            return False
        if not self.env.user._is_internal():
            # What has changed may be nobody's business but ours.
            return self.env._("This offer is being prepared.")
        changes = self._get_changes_since_approval(approved_sudo)
        if not changes:
            return self.env._(
                "%(quote)s is no longer what was approved. Withdraw it and ask for its validation"
                " again.",
                quote=self.name,
            )
        return self.env._(
            "%(quote)s is no longer what was approved: %(changes)s. Withdraw it and ask for its"
            " validation again.",
            quote=self.name,
            changes=self._summarise_changes(changes),
        )

    def _get_changes_since_approval(self, rows_sudo):
        """Return what has changed since these approvals, in words without internal figures.

        :param rows_sudo: ``quote.validation`` of this quote, in superuser mode
        :return: see ``_get_changes_in_words``
        :rtype: list(dict)
        """
        snapshot_sudo = rows_sudo.snapshot_id.sorted("id")[-1:]
        if not snapshot_sudo:
            return []
        return self._get_changes_in_words(
            snapshot_sudo.data, self._get_content(), with_figures=False
        )

    def _summarise_changes(self, changes):
        """Return some changes in one line: of each aspect the first, before the second of any.

        :param list changes: see ``_get_changes_in_words``
        :rtype: str
        """
        ranks = {}
        order = []
        for change in changes:
            ranks[change["aspect"]] = ranks.get(change["aspect"], 0) + 1
            order.append((ranks[change["aspect"]], change["text"]))
        texts = [text for _rank, text in sorted(order, key=lambda row: row[0])]
        rest = len(texts) - MOST_IN_LINE
        if rest > 0:
            texts[MOST_IN_LINE:] = [self.env._("and %(count)s more", count=rest)]
        return "; ".join(texts)
