from markupsafe import escape

from odoo import models
from odoo.tools import format_date
from odoo.tools.misc import formatLang

from ..tools.content_changes_line import get_lines, get_title, match_lines
from ..tools.content_matching import match_rows
from ..tools.gantt import draw_gantt
from ..tools.word_diff import diff_html, diff_words, is_same_text

# As wide as the column of a large screen; a phone lets it be scrolled.
PLAN_WIDTH = 940
PLAN_ROWS = 500
# Beginnings of the codes of changes that have a part of their own on the screen.
SHOWN_ELSEWHERE = ("cost_total", "margin", "days", "plan_end", "requirement_")


class QuoteComparisonContentMixin(models.AbstractModel):
    """Content of two versions, side by side: lines, plan, terms, texts, requirements.

    The reader's right to both versions has been checked; costs are left out for those who do not
    read them.
    """

    _name = "quote.comparison.content.mixin"
    _description = "Content of two versions, side by side"

    def _compare_contents(self, older):
        """Return the content of both versions, part by part.

        :param sale.order older: the version that is shown first
        :rtype: dict
        """
        older_sudo, newer_sudo = older.sudo(), self.sudo()
        words = {}
        before, after = older_sudo._get_content(), newer_sudo._get_content()
        for change in self._get_changes_in_words(before, after):
            if not change["code"].startswith(SHOWN_ELSEWHERE):
                words.setdefault(change["aspect"], []).append(change["text"])
        return {
            "lines": newer_sudo._compare_lines(older_sudo, before, after, self._reads_figures()),
            "plan": {
                **newer_sudo._draw_both_plans(older_sudo),
                "changes": words.get("plan", []),
            },
            "costs": words.get("cost", []) if self._reads_figures() else [],
            "terms": newer_sudo._compare_terms(older_sudo),
            "texts": newer_sudo._compare_texts(older_sudo),
            "requirements": newer_sudo._compare_requirements(older_sudo),
        }

    # === LINES === #

    def _compare_lines(self, older, before, after, with_costs):
        """Return the lines of both versions, the same line side by side. In superuser mode.

        :param sale.order older: the other version
        :param dict before: the content of the other version, see ``_get_content``
        :param dict after: the content of this one
        :param bool with_costs: whether the cost of each line is told
        :return: dicts with ``sort`` (line, section, note), ``state`` (same, changed, added,
            removed), ``name`` (Markup), ``before``, ``after`` and ``difference``
        :rtype: list(dict)
        """
        olds, news = older._get_content_lines(), self._get_content_lines()
        pairs = match_lines(get_lines(before), get_lines(after))
        return [
            self._compare_line(
                olds[old] if old is not None else olds[:0],
                news[new] if new is not None else news[:0],
                with_costs,
            )
            for old, new in self._place_removed(pairs)
        ]

    def _place_removed(self, pairs):
        """Return pairs in the order of reading: what is gone stands where it was.

        :param list pairs: see ``tools.content_matching.match_rows``
        :rtype: list(tuple)
        """
        placed = [pair for pair in pairs if pair[1] is not None]
        for old, _none in (pair for pair in pairs if pair[1] is None):
            before = [
                i for i, (other, _n) in enumerate(placed) if other is not None and other < old
            ]
            placed.insert(before[-1] + 1 if before else 0, (old, None))
        return placed

    def _compare_line(self, old, new, with_costs):
        """Return one line of both versions; one of them may be empty.

        :rtype: dict
        """
        line = new or old
        before = self._describe_line(old, with_costs) if old else None
        after = self._describe_line(new, with_costs) if new else None
        state = "added" if not old else "removed" if not new else "changed"
        if before == after and old.name == new.name:
            state = "same"
        sorts = {False: "line", "line_note": "note"}
        difference = sum(row._get_effective_price() for row in new)
        difference -= sum(row._get_effective_price() for row in old)
        same = line.display_type or line.currency_id.is_zero(difference)
        sign = "+" if difference > 0 else "−"
        money = formatLang(self.env, abs(difference), currency_obj=line.currency_id)
        return {
            "key": f"{old.id or 0}-{new.id or 0}",
            "sort": sorts.get(line.display_type, "section"),
            "state": state,
            "name": diff_words(old.name, new.name) if old and new else escape(line.name or ""),
            "before": before,
            "after": after,
            "difference": "" if same else f"{sign} {money}",
        }

    def _describe_line(self, line, with_costs):
        """Return what the client reads of a line, formatted, and its cost for those who may.

        :rtype: dict
        """
        if line.display_type:
            return {}
        currency = line.currency_id
        quantity = formatLang(self.env, line.product_uom_qty, digits=2).rstrip("0").rstrip(".,")
        values = {
            "quantity": f"{quantity} {line.product_uom_id.name or ''}".strip(),
            "price": formatLang(self.env, line.price_unit, currency_obj=currency),
            "discount": f"{line.discount:g} %" if line.discount else "",
            "amount": formatLang(self.env, line._get_effective_price(), currency_obj=currency),
            "taxes": ", ".join(line.tax_ids.mapped("name")),
            "optional": line._is_option(),
            # One of it at this price: the amount says it all.
            "is_plain": line.product_uom_qty == 1 and not line.discount,
        }
        if with_costs:
            values["cost"] = formatLang(self.env, line._get_effective_cost(), currency_obj=currency)
        return values

    # === PLAN === #

    def _draw_both_plans(self, older):
        """Return the plans of both versions, drawn on the same scale. In superuser mode.

        From dates when both start on the same day, else in weeks after T0.

        :return: ``before`` and ``after`` (Markup), empty for a version without a plan
        :rtype: dict
        """
        estimates = (older.estimate_id, self.estimate_id)
        starts = {estimate.planned_start for estimate in estimates}
        start = starts.pop() if len(starts) == 1 else False
        rows = [estimate._get_gantt_rows(start) for estimate in estimates]
        axis = self.estimate_id._get_gantt_axis(rows[0] + rows[1], start)
        legend = self.estimate_id._get_gantt_legend()
        color = self.company_id.primary_color or "#5f5e97"
        drawings = [
            "".join(draw_gantt(part, axis, PLAN_ROWS, color=color, legend=shown, width=PLAN_WIDTH))
            for part, shown in zip(rows, ({}, legend), strict=True)
        ]
        return dict(zip(("before", "after"), drawings, strict=True))

    # === TERMS, TEXTS === #

    def _compare_terms(self, older):
        """Return the conditions of both versions. In superuser mode.

        :return: dicts with ``label``, ``before``, ``after`` and ``changed``
        :rtype: list(dict)
        """
        terms = [version._describe_terms() for version in (older, self)]
        return [
            {
                "label": label,
                "before": terms[0][label],
                "after": terms[1][label],
                "changed": terms[0][label] != terms[1][label],
            }
            for label in terms[1]
        ]

    def _describe_terms(self):
        """Return the conditions of this version in words, by label.

        An overrider adds its own to what ``super()`` returns.

        :rtype: dict
        """
        self.ensure_one()
        env = self.env
        share = f"{100 * self.prepayment_percent:g} %" if self.require_payment else ""
        return {
            env._("Client"): self.partner_id.display_name or "",
            env._("Signed by"): self.signer_id.name or "",
            env._("Payment terms"): self.payment_term_id.name or "",
            env._("Payment when accepting"): share,
            env._("Valid until"): format_date(env, self.validity_date) or "",
            env._("Fiscal position"): self.fiscal_position_id.name or "",
            env._("Invoice address"): self.partner_invoice_id.display_name or "",
            env._("Delivery address"): self.partner_shipping_id.display_name or "",
            env._("Reference of the client"): self.client_order_ref or "",
        }

    def _compare_texts(self, older):
        """Return the texts of both versions as one, with what was removed and added marked.

        :return: dicts with ``key``, ``label``, ``changed`` and ``text`` (Markup)
        :rtype: list(dict)
        """
        texts = [
            ("proposal_summary", self, older),
            ("scope_content", self, older),
            ("technical_content", self.estimate_id, older.estimate_id),
            ("organisation_content", self.estimate_id, older.estimate_id),
            ("scope_exclusions", self, older),
            ("scope_assumptions", self, older),
            ("note", self, older),
        ]
        return [
            {
                "key": name,
                "label": new._fields[name]._description_string(self.env),
                "changed": not is_same_text(old[name], new[name]),
                "text": diff_html(old[name], new[name]),
            }
            for name, new, old in texts
            if old[name] or new[name]
        ]

    # === REQUIREMENTS === #

    def _compare_requirements(self, older):
        """Return how both versions answer the requirements of the client. In superuser mode.

        :return: dicts with ``reference``, ``name``, ``before``, ``after`` and ``changed``
        :rtype: list(dict)
        """
        olds, news = (v.estimate_id._get_labelled_compliance_rows() for v in (older, self))
        pairs = match_rows(
            olds,
            news,
            [lambda row: (row["reference"], row["name"]), lambda row: row["name"]],
            lambda row: ("", row["name"]),
        )
        rows = []
        for old, new in self._place_removed(pairs):
            row = olds[old] if new is None else news[new]
            before = self._describe_answer(olds[old]) if old is not None else ""
            after = self._describe_answer(news[new]) if new is not None else ""
            rows.append(
                {
                    "reference": row["reference"],
                    "name": get_title(row["name"], most=160),
                    "before": before,
                    "after": after,
                    "changed": before != after,
                }
            )
        return rows

    def _describe_answer(self, row):
        """Return how a requirement is answered, as one sentence."""
        parts = [row["compliance_label"], row["comment"]]
        return " - ".join(part for part in parts if part)
