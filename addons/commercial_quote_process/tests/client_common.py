"""What the tests of the client's side share: signatures, files, answers."""

import base64
import io

from PIL import Image, ImageDraw

from odoo.fields import Date
from odoo.tools import SQL

# A cost that no page, mail or document may contain, in any format.
SENTINEL = 987654.32
GIF = "R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs="
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"


def draw_signature(size=(300, 100), kind="PNG", ink=True):
    """Return a drawn signature as a browser sends it: base64, without the data: prefix."""
    mode, paper = ("RGB", "white") if kind == "JPEG" else ("RGBA", (255, 255, 255, 0))
    image = Image.new(mode, size, paper)
    if ink:
        draw = ImageDraw.Draw(image)
        draw.line([(10, 80), (60, 20), (120, 85), (220, 30)], fill="black", width=3)
    stream = io.BytesIO()
    image.save(stream, kind)
    return base64.b64encode(stream.getvalue()).decode()


class ClientMixin:
    """Answers of the client, for quotes of ``QuoteProcessMixin``."""

    @classmethod
    def _setup_terms(cls):
        cls.company.quote_terms_label = "2026-01"

    def _sign(self, order, **evidence):
        """Record an acceptance as the portal does."""
        order_sudo = order.sudo()
        return order_sudo._record_acceptance(
            "portal",
            **{
                "signer_name": "Julie Perrin",
                "signer_function": "Directrice",
                "signature": base64.b64decode(draw_signature()),
                "fingerprint": order_sudo._get_fingerprint()["all"],
                "terms_accepted": True,
                "terms_version": order_sudo._get_quote_terms()["version"],
                "auth_mode": "token",
                "ip_address": "192.0.2.17",
                "user_agent": "A browser",
                "session_hash": "0" * 64,
                **evidence,
            },
        )

    def _accept_wizard(self, order, **values):
        """Return the wizard of the back office, filled in by the salesperson."""
        return (
            self.env["quote.accept"]
            .with_user(self.salesperson)
            .create(
                {
                    "order_id": order.id,
                    "kind": "paper",
                    "signer_name": "Julie Perrin",
                    "evidence_date": Date.today(),
                    "document": base64.b64encode(PDF),
                    "document_name": "signed.pdf",
                    **values,
                }
            )
        )

    def _plant_costs(self, order):
        """Write a recognisable figure wherever a quote keeps what it costs and earns.

        :return: the forms in which a page could show it
        """
        order_sudo, estimate_sudo = order.sudo(), order.sudo().estimate_id
        self.env.flush_all()
        for records, columns in (
            (order_sudo, ("margin",)),
            (order_sudo.order_line, ("purchase_price", "margin")),
            (estimate_sudo, ("total_cost", "workload_cost", "other_cost", "contingency_amount")),
            (estimate_sudo.workload_ids, ("daily_cost", "cost")),
            (estimate_sudo.cost_ids, ("unit_cost", "cost")),
        ):
            for column in columns:
                query = SQL(
                    "UPDATE %s SET %s = %s WHERE id IN %s",
                    SQL.identifier(records._table),
                    SQL.identifier(column),
                    SENTINEL,
                    tuple(records.ids),
                )
                self.env.cr.execute(query)
        self.env.invalidate_all()
        return ("987654", "987,654", "987 654", "987\u202f654", "987\xa0654")

    def _get_payment_means(self):
        """Return a payment provider and a method, whatever is turned on in this database."""
        everything = self.env["payment.provider"].sudo().with_context(active_test=False)
        method = everything.env["payment.method"].search([], limit=1)
        return everything.search([], limit=1), method

    def _let_an_hour_pass(self, order):
        """Let nobody have touched a quote for an hour."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order SET write_date = write_date - interval '1 hour' WHERE id = %s",
            [order.id],
        )
        self.env.invalidate_all()

    def _run_cron(self, xmlid):
        """Run a scheduled action as the server does, commits included."""
        with self.enter_registry_test_mode():
            self.env.ref(f"commercial_quote_process.{xmlid}").method_direct_trigger()
        self.env.invalidate_all()
