"""Files that a client sends with an answer: counted, measured, and only of known kinds.

Each refusal is a ``ValueError`` whose first argument is a short code, and the second the name of
the file, where it is about one; the caller has the words.
"""

import os
import unicodedata

FILES_MAX = 5
FILE_MAX_BYTES = 10 * 1024 * 1024
NAME_MAX = 100
ZIP = b"PK\x03\x04"
# What a file of each kind begins with; nothing of it runs in a browser.
BEGINNINGS = {
    ".pdf": (b"%PDF-",),
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
    ".docx": (ZIP,),
    ".xlsx": (ZIP,),
    ".pptx": (ZIP,),
    ".odt": (ZIP,),
    ".ods": (ZIP,),
    ".odp": (ZIP,),
    ".txt": (),
    ".csv": (),
}


def check_client_files(files):
    """Return files as they may be kept, with harmless names.

    >>> check_client_files([("../../plan.PDF", b"%PDF-1.4")])
    [('plan.PDF', b'%PDF-1.4')]
    >>> check_client_files([("a.svg", b"<svg/>")])
    Traceback (most recent call last):
    ...
    ValueError: ('file_kind', 'a.svg')
    >>> check_client_files([("a.pdf", b"<html>")])
    Traceback (most recent call last):
    ...
    ValueError: ('file_kind', 'a.pdf')
    >>> check_client_files([("a.txt", b"")])
    Traceback (most recent call last):
    ...
    ValueError: ('file_empty', 'a.txt')
    >>> check_client_files([("a.txt", b"x")] * 6)
    Traceback (most recent call last):
    ...
    ValueError: file_count

    :param list files: pairs of a name and the bytes
    :rtype: list(tuple(str, bytes))
    """
    if len(files) > FILES_MAX:
        raise ValueError("file_count")
    checked = []
    for name, content in files:
        name = clean_file_name(name)
        extension = os.path.splitext(name)[1].lower()
        if len(content) > FILE_MAX_BYTES:
            raise ValueError("file_size", name)
        if extension not in BEGINNINGS:
            raise ValueError("file_kind", name)
        if not content:
            raise ValueError("file_empty", name)
        if not _is_of_kind(extension, content):
            raise ValueError("file_kind", name)
        checked.append((name, content))
    return checked


def _is_of_kind(extension, content):
    beginnings = BEGINNINGS[extension]
    if beginnings:
        return content.startswith(beginnings)
    return b"\x00" not in content


def clean_file_name(name):
    r"""Return the name of a file without its folder and without characters that hide something.

    >>> clean_file_name("C:\\notes\\plan.txt"), clean_file_name("a\u202egnp.txt")
    ('plan.txt', 'agnp.txt')
    >>> clean_file_name(""), len(clean_file_name("x" * 300 + ".pdf"))
    ('file', 92)

    :param str name: as the browser sends it
    :rtype: str
    """
    name = (name or "").replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(char for char in name if unicodedata.category(char)[0] != "C").strip(" .")
    root, extension = os.path.splitext(name)
    return f"{root[: NAME_MAX - 12]}{extension[:12]}" or "file"
