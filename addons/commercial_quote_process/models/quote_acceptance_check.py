import logging

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL

from .quote_acceptance_problem_mixin import UNREADABLE

_logger = logging.getLogger(__name__)

BATCH_SIZE = 200
# What waits longer for its seal is a problem: the job should have made it.
MOST_HOURS_UNSEALED = 24
MOST_PROBLEMS = 50


class QuoteAcceptanceCheck(models.Model):
    """What a verification of a company's chain found, and where the chain ended then.

    A chain that later ends before that place has lost its end. Each time the last seal also goes
    into the server's log, which usually is kept elsewhere.
    """

    _name = "quote.acceptance.check"
    _inherit = ["quote.immutable.mixin"]
    _description = "Verification of acceptances"
    _order = "id desc"
    _rec_name = "checked_on"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    checked_on = fields.Datetime(
        string="Verified on", required=True, readonly=True, default=fields.Datetime.now
    )
    first_number = fields.Integer(string="From seal", readonly=True)
    last_number = fields.Integer(string="To seal", readonly=True)
    head_number = fields.Integer(string="Last seal of the company", readonly=True)
    head_hash = fields.Char(string="Hash of the last seal", readonly=True)
    problem_count = fields.Integer(string="Problems", readonly=True)
    problems = fields.Text(string="What does not match", readonly=True)

    # === JOB === #

    @api.model
    def _cron_check(self, limit=BATCH_SIZE):
        """Verify the chain of each company, and the content of a bounded part of it."""
        groups = self.env["quote.acceptance"]._read_group([], ["company_id"])
        companies = [company for (company,) in groups]
        self.env["ir.cron"]._commit_progress(remaining=len(companies))
        for company in companies:
            self._verify_company(company, limit)
            if not self.env["ir.cron"]._commit_progress(1):
                break

    def _verify_company(self, company, limit):
        """Verify one company, keep the result, and tell an administrator when it is a new one.

        :param res.company company: whose acceptances are verified
        :param int limit: how many seals are compared with what they seal; the next time goes on
            from there
        :return: the new row
        :rtype: quote.acceptance.check
        """
        admins = self._get_administrators(company)
        self = self.with_context(lang=admins[:1].lang or self.env.lang)
        last_check = self.search([("company_id", "=", company.id)], limit=1)
        try:
            values = self._prepare_check_values(company, last_check, limit)
        except UNREADABLE:
            _logger.warning("Verification of company %s", company.id, exc_info=True)
            values = self._prepare_unreadable_values()
        check = self.create({"company_id": company.id, **values})
        _logger.info(
            "Acceptances of company %s: seal %s is %s",
            company.id,
            check.head_number,
            check.head_hash,
        )
        if check.problems and check.problems != last_check.problems:
            check._tell_administrators(admins)
        return check

    def _prepare_check_values(self, company, last_check, limit):
        """Return what a verification of one company finds, as values of its row.

        :param quote.acceptance.check last_check: where the content was compared last; may be empty
        """
        seal_model = self.env["quote.acceptance.seal"]
        head = seal_model.search([("company_id", "=", company.id)], order="number desc", limit=1)
        start = last_check.last_number if last_check.last_number < head.number else 0
        domain = [("company_id", "=", company.id), ("number", ">", start)]
        seals = seal_model.search(domain, order="number", limit=limit)
        problems = self._get_chain_problems(company) + self._get_part_problems(seals)
        problems = list(dict.fromkeys(problems))
        return {
            "first_number": seals[:1].number,
            "last_number": seals[-1:].number,
            "head_number": head.number,
            "head_hash": head.seal_hash,
            "problem_count": len(problems),
            "problems": "\n".join(problems[:MOST_PROBLEMS]),
        }

    def _prepare_unreadable_values(self):
        """Return the values of a verification that a spoilt value has stopped."""
        sentence = self.env._(
            "A seal holds a value that cannot be read, because it was changed in the database."
        )
        return {"problem_count": 1, "problems": sentence}

    def _get_part_problems(self, seals):
        """Return what does not match in the acceptances of some seals, one after the other."""
        problems = []
        for acceptance in seals.acceptance_id:
            problems += acceptance._get_problems()
            # Documents and images are large: none stays in memory.
            self.env.invalidate_all()
        return problems

    # === THE WHOLE CHAIN === #

    @api.model
    def _get_chain_problems(self, company_sudo):
        """Walk through all seals of a company: their order, their hashes, what they seal.

        :param res.company company_sudo: in superuser mode
        :rtype: list[str]
        """
        return [
            *self._get_walk_problems(company_sudo),
            *self._get_end_problems(company_sudo),
            *self._get_missing_problems(company_sudo),
        ]

    def _get_walk_problems(self, company_sudo):
        problems, number, previous = [], 0, ""
        seals_sudo = self.env["quote.acceptance.seal"].sudo()
        domain = [("company_id", "=", company_sudo.id)]
        while batch := seals_sudo.search(
            [*domain, ("number", ">", number)], order="number", limit=1000
        ):
            for seal_sudo in batch:
                if seal_sudo.number != number + 1:
                    problems.append(
                        self.env._(
                            "Seals %(first)s to %(last)s are missing.",
                            first=number + 1,
                            last=seal_sudo.number - 1,
                        )
                    )
                elif (
                    seal_sudo.previous_hash or ""
                ) != previous or seal_sudo._get_seal_hash() != seal_sudo.seal_hash:
                    problems.append(
                        self.env._(
                            "Seal %(number)s does not fit in its chain.", number=seal_sudo.number
                        )
                    )
                number, previous = seal_sudo.number, seal_sudo.seal_hash
            batch.invalidate_recordset()
        return problems

    def _get_end_problems(self, company_sudo):
        """Compare the end of the chain with where it ended at earlier verifications."""
        checks_sudo = self.sudo().search(
            [("company_id", "=", company_sudo.id), ("head_number", ">", 0)],
            order="head_number desc",
            limit=1,
        )
        if not checks_sudo:
            return []
        seal_sudo = self.env["quote.acceptance.seal"].sudo()
        seal_sudo = seal_sudo.search(
            [("company_id", "=", company_sudo.id), ("number", "=", checks_sudo.head_number)]
        )
        if seal_sudo.seal_hash == checks_sudo.head_hash:
            return []
        return [
            self.env._(
                "The end of the chain is missing: seal %(number)s existed on %(date)s.",
                number=checks_sudo.head_number,
                date=fields.Date.to_string(checks_sudo.checked_on),
            )
        ]

    def _get_missing_problems(self, company_sudo):
        """Find accepted quotes without acceptance, and acceptances that nobody sealed."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT quote.name, acceptance.id IS NULL
                  FROM sale_order AS quote
             LEFT JOIN quote_acceptance AS acceptance ON acceptance.order_id = quote.id
             LEFT JOIN quote_acceptance_seal AS seal ON seal.acceptance_id = acceptance.id
                 WHERE quote.company_id = %s
                   AND quote.quote_process
                   AND (
                       (acceptance.id IS NULL AND quote.quote_step = 'accepted')
                       OR (seal.id IS NULL AND acceptance.create_date
                           < (now() AT TIME ZONE 'UTC') - %s * interval '1 hour')
                   )
              ORDER BY quote.id
                 LIMIT %s
                """,
                company_sudo.id,
                MOST_HOURS_UNSEALED,
                MOST_PROBLEMS,
            )
        )
        return [
            self.env._("%(quote)s is accepted, but its acceptance is missing.", quote=name)
            if is_missing
            else self.env._("The acceptance of %(quote)s has not been sealed.", quote=name)
            for name, is_missing in rows
        ]

    # === TELLING === #

    def _get_administrators(self, company):
        admins = self.env.ref("base.group_system").all_user_ids
        return admins.filtered(lambda user: user.active and company in user.company_ids)

    def _tell_administrators(self, admins):
        """Notify those who look after the server: somebody has been in the database."""
        self.ensure_one()
        rows = Markup("").join(
            Markup("<li>%s</li>") % line for line in (self.problems or "").splitlines()
        )
        self.env["mail.thread"].message_notify(
            partner_ids=admins.partner_id.ids,
            subject=self.env._("Acceptances of quotes do not match what was recorded"),
            body=Markup("<p>%s</p><ul>%s</ul>") % (self.company_id.name, rows),
        )
