"""What a client may send as name and drawn signature: decoded and checked, nothing trusted.

Each refusal is a ``ValueError`` whose argument is a short code; the caller has the words.
"""

import base64
import binascii
import io
import unicodedata
import warnings

from PIL import Image

NAME_MIN, NAME_MAX = 2, 128
IMAGE_MAX_BYTES = 300_000
IMAGE_MAX_SIDE = 4000
IMAGE_MAX_POINTS = 6_000_000
# Fewer dark points than this is a slip of the mouse, not a signature.
IMAGE_MIN_INK = 30
INK_LEVEL = 200

MAGICS = {"PNG": b"\x89PNG\r\n\x1a\n", "JPEG": b"\xff\xd8\xff"}
# How the bytes end: whatever follows is no part of the image.
ENDS = {"PNG": b"IEND\xaeB`\x82", "JPEG": b"\xff\xd9"}
# More dark points than this share of the image is a stain, not a signature.
IMAGE_MAX_INK = 0.9
# Writing systems that join letters need these two, between letters only.
JOINERS = {*"\u200c\u200d"}
# Letters that nobody sees.
BLANK_LETTERS = {*"\u115f\u1160\u3164\uffa0"}
# Control, format (what reorders or hides text), private, surrogate and unassigned characters.
BAD_CATEGORIES = ("Cc", "Cf", "Cn", "Co", "Cs")
# More accents on one letter than any writing needs cover what stands around it.
MOST_ACCENTS = 3


def clean_name(value):
    """Return a person's name or function as it may be stored.

    >>> clean_name("  Zoé   d'Arc ")
    "Zoé d'Arc"
    >>> clean_name("x")
    Traceback (most recent call last):
    ...
    ValueError: name_length
    >>> clean_name({"a": 1})
    Traceback (most recent call last):
    ...
    ValueError: name_type
    >>> clean_name("<b>Ann</b>")
    Traceback (most recent call last):
    ...
    ValueError: name_characters
    >>> clean_name("Ann \\u202eeeL")
    Traceback (most recent call last):
    ...
    ValueError: name_characters
    >>> clean_name("12 34")
    Traceback (most recent call last):
    ...
    ValueError: name_characters
    >>> clean_name("Ann \U0001f600")
    Traceback (most recent call last):
    ...
    ValueError: name_characters
    """
    value = clean_text(value, NAME_MIN, NAME_MAX)
    if not any(character.isalpha() for character in value):
        raise ValueError("name_characters")
    if any(unicodedata.category(character) == "So" for character in value):
        raise ValueError("name_characters")
    return value


def clean_text(value, shortest, longest):
    """Return a short text on one line as it may be stored.

    >>> clean_text("PO 2026/117", 1, 64)
    'PO 2026/117'
    >>> clean_text("PO 2026/117", 1, 5)
    Traceback (most recent call last):
    ...
    ValueError: name_length
    """
    if not isinstance(value, str):
        raise ValueError("name_type")
    if len(value) > 4 * longest:
        raise ValueError("name_length")
    value = unicodedata.normalize("NFC", value).strip()
    if any(character in "<>" or character in BLANK_LETTERS for character in value):
        raise ValueError("name_characters")
    if _has_hidden_characters(value) or _has_covering_accents(value):
        raise ValueError("name_characters")
    value = " ".join(value.split())
    if not shortest <= len(value) <= longest:
        raise ValueError("name_length")
    return value


def _has_hidden_characters(value):
    """Return whether a text has characters that hide, reorder or mean nothing.

    >>> _has_hidden_characters("\u0645\u06cc\u200c\u0631\u0648\u0645")
    False
    >>> _has_hidden_characters("Ann\u200d"), _has_hidden_characters("A\u00adnn")
    (True, True)
    """
    for position, character in enumerate(value):
        if unicodedata.category(character) not in BAD_CATEGORIES:
            continue
        around = value[position - 1 : position] + value[position + 1 : position + 2]
        if character not in JOINERS or len(around) < 2 or not all(map(_is_letter, around)):
            return True
    return False


def _is_letter(character):
    return unicodedata.category(character)[0] in "LM"


def _has_covering_accents(value):
    """Return whether a letter has so many accents that they cover others.

    >>> _has_covering_accents("Nguy\u1ec5n"), _has_covering_accents("A" + "\u0301" * 9)
    (False, True)
    """
    count = 0
    for character in value:
        count = count + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
        if count > MOST_ACCENTS:
            return True
    return False


def decode_signature(value):
    """Return the bytes of a drawn signature sent as base64: a PNG or JPEG with some ink on it.

    >>> decode_signature("@@@@")
    Traceback (most recent call last):
    ...
    ValueError: signature_format
    >>> decode_signature("")
    Traceback (most recent call last):
    ...
    ValueError: signature_missing
    >>> decode_signature(["x"])
    Traceback (most recent call last):
    ...
    ValueError: signature_format
    >>> decode_signature(_blank())
    Traceback (most recent call last):
    ...
    ValueError: signature_empty
    """
    if value in (None, False, "") or (isinstance(value, str) and not value.strip()):
        raise ValueError("signature_missing")
    if not isinstance(value, str):
        raise ValueError("signature_format")
    if len(value) > IMAGE_MAX_BYTES * 4 / 3 + 4:
        raise ValueError("signature_size")
    try:
        content = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("signature_format") from None
    check_signature_image(content)
    return content


def check_signature_image(content):
    """Refuse bytes that are not a small PNG or JPEG image with some ink on it.

    :param bytes content: the file
    """
    if not content:
        raise ValueError("signature_missing")
    if len(content) > IMAGE_MAX_BYTES:
        raise ValueError("signature_size")
    kind = next((kind for kind, magic in MAGICS.items() if content.startswith(magic)), None)
    if not kind or not content.endswith(ENDS[kind]):
        raise ValueError("signature_format")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            image = Image.open(io.BytesIO(content), formats=[kind])
            # Only the header has been read so far: a bomb is refused before it is unpacked.
            points = image.width * image.height
            if not points or max(image.size) > IMAGE_MAX_SIDE or points > IMAGE_MAX_POINTS:
                raise ValueError("signature_size")
            ink = _count_ink(image)
    except ValueError as error:
        raise ValueError(error.args[0] if _is_code(error) else "signature_format") from None
    except (OSError, SyntaxError, Image.DecompressionBombError, Warning):
        raise ValueError("signature_format") from None
    if ink < IMAGE_MIN_INK or ink > IMAGE_MAX_INK * points:
        raise ValueError("signature_empty")


def _is_code(error):
    return bool(error.args) and str(error.args[0]).startswith("signature_")


def _count_ink(image):
    """Return how many points of an image are dark, seen on white paper."""
    drawn = image.convert("RGBA")
    paper = Image.new("RGBA", drawn.size, "white")
    paper.alpha_composite(drawn)
    return sum(paper.convert("L").histogram()[:INK_LEVEL])


def _blank():
    """Return an empty drawing, as a browser sends it."""
    stream = io.BytesIO()
    Image.new("RGBA", (200, 60), (255, 255, 255, 0)).save(stream, "PNG")
    return base64.b64encode(stream.getvalue()).decode()
