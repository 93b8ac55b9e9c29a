"""Images of the server that a text shows: the text names them, their bytes are elsewhere.

>>> text = '<img src="/web/image/12-4f/x.png"><img src="/web/image/res.partner/3/image_128">'
>>> find_images(text)
[12, ('res.partner', 3, 'image_128')]
"""

import re

ADDRESS = re.compile(
    r"/web/(?:image|content)/"
    r"(?:(?:ir\.attachment/)?(?P<attachment>\d+)"
    r"|(?P<model>[a-z][a-z0-9_.]+)/(?P<id>\d+)/(?P<field>[a-z0-9_]+))"
)
QUERY = re.compile(r"/web/(?:image|content)\?(?P<query>[^\"'\s>]+)")


def find_images(text):
    """Return the images of the server that an HTML text names, in the order of the text.

    :param str text: HTML, or False
    :return: ids of attachments, and (model, id, field) for images of records
    :rtype: list

    >>> find_images('<img src="/web/image?model=res.company&amp;id=1&amp;field=logo">')
    [('res.company', 1, 'logo')]
    >>> find_images('<img src="/web/image?id=7">'), find_images(False)
    ([7], [])
    """
    if not text or "/web/" not in text:
        return []
    found = []
    for match in ADDRESS.finditer(text):
        if match["attachment"]:
            found.append(int(match["attachment"]))
        elif match["model"] != "ir.attachment":
            found.append((match["model"], int(match["id"]), match["field"]))
    for match in QUERY.finditer(text):
        values = dict(
            part.split("=", 1)
            for part in match["query"].replace("&amp;", "&").split("&")
            if "=" in part
        )
        model, record_id = values.get("model", "ir.attachment"), values.get("id", "")
        if record_id.isdigit():
            found.append(
                int(record_id)
                if model == "ir.attachment"
                else (model, int(record_id), values.get("field", "raw"))
            )
    return found
