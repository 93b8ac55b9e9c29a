from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

# Looks at the page by the same visitor within so many minutes are one view.
SAME_VIEW_MINUTES = 30
# Rows of programs and colleagues per quote: a robot that comes back for ever adds no more.
OTHER_ROWS_MAX = 100
# Rows of people who looked: more browsers than that look at no offer.
CLIENT_ROWS_MAX = 500
# What could lead to a person is erased after so many days.
PERSONAL_DAYS = 365
PERSONAL_FIELDS = ("agent", "network", "partner_id", "session_hash")
PURGE_BATCH = 10_000


class QuoteView(models.Model):
    """Somebody, or something, that opened the client's page of one version of a quote.

    A fetch of the page adds a row that counts for nothing; the browser in which the page was
    visible for three seconds turns it into a view of the client. One row per visitor, not per
    visit. Addresses are cut to their network and browsers to their name; these and who it was are
    erased after a year.
    """

    _name = "quote.view"
    _description = "View of a client's page"
    _order = "last_on desc, id desc"
    _rec_name = "order_id"

    order_id = fields.Many2one(
        "sale.order", string="Quote", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", readonly=True, index=True)
    kind = fields.Selection(
        [
            ("client", "Read by the client"),
            ("fetch", "Fetched, not read"),
            ("machine", "Mail scanner or preview"),
            ("colleague", "Colleague"),
        ],
        string="What",
        required=True,
        readonly=True,
        help="A page is read when it was visible in a browser for three seconds. Only this counts.",
    )
    visitor_key = fields.Char(
        required=True, readonly=True, groups=fields.NO_ACCESS, export_string_translation=False
    )
    session_hash = fields.Char(
        readonly=True, groups=fields.NO_ACCESS, export_string_translation=False
    )
    access_id = fields.Many2one(
        "quote.page.access", string="By the link of", readonly=True, ondelete="set null"
    )
    partner_id = fields.Many2one(
        "res.partner", string="Account of", readonly=True, ondelete="set null"
    )
    person = fields.Char(string="Who", compute="_compute_person", compute_sudo=True)
    first_on = fields.Datetime(string="First", required=True, readonly=True)
    last_on = fields.Datetime(string="Last", required=True, readonly=True)
    count = fields.Integer(string="Times", required=True, readonly=True, aggregator="sum")
    network = fields.Char(
        readonly=True, help="The address without its last part; erased after a year."
    )
    agent = fields.Char(
        string="Browser", readonly=True, help="Browser and system; erased after a year."
    )

    _visitor_uniq = models.UniqueIndex("(order_id, visitor_key)")
    _last_on_idx = models.Index("(last_on) WHERE network IS NOT NULL OR session_hash IS NOT NULL")

    @api.depends("access_id", "partner_id", "kind")
    @api.depends_context("lang")
    def _compute_person(self):
        for view in self:
            if view.access_id:
                view.person = view.access_id.name
            elif view.partner_id:
                view.person = view.partner_id.name
            else:
                view.person = view.kind == "client" and self.env._("Holder of the client's link")

    # === RECORDING === #

    @api.model
    def _record_fetch(self, values):
        """Note that a page was fetched, by one statement.

        The same visitor adds one row a day, and no row at all once there are many.

        :param dict values: ``order_id``, ``company_id``, ``kind``, ``visitor_key``, ``network``,
            ``agent``, ``access_id``, ``partner_id``
        """
        now = fields.Datetime.now()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO quote_view
                       (order_id, company_id, kind, visitor_key, network, agent, access_id,
                        partner_id, first_on, last_on, count, create_uid, create_date)
                SELECT %(order_id)s, %(company_id)s, %(kind)s, %(visitor_key)s, %(network)s,
                       %(agent)s, %(access_id)s, %(partner_id)s, %(now)s, %(now)s, 1, %(uid)s,
                       %(now)s
                 WHERE (SELECT count(*) FROM quote_view
                         WHERE order_id = %(order_id)s AND kind != 'client') < %(most)s
                    OR EXISTS (SELECT FROM quote_view WHERE order_id = %(order_id)s
                                  AND visitor_key = %(visitor_key)s)
                ON CONFLICT (order_id, visitor_key) DO UPDATE
                   SET count = quote_view.count + 1, last_on = EXCLUDED.last_on
                 WHERE quote_view.kind = EXCLUDED.kind
                   AND quote_view.last_on < %(same)s
                """,
                **values,
                now=now,
                same=now - timedelta(minutes=SAME_VIEW_MINUTES),
                uid=self.env.uid,
                most=OTHER_ROWS_MAX,
            )
        )
        self.invalidate_model(flush=False)

    @api.model
    def _record_client_view(self, order_id, session_hash, fetch_key, values):
        """Note that the page was visible in a browser for a while.

        The fetch of the same browser becomes the view. To be called with the quote locked.

        :param int order_id: id of the quote
        :param str session_hash: hash of the browser's session
        :param str fetch_key: key under which the fetch was noted
        :param dict values: what else is known of the visitor, as for ``_record_fetch``
        :return: whether this is a view more
        :rtype: bool
        """
        now = fields.Datetime.now()
        rows_sudo = self.sudo().search(
            [
                ("order_id", "=", order_id),
                "|",
                ("visitor_key", "=", fetch_key),
                "&",
                ("kind", "=", "client"),
                ("session_hash", "=", session_hash),
            ]
        )
        known_sudo = rows_sudo.filtered(lambda row: row.session_hash == session_hash)[:1]
        fetched_sudo = rows_sudo.filtered(lambda row: row.kind == "fetch")
        if known_sudo:
            fetched_sudo.unlink()
            if known_sudo.last_on > now - timedelta(minutes=SAME_VIEW_MINUTES):
                return False
            known_sudo.write({"last_on": now, "count": known_sudo.count + 1})
            return True
        read = {"kind": "client", "session_hash": session_hash, "last_on": now, "count": 1}
        if fetched_sudo:
            fetched_sudo[0].write(read)
            return True
        domain = [("order_id", "=", order_id), ("kind", "=", "client")]
        if rows_sudo.search_count(domain, limit=CLIENT_ROWS_MAX) < CLIENT_ROWS_MAX:
            # The fetch of somebody else behind the same address stands for that person.
            read["visitor_key"] = session_hash
            rows_sudo.create({**values, **read, "order_id": order_id, "first_on": now})
        return True

    # === PERSONAL DATA === #

    @api.autovacuum
    def _gc_personal_data(self):
        """Erase what could lead to a person from old rows; what was counted stays."""
        limit = fields.Datetime.now() - timedelta(days=PERSONAL_DAYS)
        old = self.search(
            [
                ("last_on", "<", limit),
                "|",
                ("network", "!=", False),
                ("session_hash", "!=", False),
            ],
            limit=PURGE_BATCH,
        )
        old.write(dict.fromkeys(PERSONAL_FIELDS, False))
        return len(old), PURGE_BATCH if len(old) == PURGE_BATCH else 0
