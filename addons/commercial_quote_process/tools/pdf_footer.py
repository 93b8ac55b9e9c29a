"""Numbers under the pages of a PDF, for an engine that prints neither headers nor footers."""

import io

from odoo.tools.pdf import PdfFileReader, PdfFileWriter

SIZE = 8
LEFT, BOTTOM = 36, 24


def number_pages(content, name):
    """Return a PDF with a name and "page / pages" under each page.

    >>> one = _draw_numbers([(595, 842)], "", 1).getvalue()
    >>> number_pages(one, "S00042 \u2713").startswith(b"%PDF")
    True

    :param bytes content: the PDF
    :param str name: what stands at the left; letters that the standard fonts lack are left out
    :rtype: bytes
    """
    reader = PdfFileReader(io.BytesIO(content), strict=False)
    count = len(reader.pages)
    sizes = [(float(page.mediabox.width), float(page.mediabox.height)) for page in reader.pages]
    numbers = PdfFileReader(_draw_numbers(sizes, name, count))
    writer = PdfFileWriter()
    for page, number in zip(reader.pages, numbers.pages, strict=True):
        page.merge_page(number)
        writer.add_page(page)
    for page in writer.pages:
        page.compress_content_streams()
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def _draw_numbers(sizes, name, count):
    """Return a PDF with nothing but the numbers."""
    from reportlab.pdfgen import canvas  # noqa: PLC0415  (slow to load, needed to print only)

    stream = io.BytesIO()
    drawing = canvas.Canvas(stream)
    known = name.encode("latin-1", "ignore").decode("latin-1")
    for rank, (width, height) in enumerate(sizes, start=1):
        drawing.setPageSize((width, height))
        drawing.setFont("Helvetica", SIZE)
        drawing.setFillGray(0.45)
        drawing.drawString(LEFT, BOTTOM, known)
        drawing.drawRightString(width - LEFT, BOTTOM, f"{rank} / {count}")
        drawing.showPage()
    drawing.save()
    stream.seek(0)
    return stream
