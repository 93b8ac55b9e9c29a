import os
import random
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import psutil

import odoo
from odoo.fields import Command, Datetime
from odoo.tests import tagged
from odoo.tests.common import get_db_name
from odoo.tools import SQL, config, mute_logger

from .client_common import ClientMixin
from .race_common import PATIENCE, RaceCase

CRON = "commercial_quote_process.ir_cron_follow_up"
# Each row takes a moment to write, so that several processes meet; and one of them waits for a
# lock: that is where a process is killed.
KILL_LOCK = 20191
SLOW = f"""
CREATE SEQUENCE followup_rows_left INCREMENT -1 MINVALUE -1000000 MAXVALUE 1000000;
CREATE FUNCTION slow_followup() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_sleep(0.02);
    IF nextval('followup_rows_left') = 0 THEN PERFORM pg_advisory_xact_lock({KILL_LOCK}); END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER slow_followup BEFORE INSERT ON quote_followup
FOR EACH ROW EXECUTE FUNCTION slow_followup();
"""
BATCH = 4
QUOTES = 24


@tagged("post_install", "-at_install")
class TestFollowupProcesses(ClientMixin, RaceCase):
    """Real processes follow up quotes: each of them once, whatever happens to the processes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._prepare_database()
        cls._start_process()

    @classmethod
    def _prepare_database(cls):
        """Work on all days of the week, in small batches, and nothing else meanwhile."""
        with cls.registry.cursor() as cr:
            env = odoo.api.Environment(cr, odoo.SUPERUSER_ID, {})
            cr.execute("UPDATE ir_cron SET active = false WHERE active RETURNING id")
            silenced = tuple(row[0] for row in cr.fetchall())
            env.invalidate_all()
            cron, company = env.ref(CRON), env.company
            before = (cron.code, company.resource_calendar_id.id)
            slots = [
                {"name": "Work", "dayofweek": str(day), "hour_from": 8, "hour_to": 17}
                for day in range(7)
            ]
            company.resource_calendar_id = env["resource.calendar"].create(
                {"name": "Every day", "attendance_ids": [Command.create(slot) for slot in slots]}
            )
            cron.write({"active": True, "code": f"model._cron_follow_up(batch_size={BATCH})"})
            cr.execute(SLOW)

        def restore():
            with cls.registry.cursor() as cr:
                cr.execute("DROP FUNCTION slow_followup CASCADE")
                cr.execute("DROP SEQUENCE followup_rows_left")
                cr.execute("UPDATE ir_cron SET active = true WHERE id IN %s", [silenced])
                env = odoo.api.Environment(cr, odoo.SUPERUSER_ID, {})
                env.ref(CRON).code = before[0]
                env.company.resource_calendar_id = before[1]

        cls.addClassCleanup(restore)

    @classmethod
    def _start_process(cls):
        options = [
            f"--addons-path={','.join(config['addons_path'])}",
            f"--data-dir={config['data_dir']}",
        ]
        options += [
            f"--{name}={config[name]}"
            for name in ("db_host", "db_port", "db_user", "db_password")
            if config[name]
        ]
        paths = [str(Path(odoo.__path__[0]).parent), os.environ.get("PYTHONPATH", "")]
        cls.process = subprocess.Popen(
            [sys.executable, Path(__file__).with_name("job_process.py"), get_db_name(), *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))},
        )
        cls.addClassCleanup(cls._stop_process)
        cls._read_answer("ready")

    @classmethod
    def _read_answer(cls, expected=None):
        while line := cls.process.stdout.readline():
            answer = line.strip()
            if answer == expected or (expected is None and answer.isdigit()):
                return answer
        raise AssertionError("the process has ended")

    @classmethod
    def _stop_process(cls):
        for child in psutil.Process(cls.process.pid).children():
            child.kill()
        cls.process.kill()
        cls.process.wait()
        cls.process.stdin.close()
        cls.process.stdout.close()

    def _run(self, command="scheduler"):
        """Run the job in a process of its own, and return the id of the process."""
        self.process.stdin.write(f"{command}\n")
        return int(self._read_answer())

    def _wait(self, *pids):
        """Wait until processes have ended, and their transactions with them."""
        # Sessions are named after the process that loaded Odoo, or after the one that runs the job.
        names = tuple(f"odoo-{pid}" for pid in (self.process.pid, *pids))
        deadline = time.monotonic() + PATIENCE
        while any(psutil.pid_exists(pid) for pid in pids) or self._query(
            SQL("SELECT count(*) FROM pg_stat_activity WHERE application_name IN %s", names)
        ):
            self.assertLess(time.monotonic(), deadline, "processes that do not end")
            time.sleep(0.02)

    def _query(self, query):
        with self.registry.cursor() as cr:
            cr.execute(query)
            return cr.fetchone()[0]

    # === QUOTES THAT ARE DUE === #

    def _create_due_quotes(self, count=QUOTES):
        """Return the ids of quotes whose first follow-up is due, copies of one that was sent."""
        source_id = self._create_committed_quote("sent")
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns"
                " WHERE table_name = 'sale_order' AND column_name NOT IN"
                " ('id', 'access_token', 'quote_root_id')"
            )
            columns = SQL(cr.fetchone()[0])
            copy = "INSERT INTO sale_order (%s) SELECT %s FROM sale_order, generate_series(2, %s)"
            cr.execute(
                SQL(copy + " WHERE id = %s RETURNING id", columns, columns, count, source_id)
            )
            ids = [source_id, *(row[0] for row in cr.fetchall())]
            cr.execute(
                "UPDATE sale_order SET sent_on = %s, next_followup_on = %s, validity_date = NULL"
                " WHERE id IN %s",
                [Datetime.now() - timedelta(days=5), Datetime.now().date(), tuple(ids)],
            )
            cr.execute("UPDATE ir_cron SET nextcall = '2000-01-01' WHERE active")
        return ids

    def _count_rows(self, ids):
        return self._query(
            SQL("SELECT count(*) FROM quote_followup WHERE order_id IN %s", tuple(ids))
        )

    def assertFollowedUpOnce(self, ids):
        """Each quote has one row that is done, one activity, and a next follow-up to come."""

        def count(orders):
            orders = orders.browse(ids)
            activities = orders.activity_ids.filtered("automated")
            return (
                sorted(orders.followup_ids.mapped("order_id.id")),
                set(orders.followup_ids.mapped("outcome")),
                sorted(activities.mapped("res_id")),
                all(order.next_followup_on > Datetime.now().date() for order in orders),
            )

        rows, outcomes, activities, is_planned = self._read(ids[0], count)
        self.assertEqual(rows, sorted(ids))
        self.assertEqual(outcomes, {"done"})
        self.assertEqual(activities, sorted(ids))
        self.assertTrue(is_planned)

    def _kill_at(self, number):
        """Start the job, and kill it when it writes its row of that number: the first one is 1."""
        with self.registry.cursor() as cr:
            cr.execute("SELECT setval('followup_rows_left', %s, false)", [number - 1])
            cr.execute("SELECT pg_advisory_xact_lock(%s), pg_backend_pid()", [KILL_LOCK])
            waiting = SQL(
                "SELECT count(*) FROM pg_stat_activity WHERE %s = ANY(pg_blocking_pids(pid))",
                cr.fetchone()[1],
            )
            pid, deadline = self._run(), time.monotonic() + PATIENCE
            while not self._query(waiting):
                self.assertLess(time.monotonic(), deadline, "a job that writes nothing")
                time.sleep(0.02)
            os.kill(pid, signal.SIGKILL)
        self._wait(pid)

    # === TESTS === #

    def test_killed_once_in_the_middle(self):
        ids = self._create_due_quotes()
        number = random.randint(1, QUOTES)
        self._kill_at(number)
        whole_batches = (number - 1) // BATCH * BATCH
        self.assertEqual(self._count_rows(ids), whole_batches, "a batch is done, or not at all")
        self._wait(self._run())
        self.assertFollowedUpOnce(ids)

    def test_killed_four_times_in_a_row(self):
        ids = self._create_due_quotes()
        for time_number in range(1, 5):
            self._kill_at(BATCH + random.randint(1, BATCH))
            self.assertEqual(self._count_rows(ids), time_number * BATCH)
        self._wait(self._run())
        self.assertFollowedUpOnce(ids)

    def test_two_schedulers_a_manual_run_and_a_direct_call_at_once(self):
        ids = self._create_due_quotes()
        commands = ("scheduler", "scheduler", "manual", "direct", "direct")
        self._wait(*[self._run(command) for command in commands])
        # What one of them left to another that was killed or came too late is still due.
        self._wait(self._run("direct"))
        self.assertFollowedUpOnce(ids)

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_client_who_signs_meanwhile_is_not_followed_up(self):
        for _time in range(2):
            ids = self._create_due_quotes(count=1)
            pid = self._run("direct")
            time.sleep(random.uniform(0, 0.2))
            self._act("client", ids[0], lambda order: self._sign_as_client(order))
            self._wait(pid)
            step, outcomes, activities = self._read(
                ids[0],
                lambda order: (
                    order.quote_step,
                    order.followup_ids.mapped(lambda row: (row.outcome, row.skip_reason)),
                    order.activity_ids.filtered(
                        lambda a: (
                            a.activity_type_id.get_external_id()[a.activity_type_id.id]
                            == "commercial_quote_process.activity_type_followup"
                        )
                    ),
                ),
            )
            self.assertEqual(step, "accepted")
            self.assertFalse(activities, "nothing is left to do about a signed quote")
            self.assertIn(("skipped", "accepted"), outcomes)
            self.assertLessEqual(outcomes.count(("done", False)), 1)

    def _sign_as_client(self, order):
        """Sign as the portal does, and again when the job was first."""
        odoo.service.model.retrying(lambda: self._sign(order), order.env)
