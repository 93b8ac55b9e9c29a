"""A process that runs scheduled actions in children of its own; run by test_followup_processes.

It loads Odoo once, so that each child is at work at once. Reads one command per line: ``scheduler``
(as the scheduler does), ``manual`` (as the button “Run manually” does) or ``direct`` (as code that
calls the method); answers with the id of the child that runs it.
"""

import os
import signal
import sys

from odoo import SUPERUSER_ID, api, sql_db
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tools import config

from odoo.addons.base.models.ir_cron import IrCron


def run(database, command):
    """Run the follow-ups of a database, in this process.

    :param str command: see the module
    """
    if command == "scheduler":
        IrCron._process_jobs(database)
        return
    with Registry(database).cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        if command == "direct":
            env["sale.order"]._cron_follow_up(batch_size=4)
            return
        try:
            env.ref("commercial_quote_process.ir_cron_follow_up").method_direct_trigger()
        except UserError:
            # The scheduler has it.
            cr.rollback()


def say(word):
    """Tell the process that started this one."""
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def main(database, *options):
    config.parse_config([f"--database={database}", "--log-level=error", *options])
    Registry(database)
    sql_db.close_all()
    # The system takes leave of children that have ended.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    say("ready")
    for line in sys.stdin:
        child = os.fork()
        if not child:
            try:
                run(database, line.strip())
            finally:
                os._exit(0)
        say(child)


if __name__ == "__main__":
    main(*sys.argv[1:])
