from odoo import models
from odoo.tools import format_amount

TEXT_FIELDS = {
    "summary": "proposal_summary",
    "scope": "scope_content",
    "exclusions": "scope_exclusions",
    "assumptions": "scope_assumptions",
    "technical": "technical_content",
    "organisation": "organisation_content",
}


class QuoteChangeWordsMixin(models.AbstractModel):
    """What has changed in a quote, in the words of a person: prices, terms, texts.

    Sentences are made when they are read, in the reader's language. Names of records that exist
    elsewhere (payment terms, taxes, roles) are read by their ids at that moment.
    """

    _name = "quote.change.words.mixin"
    _description = "Words for changes of a quote"
    _inherit = ["quote.change.value.mixin"]

    # === ONE CHANGE === #

    def _get_change_sentence(self, change, currency, with_figures):
        """Return the sentence that says one change.

        An overrider says the codes of its own and leaves the others to ``super()``.

        :param dict change: see ``tools.content_changes.get_changes``
        :param currency: the ``res.currency`` of the quote
        :param bool with_figures: whether costs, margins and days of work may be said
        :rtype: str
        """
        for say in (
            self._say_price_change,
            self._say_line_change,
            self._say_terms_change,
            self._say_text_change,
        ):
            if sentence := say(change, currency):
                return sentence
        return self._say_detail(change["aspect"])

    def _say_price_change(self, change, currency):
        match change["code"]:
            case "total":
                return self.env._(
                    "Total without taxes: %(change)s", change=self._say_amounts(change, currency)
                )
            case "tax":
                return self.env._("Taxes: %(change)s", change=self._say_amounts(change, currency))
            case "client":
                return self.env._("Client: %(change)s", change=self._say_names(change))
            case "currency":
                return self.env._("Currency: %(change)s", change=self._say_names(change))
        return ""

    def _say_line_change(self, change, currency):
        values = {"line": change.get("name", ""), "change": self._say_line_values(change, currency)}
        match change["code"]:
            case "line_added" | "line_removed":
                return self._say_line_comes_or_goes(change, currency)
            case "line_price":
                return self.env._("Price of “%(line)s”: %(change)s", **values)
            case "line_quantity":
                return self.env._("Quantity of “%(line)s”: %(change)s", **values)
            case "line_discount":
                return self.env._("Discount on “%(line)s”: %(change)s", **values)
            case "line_taxes":
                return self.env._("Taxes of “%(line)s”: %(change)s", **values)
            case "line_unit":
                return self.env._("Unit of “%(line)s”: %(change)s", **values)
            case "line_product":
                return self.env._("Product of “%(line)s”: %(change)s", **values)
        return self._say_line_text_change(change)

    def _say_line_values(self, change, currency):
        """Return the two values of a change of a line, or nothing when it has none."""
        match change["code"]:
            case "line_price":
                return self._say_amounts(change, currency)
            case "line_quantity":
                return self._say_numbers(change)
            case "line_discount":
                return self._say_percents(change)
            case "line_taxes":
                return self._say_names(change)
            case "line_unit":
                return self._say_names(change)
            case "line_product":
                return self._say_names(change)
        return ""

    def _say_line_comes_or_goes(self, change, currency):
        """Return the sentence for a line that is new, or gone, with what it is worth."""
        values = {
            "line": change["name"],
            "amount": format_amount(self.env, change["amount"] or 0.0, currency),
        }
        optional = change.get("optional")
        if change["code"] == "line_added":
            if optional:
                return self.env._("Option added: “%(line)s”, %(amount)s", **values)
            return self.env._("Line added: “%(line)s”, %(amount)s", **values)
        if optional:
            return self.env._("Option removed: “%(line)s”, %(amount)s", **values)
        return self.env._("Line removed: “%(line)s”, %(amount)s", **values)

    def _say_line_text_change(self, change):
        name = {"line": change.get("name", "")}
        match change["code"]:
            case "line_optional":
                if change["after"]:
                    return self.env._("“%(line)s” becomes an option", **name)
                return self.env._("“%(line)s” is no longer an option", **name)
            case "line_renamed" | "section_renamed":
                return self.env._("“%(line)s” becomes “%(after)s”", after=change["after"], **name)
            case "line_text":
                return self.env._("The description of “%(line)s” has changed", **name)
            case "section_added":
                return self.env._("Section added: “%(line)s”", **name)
            case "section_removed":
                return self.env._("Section removed: “%(line)s”", **name)
            case "section_text" | "section_detail" | "line_detail":
                return self.env._("The presentation of “%(line)s” has changed", **name)
            case "lines_moved":
                return self.env._("The order of the lines has changed")
        return self._say_note_change(change)

    def _say_note_change(self, change):
        name = {"note": change.get("name", "")}
        match change["code"]:
            case "note_added":
                return self.env._("Note added: “%(note)s”", **name)
            case "note_removed":
                return self.env._("Note removed: “%(note)s”", **name)
            case "note_renamed" | "note_text" | "note_detail":
                return self.env._("The note “%(note)s” has changed", **name)
        return ""

    def _say_terms_change(self, change, currency):
        match change["code"]:
            case "payment_term":
                terms = self._say_names(change)
                return self.env._("Payment terms: %(change)s", change=terms)
            case "fiscal_position":
                positions = self._say_names(change)
                return self.env._("Fiscal position: %(change)s", change=positions)
            case "invoice_address":
                addresses = self._say_names(change)
                return self.env._("Invoice address: %(change)s", change=addresses)
            case "delivery_address":
                addresses = self._say_names(change)
                return self.env._("Delivery address: %(change)s", change=addresses)
            case "note":
                return self.env._("The terms and conditions have changed")
            case "delivery_date":
                return self.env._("Delivery date: %(change)s", change=self._say_dates(change))
            case "pages":
                return self.env._("The pages added to the PDF have changed")
        return self._say_answer_change(change)

    def _say_answer_change(self, change):
        """Return the sentence for what is asked of the client: signature, payment."""
        match change["code"], bool(change.get("after")):
            case "signature", True:
                return self.env._("A signature is now asked for")
            case "signature", False:
                return self.env._("A signature is no longer asked for")
            case "payment", True:
                return self.env._("A payment is now asked for")
            case "payment", False:
                return self.env._("A payment is no longer asked for")
            case "prepayment", _:
                shares = {key: 100 * (change[key] or 0.0) for key in ("before", "after")}
                return self.env._("Prepayment: %(change)s", change=self._say_percents(shares))
        return ""

    def _say_text_change(self, change, currency):
        if change["code"] == "images":
            return self.env._("An image in the texts has changed")
        if change["code"] == "sections":
            return self.env._("The sections that the proposal leaves out have changed")
        if change["code"] != "text":
            return ""
        name = TEXT_FIELDS[change["field"]]
        is_technical = change["field"] in ("technical", "organisation")
        holder = self.env["quote.estimate"] if is_technical else self
        label = holder._fields[name]._description_string(self.env)
        return self.env._("The text “%(text)s” has changed", text=label)

    def _say_detail(self, aspect):
        """Return the sentence for a change that has no words of its own."""
        match aspect:
            case "price":
                return self.env._("Something in the lines has changed")
            case "cost":
                return self.env._("Something in the costs has changed")
            case "plan":
                return self.env._("Something in the plan has changed")
            case "terms":
                return self.env._("Something in the terms has changed")
        return self.env._("Something in the texts has changed")
