"""What the tests in a browser share."""

from odoo.tests import HttpCase

from .common import QuoteProcessMixin


class TourCase(QuoteProcessMixin, HttpCase):
    """The people of the story in a browser, however slow the machine is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._setup_story()

    def start_tour(self, url_path, tour_name, timeout=300, **options):
        return super().start_tour(url_path, tour_name, timeout=timeout, **options)
