"""A server with workers of its own on the database of the tests, and ways to stop it anywhere."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil

import odoo
from odoo.tests.common import HOST, get_db_name
from odoo.tools import config
from odoo.tools.pdf import PdfFileWriter

from .http_race_common import HttpRaceCase
from .race_common import PATIENCE

# Stands in for wkhtmltopdf: prints the same page, as soon as nobody holds the printer.
PRINTER = """#!/bin/sh
folder=$(dirname "$0")
case "$*" in *--version*) echo "wkhtmltopdf 0.12.6 (with patched qt)"; exit 0 ;; esac
while [ -e "$folder/held" ]; do touch "$folder/waiting"; sleep 0.1; done
for output; do :; done
cat "$folder/page.pdf" > "$output"
"""

# The number of a lock, and a trigger that lets a commit wait for it.
COMMIT_LOCK = 20190
HOLD_COMMITS = f"""
CREATE FUNCTION hold_commit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM pg_advisory_xact_lock({COMMIT_LOCK}); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER hold_commit AFTER INSERT ON TABLE_NAME
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION hold_commit();
"""


def get_free_ports(count):
    """Return numbers of ports that nobody listens on."""
    with contextlib.ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind((HOST, 0))
        return [probe.getsockname()[1] for probe in probes]


class ServerCase(HttpRaceCase):
    """Requests to a real server: two workers, two workers for scheduled actions, and SIGKILL.

    What happens between two statements is stopped by locks in the database, so that no code of the
    server is touched.
    """

    # The scheduled actions that the server runs; the others stay silent meanwhile.
    crons = ()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls._silence_crons()
        cls._make_printer()
        cls._start_server()

    @classmethod
    def _silence_crons(cls):
        with cls.registry.cursor() as cr:
            env = odoo.api.Environment(cr, odoo.SUPERUSER_ID, {})
            ids = tuple(env.ref(xmlid).id for xmlid in cls.crons)
            cr.execute(
                "UPDATE ir_cron SET active = false WHERE active AND id NOT IN %s RETURNING id",
                [ids],
            )
            silenced = tuple(row[0] for row in cr.fetchall())

        def restore():
            with cls.registry.cursor() as cr:
                cr.execute("UPDATE ir_cron SET active = true WHERE id IN %s", [silenced])

        cls.addClassCleanup(restore)

    @classmethod
    def _make_printer(cls):
        writer = PdfFileWriter()
        writer.addBlankPage(width=595, height=842)
        with (cls.folder / "page.pdf").open("wb") as stream:
            writer.write(stream)
        printer = cls.folder / "wkhtmltopdf"
        printer.write_text(PRINTER)
        printer.chmod(0o755)

    # === THE SERVER === #

    @classmethod
    def _start_server(cls):
        """Start a server on the database of the tests, and wait until it answers."""
        cls.port, gevent_port = get_free_ports(2)
        cls.log = cls.folder / "server.log"
        options = {
            "database": get_db_name(),
            "addons-path": ",".join(config["addons_path"]),
            "data-dir": config["data_dir"],
            "http-interface": HOST,
            "http-port": cls.port,
            "gevent-port": gevent_port,
            "workers": 2,
            "max-cron-threads": 2,
            "limit-time-real": 120,
            "limit-time-cpu": 60,
            "logfile": cls.log,
        }
        for name in ("db_host", "db_port", "db_user", "db_password"):
            if config[name]:
                options[name] = config[name]
        command = [sys.executable, "-m", "odoo"]
        command += [f"--{name}={value}" for name, value in options.items()]
        source = str(Path(odoo.__path__[0]).parent)
        paths = [source, *filter(None, [os.environ.get("PYTHONPATH")])]
        cls.server = subprocess.Popen(
            command,
            env={
                **os.environ,
                "PATH": f"{cls.folder}{os.pathsep}{os.environ['PATH']}",
                "PYTHONPATH": os.pathsep.join(paths),
            },
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        cls.addClassCleanup(cls._stop_server)
        cls._wait_until(cls._is_answering)

    @classmethod
    def _stop_server(cls):
        # Workers that are stopped in the middle of something would outlive their parent.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(cls.server.pid, signal.SIGKILL)
        cls.server.wait()

    @classmethod
    def _is_answering(cls):
        try:
            with urllib.request.urlopen(
                f"http://{HOST}:{cls.port}/web/health", timeout=5
            ) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    @classmethod
    def _wait_until(cls, is_done):
        """Wait for a condition, and return its value."""
        deadline = time.monotonic() + PATIENCE
        while not (value := is_done()):
            if time.monotonic() > deadline:
                raise AssertionError(f"Not within {PATIENCE} s. {cls._read_log()[-3000:]}")
            time.sleep(0.05)
        return value

    @classmethod
    def _read_log(cls):
        return cls.log.read_text() if cls.log.exists() else ""

    def _get_port(self):
        return self.port

    @contextlib.contextmanager
    def _printer_held(self):
        """Let whoever prints wait until the end of this block."""
        held = self.folder / "held"
        held.touch()
        (self.folder / "waiting").unlink(missing_ok=True)
        try:
            yield
        finally:
            held.unlink()

    def _is_printing(self):
        """Return whether a scheduled action has come as far as the printer, which is held."""
        self._wake_crons()
        return (self.folder / "waiting").exists()

    def _wake_crons(self):
        """Let the server look for what is due at once; by itself it does so every minute."""
        with self.registry.cursor() as cr:
            self._get_superuser_env(cr)["ir.cron"]._notifydb()

    # === STOPPING IT === #

    @contextlib.contextmanager
    def _held(self, query, *parameters):
        """Keep what a statement locks until the end of this block.

        :return: the id of the database connection that holds it
        """
        with self.registry.cursor() as cr:
            cr.execute("SELECT pg_backend_pid()")
            holder = cr.fetchone()[0]
            cr.execute(query, parameters)
            yield holder
            cr.rollback()

    def _is_waited_for(self, holder):
        """Return whether the server waits for what a connection of ours holds."""
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
                " AND %s = ANY(pg_blocking_pids(pid))"
                # Workers of scheduled actions tidy up at any time.
                " AND query !~* '^\\s*(DELETE|SELECT)'",
                [holder],
            )
            return bool(cr.fetchall())

    @contextlib.contextmanager
    def _commits_held(self, table):
        """Let the commit of whoever adds a row to a table wait for ``COMMIT_LOCK``."""
        with self.registry.cursor() as cr:
            cr.execute(HOLD_COMMITS.replace("TABLE_NAME", table))
        try:
            yield
        finally:
            with self.registry.cursor() as cr:
                cr.execute("DROP FUNCTION hold_commit CASCADE")

    @contextlib.contextmanager
    def _killed_at(self, act, query, *parameters):
        """Do something, and kill all workers at the point where one waits for a lock because of it.

        They are stopped there: the statement goes on in the database once the lock is free, and
        nothing follows. Inside of this block that has happened; after it they are dead, and their
        parent has others.

        :param act: function that makes the server work, and returns at once
        :param str query: takes the lock
        """
        with self._held(query, *parameters) as holder:
            act()
            self._wait_until(lambda: self._is_waited_for(holder))
            workers = psutil.Process(self.server.pid).children()
            for worker in workers:
                with contextlib.suppress(psutil.NoSuchProcess):
                    worker.suspend()
        yield
        for worker in workers:
            with contextlib.suppress(psutil.NoSuchProcess):
                worker.kill()
