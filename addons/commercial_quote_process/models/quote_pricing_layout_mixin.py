from odoo import models

# Rows that only say what follows them.
SECTION_KINDS = {"section", "section_costs", "section_options"}


class QuotePricingLayoutMixin(models.AbstractModel):
    """In which order, and under which sections, the client reads the lines of a quote."""

    _name = "quote.pricing.layout.mixin"
    _description = "Order of the lines of a quote"

    def _add_sections(self, rows):
        """Return rows as the client reads them: tasks under their phase, options at the end.

        :param list rows: see ``_replace_estimate_lines``
        :rtype: list(dict)
        """
        firm = [row for row in rows if not row["optional"]]
        options = [row for row in rows if row["optional"]]
        if any(row["item"] and row["item"] != row["phase"] for row in rows):
            firm = self._add_phase_sections(firm)
        if options:
            options.insert(0, self._prepare_section("section_options"))
        return firm + options

    def _add_phase_sections(self, rows):
        """Return rows with a section before each phase, and one before what is in none."""
        phases = self.env["quote.estimate.item"].union(*(row["phase"] for row in rows))
        groups = [(phase, [row for row in rows if row["phase"] == phase]) for phase in phases]
        loose = [row for row in rows if not row["phase"]]
        tasks = [row for row in loose if row["kind"] == "service"]
        costs = [row for row in loose if row["kind"] != "service"]
        result = []
        for phase, inside in groups:
            result += [self._prepare_section("section", phase), *inside]
        for kind, inside in (("section", tasks), ("section_costs", costs)):
            if inside and phases:
                result.append(self._prepare_section(kind))
            result += inside
        return result

    def _prepare_section(self, kind, phase=None):
        """Return the row of a section.

        :param str kind: one of ``SECTION_KINDS``
        :param phase: the ``quote.estimate.item`` of a phase; none stands for tasks in no phase
        :rtype: dict
        """
        estimate = self.estimate_id.with_context(lang=self._get_lang())
        name = {
            "section": phase.name if phase else estimate.env._("Other tasks"),
            "section_costs": estimate.env._("Other services"),
            "section_options": estimate.env._("Options"),
        }[kind]
        row = estimate._prepare_sale_row(None, name, phase, kind=kind)
        return {**row, "key": self._get_row_key(row), "optional": kind == "section_options"}

    def _arrange_lines(self, layout, known):
        """Return the lines of the quote in their order, each with the row that it sells.

        What is there keeps its place; a new row follows the one before it in the layout, and the
        first takes the place of what it replaces. Options close the quote, since Odoo takes
        whatever follows their section for one.

        :param list layout: see ``_add_sections``
        :param dict known: see ``_get_lines_by_key``
        :return: pairs of ``sale.order.line`` (empty for a new one) and row (None for a line added
            by hand)
        :rtype: list(tuple)
        """
        head, tail, anchor = self._get_standing_lines(layout, known)
        standing = {row["key"] for _line, row in head if row}
        nothing = self.order_line.browse()
        followers, options, last = {}, [], None
        for row in layout:
            if row["key"] in standing:
                last = row["key"]
                continue
            place = options if row["optional"] else followers.setdefault(last, [])
            place.append((known.get(row["key"], nothing), row))
        result = []
        for rank, (line, row) in enumerate(head):
            result += followers.pop(None, []) if rank == anchor else []
            result.append((line, row))
            result += followers.get(row["key"], []) if row else []
        return result + followers.pop(None, []) + options + tail

    def _get_standing_lines(self, layout, known):
        """Return the lines that keep their place, before and after the options.

        :param list layout: see ``_add_sections``
        :param dict known: see ``_get_lines_by_key``
        :return: pairs as in ``_arrange_lines`` before the options, the same after them, and where
            the first new row goes
        :rtype: tuple(list, list, int)
        """
        keys = {line: key for key, line in known.items()}
        rows = {row["key"]: row for row in layout if not row["optional"]}
        sections = self._get_layout_sections(layout)
        head, tail, anchor, section = [], [], None, None
        part = head
        for line in self._get_ordered_lines():
            key = keys.get(line)
            if key is None:
                part.append((line, None))
                section = False if line.display_type else section
                continue
            anchor = len(head) if anchor is None else anchor
            if line.estimate_row_kind in SECTION_KINDS:
                section = key
            if line.estimate_row_kind == "section_options":
                part = tail
            if part is head and key in rows and section in (False, sections[key]):
                head.append((line, rows[key]))
        return head, tail, len(head) if anchor is None else anchor

    def _get_layout_sections(self, layout):
        """Return the key of the section that each row of a layout stands in, by key.

        A section stands in itself.

        :rtype: dict
        """
        result, section = {}, None
        for row in layout:
            if row["kind"] in SECTION_KINDS:
                section = row["key"]
            result[row["key"]] = section
        return result
