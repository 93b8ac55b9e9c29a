from odoo.tests import tagged

from .client_common import ClientMixin
from .common import QuoteProcessCase
from .print_common import ENGINES, PrintMixin

# Millimetres of the paper in points.
MM = 72 / 25.4


@tagged("post_install", "-at_install")
class TestProposalEngines(ClientMixin, PrintMixin, QuoteProcessCase):
    """The printed proposal is right with the engine of Debian and with the patched one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_quote_at("ready")

    def _get_page_of(self, pages, word):
        found = [number for number, page in enumerate(pages) if any(w[4] == word for w in page)]
        self.assertEqual(len(found), 1, word)
        return found[0]

    def _assert_inside(self, pages, top, bottom):
        """No word of a text reaches into the margins: none is cut by the end of a page."""
        for page in pages:
            for left, upper, right, lower, word in page:
                if word.startswith("word"):
                    self.assertGreater(upper, top * MM - 3, word)
                    self.assertLess(lower, (297 - bottom) * MM + 3, word)
                    self.assertGreater(left, 0)
                    self.assertLess(right, 595)

    # === IN ONE PIECE === #

    def test_no_row_is_cut_by_the_end_of_a_page(self):
        order = self._create_quote_at("financial")
        line = order.order_line[0]
        for rank in range(40):
            words = "\n".join(f"R{rank:02}{letter}" for letter in "ABCD"[: 1 + rank % 4])
            line.copy({"order_id": order.id, "name": words, "sequence": 50 + rank})
        for engine in ENGINES:
            with self.subTest(engine=engine):
                pages = self._read_words(self._print_pdf(order, engine))
                for rank in range(40):
                    of_row = {
                        self._get_page_of(pages, f"R{rank:02}{letter}")
                        for letter in "ABCD"[: 1 + rank % 4]
                    }
                    self.assertEqual(len(of_row), 1)
                end = [word[4] for word in pages[-1]]
                self.assertIn(f"{len(pages)} / {len(pages)}", " ".join(end))

    def test_no_heading_stands_alone_at_the_end_of_a_page(self):
        parts = (
            f"<h2>head{rank:02}</h2><p>{' '.join(f'word{rank:02}x{n}' for n in range(25))}</p>"
            f"{'<p>word.</p>' * (rank % 5)}"
            for rank in range(60)
        )
        order = self._create_quote_at("financial", scope_content="".join(parts))
        for engine, margins in (("plain", (14, 18)), ("patched", (45, 28))):
            with self.subTest(engine=engine):
                pages = self._read_words(self._print_pdf(order, engine))
                self.assertGreater(len(pages), 4)
                self._assert_inside(pages, *margins)
                for rank in range(60):
                    self.assertEqual(
                        self._get_page_of(pages, f"head{rank:02}"),
                        self._get_page_of(pages, f"word{rank:02}x0"),
                    )

    # === HEADER AND FOOTER === #

    def test_header_and_footer_are_printed_with_the_text_and_not_upon_it(self):
        self.company.company_details = "<p>Headword<br/>Second<br/>Third<br/>Lastline</p>"
        pages = self._read_words(self._print_pdf(self.order, "patched"))
        self.assertGreater(len(pages), 1)
        title = next(word for word in pages[1] if word[4] == "Context")
        for number, page in enumerate(pages, start=1):
            text = " ".join(word[4] for word in page)
            self.assertIn(f"Page {number} / {len(pages)}", text)
            first = next(word for word in page if word[4] == "Headword")
            last = next(word for word in page if word[4] == "Lastline")
            # One scale: header and text begin at the same distance from the edge.
            self.assertAlmostEqual(first[0], min(word[0] for word in pages[1]), delta=2)
            self.assertLess(last[3], title[1])

    def test_plan_is_as_wide_as_the_text(self):
        for engine in ENGINES:
            with self.subTest(engine=engine):
                for page in self._read_words(self._print_pdf(self.order, engine)):
                    self.assertLess(max((word[2] for word in page), default=0), 595 - 5 * MM)

    # === BY ITSELF === #

    def test_printing_calls_nobody(self):
        with self._listen_to_proxy() as listener:
            address = listener.address
            self.env["ir.config_parameter"].sudo().set_param("report.url", address)
            bad = self._get_fetching_html(address)
            self.company.write(
                dict.fromkeys(("report_footer", "company_details", "report_header"), bad)
            )
            self._write_past_the_cleaning(self.order, f"<p>Kept</p>{bad}")
            for engine in ENGINES:
                with self.subTest(engine=engine):
                    self.assertIn("Kept", "".join(self._print(self.order, engine)))
                    self.assertEqual(listener.count, 0)
            self.assertTrue(listener.is_called(), "the listener would have noticed")

    def test_what_a_page_carries_is_contained_without_the_cleaning_of_texts(self):
        reports = self.env["ir.actions.report"]
        with self._listen_to_proxy() as listener:
            bad = self._get_fetching_html(listener.address)
            page = f"<html><head></head><body>Kept{bad}</body></html>"
            for engine in ENGINES:
                with self.subTest(engine=engine), self._use_engine(engine):
                    pages = reports._contain_pages([page])
                    content = reports._print_proposal(["--quiet"], pages, None, None)
                    self.assertIn("Kept", str(self._read_words(content)))
                    self.assertEqual(listener.count, 0)

    def _get_fetching_html(self, address):
        """Return what makes a browser fetch an address, or read a file of the server."""
        other = address.replace("http:", "")
        drawing = f"<svg xmlns='http://www.w3.org/2000/svg'><image href='{address}/a'/></svg>"
        return f"""
            <img src="{address}/a.png"><img srcset="{address}/a.png 2x"><img src="{other}/a.png">
            <p style="background:url({address}/b)">x</p><p style="background:URL({address}/b)">x</p>
            <p style='background:url("{address}/b(1)")'>x</p>
            <p style="color:u\\72l({address}/b)">x</p>
            <p style='background:url("{address}/it&apos;s")'>x</p>
            <link rel="stylesheet" href="{address}/c.css"><style>@import "{address}/c.css";</style>
            <style>@IMPORT '{address}/c.css'; p {{ list-style: URL("{address}/d'e") }}</style>
            <base href="{address}"><iframe src="{address}/d"></iframe><embed src="{address}/d">
            <object data="{address}/d"></object>
            <table background="{address}/d"><tr><td background="{address}/d">x</td></tr></table>
            <svg><image xlink:href="{address}/e" width="9" height="9"></image></svg>
            <svg><image href="data:image/png;base64,AA" xlink:href="{address}/e"></image></svg>
            <svg><use xlink:href="{address}/e#f"></use><rect fill="url({address}/e#f)"></rect></svg>
            <svg><filter id="f"><feImage xlink:href="{address}/e"></feImage></filter>
            <rect filter="url(#f)" width="9" height="9"></rect></svg>
            <img src="data:image/svg+xml,{drawing}"><img src="file:///etc/hostname">
            <script>new Image().src = "{address}/f"</script>
            <p><img src="data:image/png;base64,AA" onerror="new Image().src='{address}/g'"></p>
            <meta http-equiv="refresh" content="0;url={address}/h">"""
