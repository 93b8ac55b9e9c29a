"""What the tests of signing on a real server share: offers to sign, signatures, outcomes."""

import base64
import contextlib
import hashlib
import hmac
import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from urllib.parse import urlencode

from psycopg2.errors import SerializationFailure

from odoo.fields import Date
from odoo.http import STORED_SESSION_BYTES

from .client_common import PDF, draw_signature
from .server_common import ServerCase


class SigningServerCase(ServerCase):
    """Clients who sign offers of the story on a real server."""

    crons = ("commercial_quote_process.ir_cron_after_acceptance",)

    @classmethod
    def _setup_clients(cls):
        cls.client = cls.env["res.partner"].create(
            {"name": "Ville de Bressac", "email": "mairie@bressac.example.com"}
        )

    def setUp(self):
        super().setUp()
        self.clients = ThreadPoolExecutor(max_workers=8)
        self.addCleanup(self.clients.shutdown)
        self.offers = []
        self.addCleanup(lambda: self._skip_aftermath(self.offers))

    # === OFFERS AND SIGNATURES === #

    def _create_offer(self):
        """Return an offer in the client's hands: its id, its token and what the page shows."""
        order_id = self._create_committed_quote("sent")

        def show(order):
            return SimpleNamespace(
                id=order_id,
                token=order._portal_ensure_token(),
                fingerprint=order._get_fingerprint()["all"],
                terms_version=order._get_quote_terms()["version"],
            )

        offer = self._read(order_id, show)
        self.offers.append(offer)
        return offer

    def _skip_aftermath(self, offers):
        """Let nothing follow signatures, unless it is under way: a print takes long."""
        with self.registry.cursor() as cr, contextlib.suppress(SerializationFailure):
            cr.execute(
                "UPDATE sale_order SET after_acceptance_pending = false WHERE id IN ("
                " SELECT id FROM sale_order WHERE after_acceptance_pending AND id IN %s"
                " FOR NO KEY UPDATE SKIP LOCKED)",
                [tuple(offer.id for offer in offers)],
                log_exceptions=False,
            )

    def _signature(self, offer, name="Julie Perrin"):
        """Return the path and the parameters that the page of an offer sends."""
        return (
            f"/my/orders/{offer.id}/accept",
            {
                "access_token": offer.token,
                "name": name,
                "function": "Directrice",
                "signature": draw_signature(),
                "signature_mode": "draw",
                "fingerprint": offer.fingerprint,
                "terms_accepted": True,
                "terms_version": offer.terms_version,
            },
        )

    def _sign(self, offer, session=None, name="Julie Perrin", barrier=None):
        """Sign an offer, and return what the browser gets."""
        session = session or self._new_session()
        return self._post(session, *self._signature(offer, name), barrier)["result"]

    def _decline(self, offer, session, barrier=None):
        """Decline an offer by the form of its page, and return where the browser goes."""
        reason = self._read(
            offer.id, lambda o: o.env["quote.decline.reason"].search([], limit=1).id
        )
        form = {
            "access_token": offer.token,
            "csrf_token": self._get_csrf_token(offer, session),
            "decline_reason_id": reason,
            "decline_message": "No budget this year",
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        path = f"/my/orders/{offer.id}/decline?access_token={offer.token}"
        response, _content = self._request(session, path, urlencode(form), headers, barrier)
        return response.headers["Location"] or ""

    def _get_csrf_token(self, offer, session):
        """Return the token that a form of the page has for a session."""
        secret = self._read(
            offer.id, lambda o: o.env["ir.config_parameter"].get_param("database.secret")
        )
        until = int(time.time()) + 3600
        message = f"{session[:STORED_SESSION_BYTES]}{until}".encode()
        digest = hmac.new(secret.encode(), message, hashlib.sha1).hexdigest()
        return f"{digest}o{until}"

    def _prepare_paper(self, offer):
        """Return the id of the back office's dialog, filled in by the salesperson."""

        def fill_in(order):
            wizard = order.env["quote.accept"].create(
                {
                    "order_id": order.id,
                    "kind": "paper",
                    "signer_name": "Julie Perrin",
                    "evidence_date": Date.today(),
                    "document": base64.b64encode(PDF),
                    "document_name": "signed.pdf",
                }
            )
            return wizard.id

        return self._act("salesperson", offer.id, fill_in)

    # === OUTCOMES === #

    def _get_outcome(self, offer):
        """Return what has become of an offer, as plain values."""

        def read(order):
            acceptance = order.quote_acceptance_ids
            projects = order.env["project.project"].search(
                [("estimate_id", "=", order.estimate_id.id)]
            )
            return SimpleNamespace(
                step=order.quote_step,
                state=order.state,
                signers=acceptance.mapped("signer_name"),
                kinds=acceptance.mapped("kind"),
                amounts=acceptance.mapped("amount_total"),
                amount=order.amount_total,
                projects=len(projects),
                tasks=len(projects.task_ids),
                problems=acceptance._get_problems(),
                pending=order.after_acceptance_pending,
            )

        return self._read(offer.id, read)

    def _get_aftermath(self, offer):
        """Return how often each thing that follows an acceptance has been done."""

        def read(order):
            acceptance = order.quote_acceptance_ids
            project = order.env["project.project"].search(
                [("estimate_id", "=", order.estimate_id.id)]
            )
            messages = order.message_ids
            reason = order._get_acceptance_reason(acceptance)
            mails = order.env["mail.mail"].search([("mail_message_id", "in", messages.ids)])
            return {
                "acceptance message": sum(reason in (m.body or "") for m in messages),
                "mails to the client": len(
                    mails.filtered(
                        lambda m: order.partner_id in m.recipient_ids and m.state == "outgoing"
                    )
                ),
                "signed copies": acceptance.document_ids.mapped("kind").count("signed_copy"),
                "opportunity": order.opportunity_id.won_status,
                "kick-off activities": len(project.activity_ids),
            }

        return self._read(offer.id, read)

    def assertSignedOnce(self, offer, signer="Julie Perrin"):
        """An offer has been signed by exactly one person, and has one whole project."""
        outcome = self._get_outcome(offer)
        self.assertEqual((outcome.step, outcome.state), ("accepted", "sale"))
        self.assertEqual((outcome.signers, outcome.kinds), ([signer], ["portal"]))
        self.assertEqual(outcome.amounts, [outcome.amount])
        self.assertEqual((outcome.projects, outcome.tasks), (1, 6))
        self.assertFalse(outcome.problems)

    def assertDoneOnce(self, offer):
        """Each thing that follows the signature of an offer has been done, exactly once."""

        def is_done():
            self._wake_crons()
            return not self._get_outcome(offer).pending

        self._wait_until(is_done)
        self.assertEqual(
            self._get_aftermath(offer),
            {
                "acceptance message": 1,
                "mails to the client": 1,
                "signed copies": 1,
                "opportunity": "won",
                "kick-off activities": 1,
            },
        )
