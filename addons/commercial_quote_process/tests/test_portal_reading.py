from datetime import timedelta

from odoo.fields import Date
from odoo.tests import tagged

from .portal_common import PortalCase

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


@tagged("post_install", "-at_install")
class TestPortalReading(PortalCase):
    """The page in its bare HTML: what a screen reader says of it, and a browser without scripts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_quote_at(
            "sent", note="<p>Our general terms</p>", scope_content="<h2>Need</h2><p>Archives.</p>"
        )

    def _get_name(self, page, node):
        """Return what an element is called by those who do not see it."""
        if label := node.get("aria-label"):
            return label
        if labelled := node.get("aria-labelledby"):
            named = page.xpath(f"//*[@id='{labelled}']")
            return self._text(named[0]) if named else ""
        if node.tag in ("input", "select", "textarea"):
            labels = page.xpath(f"//label[@for='{node.get('id')}']") if node.get("id") else []
            labels += node.xpath("ancestor::label")
            return self._text(labels[0]) if labels else ""
        pictures = node.xpath(".//img/@alt")
        return self._text(node) or " ".join(pictures) or node.get("title") or ""

    def assertReadable(self, page):
        identifiers = page.xpath("//*/@id")
        twice = {name for name in identifiers if identifiers.count(name) > 1}
        self.assertFalse(twice, "an id names one element")
        fields = page.xpath("//input[not(@type='hidden')]|//select|//textarea")
        for node in [
            *fields,
            *page.xpath("//button|//a[@href]|//dialog|//*[@role='region']|//nav"),
        ]:
            markup = f"<{node.tag} {dict(node.attrib)}>"
            self.assertTrue(self._get_name(page, node), f"{markup} has no name")
        for node in page.xpath("//img"):
            self.assertIn("alt", node.attrib)
        self.assertHeadings(page)
        self.assertTrue(page.xpath("/html/@lang"))

    def assertHeadings(self, page):
        """One title, and no level that is skipped; dialogs begin again."""
        nodes = page.xpath("//*[starts-with(name(), 'h')][not(ancestor::*[@role='dialog'])]")
        levels = [int(node.tag[1]) for node in nodes if node.tag in HEADINGS]
        self.assertEqual((levels[0], levels.count(1)), (1, 1))
        for before, after in zip(levels, levels[1:], strict=False):
            self.assertLessEqual(after, before + 1, levels)

    def test_open_offer(self):
        page = self._page(self.order)
        self.assertReadable(page)
        self.assertTrue(page.xpath("//noscript"))
        # Each button opens a dialog that is there, and says what it is.
        for target in page.xpath("//*[@data-bs-toggle='modal']/@data-bs-target"):
            dialog = page.xpath(f"//*[@id='{target[1:]}'][@role='dialog']")
            self.assertEqual(len(dialog), 1, target)

    def test_expired_offer(self):
        self.order.sudo()._gated().validity_date = Date.today() - timedelta(days=1)
        self.assertReadable(self._page(self.order))

    def test_signed_offer(self):
        self._sign(self.order)
        self.assertReadable(self._page(self.order))

    def test_offer_that_is_being_prepared(self):
        self.assertReadable(self._page(self._create_quote_at("ready")))
