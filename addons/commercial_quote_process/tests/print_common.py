"""Printing by the real engines: Debian's, and the one with a patched Qt of most servers."""

import contextlib
import os
import platform
import re
import shutil
import socket
import subprocess
import sys
import threading
import unittest
from pathlib import Path
from unittest.mock import patch

from odoo.addons.base.models import ir_actions_report

from ..models import quote_print_mixin, quote_proposal_print_mixin
from ..tools import pdf_engine

REPORT = "sale.action_report_saleorder"
ENGINES = ("plain", "patched")
# As its Python package names it, see requirements.txt.
PATCHED = "wkhtmltopdf-pack"
WORD = re.compile(r'xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">([^<]+)<')


class Listener:
    """A server that answers nothing and counts who calls."""

    def __enter__(self):
        self.count = 0
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def _listen(self):
        while True:
            try:
                connection, _address = self.socket.accept()
            except OSError:
                return
            self.count += 1
            connection.close()

    def is_called(self):
        """Call it, and return whether it has heard that."""
        before = self.count
        with socket.create_connection(self.socket.getsockname(), timeout=60) as connection:
            connection.recv(1)  # until it hangs up, which it does once it has counted
        return self.count == before + 1

    def __exit__(self, *_error):
        self.socket.close()


class PrintMixin:
    """Prints of proposals, word by word."""

    @classmethod
    def _find_engine(cls, engine):
        """Return what Odoo knows of an engine: ``plain`` or ``patched``.

        The patched one is a program for one kind of processor; there it must be installed.
        """
        found = ir_actions_report._wkhtml()
        if found.is_patched_qt == (engine == "patched"):
            return found
        if engine == "plain":
            raise unittest.SkipTest("This machine has a patched engine only.")
        if platform.machine() != "x86_64":
            raise unittest.SkipTest("There is no patched engine for this processor.")
        folders = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
        path = shutil.which(PATCHED, path=folders)
        if not path:
            raise AssertionError(f"{PATCHED} is not installed: it is in requirements.txt")
        return found._replace(bin=path, version="0.12.3", is_patched_qt=True)

    @contextlib.contextmanager
    def _use_engine(self, engine):
        if not engine:
            yield
            return
        found = self._find_engine(engine)
        with contextlib.ExitStack() as stack:
            for module in (ir_actions_report, quote_print_mixin, quote_proposal_print_mixin):
                stack.enter_context(patch.object(module, "_wkhtml", lambda: found))
            yield

    @contextlib.contextmanager
    def _listen_to_proxy(self):
        """Make the engine ask for whatever it still wants to fetch where we hear it."""
        with Listener() as listener, patch.object(pdf_engine, "NOWHERE", listener.address):
            yield listener

    def _print_pdf(self, order, engine=None):
        reports = self.env["ir.actions.report"].with_user(self.salesperson)
        with self._use_engine(engine):
            content, kind = reports.with_context(force_report_rendering=True)._render_qweb_pdf(
                REPORT, order.ids
            )
        self.assertEqual(kind, "pdf")
        return content

    def _read_words(self, content):
        """Return the words of each page of a PDF: two corners in points, and the text."""
        found = subprocess.run(
            ["pdftotext", "-bbox", "-", "-"], input=content, capture_output=True, check=True
        )
        return [
            [(*map(float, word[:4]), word[4]) for word in WORD.findall(page)]
            for page in found.stdout.decode().split("<page ")[1:]
        ]

    def _print(self, order, engine=None):
        """Return the text of each page."""
        pages = self._read_words(self._print_pdf(order, engine))
        return [" ".join(word[4] for word in page) for page in pages]

    def _write_past_the_cleaning(self, order, text):
        """Write a text as it could stand in a database from before."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order SET scope_content = %s, note = %s WHERE id = %s",
            [text, text, order.id],
        )
        self.env.cr.execute(
            "UPDATE quote_estimate SET technical_content = %s WHERE order_id = %s",
            [text, order.id],
        )
        self.env.invalidate_all()
