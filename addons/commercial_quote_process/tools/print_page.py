"""The page that proposals are printed on: as many pixels wide on every engine.

Debian's engine shrinks what it prints until some 1030 pixels are as wide as the paper, and prints
neither headers nor footers. The patched one shrinks each document on its own, body, header and
footer, and only as far as its widest part asks for: told how wide they are, all have one scale.
"""

# Pixels from one edge of the paper to the other, and between the margins of the text.
PAGE_WIDTH, TEXT_WIDTH = 1023, 940
# What Odoo's layouts fix to the window is as wide as the page, too.
PAGE_STYLE = (
    f"body{{min-width:{PAGE_WIDTH}px}}.position-fixed.w-100{{width:{PAGE_WIDTH}px !important}}"
    ".o_footer_content .text-end{white-space:nowrap}"
)
# Without the room that Odoo keeps for a header and a footer that the engine cannot print (mm).
BARE_MARGINS = {"data-report-margin-top": 14, "data-report-margin-bottom": 18}
# What of the margins the header and the footer need, that are printed smaller than Odoo's own.
MARGIN_SHARE = 0.87
# A4, for formats of paper that say no size (mm).
USUAL_SIZE = (210, 297)


def get_margins(paper, patched):
    """Return the margins of a page, under the names that Odoo's reports give to them.

    :param paper: the ``report.paperformat``
    :param bool patched: whether the engine prints headers and footers
    :return: millimetres by name
    :rtype: dict
    """
    if not patched:
        return BARE_MARGINS
    return {
        "data-report-margin-top": round(paper.margin_top * MARGIN_SHARE),
        "data-report-margin-bottom": round(paper.margin_bottom * MARGIN_SHARE),
        "data-report-header-spacing": round(paper.header_spacing * MARGIN_SHARE),
    }


def get_room(paper, patched):
    """Return how many pixels of height a page has between its margins.

    >>> from types import SimpleNamespace
    >>> paper = SimpleNamespace(print_page_width=210, print_page_height=297, margin_top=52,
    ...                         margin_bottom=32, header_spacing=52)
    >>> get_room(paper, patched=True), get_room(paper, patched=False)
    (1091, 1290)

    :param paper: the ``report.paperformat``
    :param bool patched: whether the engine prints headers and footers
    :rtype: int
    """
    size = (paper.print_page_width, paper.print_page_height)
    width, height = size if all(size) else USUAL_SIZE
    margins = get_margins(paper, patched)
    free = height - margins["data-report-margin-top"] - margins["data-report-margin-bottom"]
    return int(free * PAGE_WIDTH / width)
