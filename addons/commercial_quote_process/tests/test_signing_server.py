import contextlib
import http.client

from odoo.tests import tagged

from .race_common import PATIENCE
from .server_common import COMMIT_LOCK
from .signing_common import SigningServerCase

CLICK = "LOCK TABLE ir_cron_trigger IN EXCLUSIVE MODE"


@tagged("post_install", "-at_install")
class TestSigningServer(SigningServerCase):
    """Clients sign on a server with two workers: exactly one outcome, and everybody sees it."""

    # === AT THE SAME INSTANT === #

    def test_double_click_signs_once_and_shows_no_error(self):
        offer, session = self._create_offer(), self._new_session()
        answers = self._together(
            lambda barrier: self._sign(offer, session, barrier=barrier),
            lambda barrier: self._sign(offer, session, barrier=barrier),
        )
        for answer in answers:
            self.assertIn("sign_ok", answer["redirect_url"], answer)
        self.assertSignedOnce(offer)
        self.assertDoneOnce(offer)

    def test_two_browsers_sign_once_and_the_second_is_told(self):
        offer, names = self._create_offer(), ("Julie Perrin", "Marc Aubry")
        answers = self._together(
            *(
                lambda barrier, name=name: self._sign(offer, name=name, barrier=barrier)
                for name in names
            )
        )
        winner = next(rank for rank, answer in enumerate(answers) if "error" not in answer)
        self.assertIn("sign_ok", answers[winner]["redirect_url"])
        self.assertIn("already been accepted", answers[1 - winner]["error"])
        self.assertIn("quote_already", answers[1 - winner]["redirect_url"])
        self.assertSignedOnce(offer, names[winner])

    def test_sign_against_decline(self):
        offer, session = self._create_offer(), self._new_session()
        answer, _location = self._together(
            lambda barrier: self._sign(offer, barrier=barrier),
            lambda barrier: self._decline(offer, session, barrier),
        )
        outcome = self._get_outcome(offer)
        if "error" in answer:
            self.assertEqual((outcome.step, outcome.signers), ("declined", []))
            self.assertEqual(outcome.projects, 0)
            self.assertIn("quote_closed", answer["redirect_url"])
        else:
            self.assertSignedOnce(offer)

    def test_sign_against_edit(self):
        """A free field is kept, a price is refused, and what is signed is what was shown."""
        offer, session = self._create_offer(), self._log_in("salesperson")
        amount = self._get_outcome(offer).amount
        line_id = self._read(offer.id, lambda order: order.order_line[0].id)
        answer, reference, price = self._together(
            lambda barrier: self._sign(offer, barrier=barrier),
            lambda barrier: self._post(
                session, *self._call(offer.id, "write", {"client_order_ref": "A-17"}), barrier
            ),
            lambda barrier: self._post(
                session,
                *self._call(line_id, "write", {"price_unit": 1.0}, model="sale.order.line"),
                barrier,
            ),
        )
        self.assertIn("sign_ok", answer["redirect_url"], answer)
        self.assertTrue(reference["result"], reference)
        self.assertIn("error", price)
        self.assertSignedOnce(offer)
        self.assertEqual(self._get_outcome(offer).amounts, [amount])
        self.assertEqual(self._read(offer.id, lambda order: order.client_order_ref), "A-17")

    def test_sign_against_expiry(self):
        """The validity ends while the click waits: nothing is signed, and the client is told."""
        offer = self._create_offer()
        query = "UPDATE sale_order SET validity_date = CURRENT_DATE - 2 WHERE id = %s"
        with self.registry.cursor() as cr:
            cr.execute("SELECT pg_backend_pid()")
            holder = cr.fetchone()[0]
            cr.execute(query, [offer.id])
            answer = self.clients.submit(self._sign, offer)
            self._wait_until(lambda: self._is_waited_for(holder))
        self.assertIn("has expired", answer.result(timeout=PATIENCE)["error"])
        outcome = self._get_outcome(offer)
        self.assertEqual((outcome.step, outcome.state, outcome.signers), ("sent", "sent", []))

    def test_sign_against_confirmation_from_the_back_office(self):
        offer, session = self._create_offer(), self._log_in("salesperson")
        paper = self._call(self._prepare_paper(offer), "action_accept", model="quote.accept")
        answer, confirmed = self._together(
            lambda barrier: self._sign(offer, barrier=barrier),
            lambda barrier: self._post(session, *paper, barrier),
        )
        outcome = self._get_outcome(offer)
        self.assertEqual(len(outcome.signers), 1)
        if "error" in answer:
            self.assertIn("quote_already", answer["redirect_url"])
            self.assertNotIn("error", confirmed)
            self.assertEqual((outcome.kinds, outcome.projects), (["paper"], 1))
        else:
            self.assertIn("already been accepted", confirmed["error"]["data"]["message"])
            self.assertSignedOnce(offer)

    def test_eight_clients_at_once_wait_for_no_printer(self):
        offers = [self._create_offer() for _ in range(8)]
        with self._printer_held():
            answers = self._together(
                *(lambda b, offer=offer: self._sign(offer, barrier=b) for offer in offers)
            )
            for answer, offer in zip(answers, offers, strict=True):
                self.assertIn("sign_ok", answer["redirect_url"], answer)
                self.assertSignedOnce(offer)
            self._skip_aftermath(offers[1:])
        self.assertDoneOnce(offers[0])

    # === KILLED IN THE MIDDLE === #

    def _sign_in_vain(self, offer, session):
        """Sign in the background, and get no answer."""

        def sign():
            try:
                answer = self._sign(offer, session)
            except (http.client.HTTPException, OSError):
                return
            raise AssertionError(f"The server has answered: {answer}")

        return self.clients.submit(sign)

    def test_click_killed_before_the_commit_can_be_repeated(self):
        offer, session = self._create_offer(), self._new_session()
        lost = []
        with self._killed_at(lambda: lost.append(self._sign_in_vain(offer, session)), CLICK):
            pass
        lost[0].result(timeout=PATIENCE)
        outcome = self._get_outcome(offer)
        self.assertEqual((outcome.step, outcome.signers, outcome.projects), ("sent", [], 0))
        self.assertIn("sign_ok", self._sign(offer, session)["redirect_url"])
        self.assertSignedOnce(offer)
        self.assertDoneOnce(offer)

    def test_click_killed_after_the_commit_is_signed(self):
        offer, session = self._create_offer(), self._new_session()
        lost = []
        with (
            self._commits_held("quote_acceptance"),
            self._killed_at(
                lambda: lost.append(self._sign_in_vain(offer, session)),
                "SELECT pg_advisory_xact_lock(%s)",
                COMMIT_LOCK,
            ),
        ):
            self._wait_until(lambda: self._get_outcome(offer).step == "accepted")
        lost[0].result(timeout=PATIENCE)
        self.assertIn("sign_ok", self._sign(offer, session)["redirect_url"], "the same browser")
        self.assertIn("quote_already", self._sign(offer)["redirect_url"], "another browser")
        self.assertSignedOnce(offer)
        self.assertDoneOnce(offer)

    def test_job_killed_anywhere_does_each_thing_once(self):
        """Killed when the mail is to be written, when the copy is printed, and near the end."""
        for table in ("mail_mail", "quote_acceptance_document", "crm_lead"):
            with self.subTest(table=table), contextlib.ExitStack() as printing:
                offer = self._create_offer()
                printing.enter_context(self._printer_held())
                self.assertIn("sign_ok", self._sign(offer)["redirect_url"])
                self._wait_until(self._is_printing)
                lock = f"LOCK TABLE {table} IN EXCLUSIVE MODE"
                with self._killed_at(printing.close, lock):
                    pass
                self.assertSignedOnce(offer)
                self.assertDoneOnce(offer)
