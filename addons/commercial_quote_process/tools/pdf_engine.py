"""The PDF engine as a program that must end: with a limit of time, in a folder of its own."""

import os
import signal
import subprocess
import tempfile
from pathlib import Path
from xml.sax.saxutils import escape

# An address where nothing listens: whatever a document still asks for ends there at once.
NOWHERE = "http://127.0.0.1:9"
# Of the engine: done, and done although something could not be loaded.
GOOD_RESULTS = (0, 1)
# Headers and footers find out by this name of Odoo's which of the documents they stand beside.
BODY_NAME = "report.body.tmp.%d"
# Fonts of the machine, and more folders; names that styles write in another way than the fonts do.
FONT_SETTINGS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
<include ignore_missing="yes">%(usual)s</include>
%(folders)s
%(aliases)s
</fontconfig>
"""
FONT_NAMES = {"Fira_Mono": "Fira Mono", "Open_Sans": "Open Sans"}


class PrintFailedError(Exception):
    """The engine did not make the file; the text says why, for the log."""


class PrintTimeoutError(PrintFailedError):
    """The engine was stopped: it took longer than it may."""


def print_html(command, bodies, header=None, footer=None, fonts=(), timeout=60):
    """Return documents as one PDF.

    :param list command: the engine and its options
    :param list bodies: HTML documents, printed one after the other
    :param str header: HTML document shown above each page, where the engine can
    :param str footer: the same under each page
    :param list fonts: folders of fonts to use besides those of the machine
    :param float timeout: seconds after which the engine is stopped
    :rtype: bytes
    :raise PrintTimeoutError: when it takes longer
    :raise PrintFailedError: when no file comes out
    """
    with tempfile.TemporaryDirectory(prefix="quote_print-") as name:
        folder = Path(name)
        arguments = []
        for option, text in (("--header-html", header), ("--footer-html", footer)):
            if text:
                arguments += [option, _write(folder, option.strip("-"), text)]
        paths = [_write(folder, BODY_NAME % rank, body) for rank, body in enumerate(bodies)]
        target = folder / "printed.pdf"
        settings = _write(folder, "fonts", get_font_settings(fonts))
        _run(
            [*command, "--proxy", NOWHERE, *arguments, *paths, str(target)],
            timeout,
            {**os.environ, "FONTCONFIG_FILE": settings},
        )
        content = target.read_bytes() if target.exists() else b""
        if not content.startswith(b"%PDF"):
            raise PrintFailedError("no PDF file came out")
        return content


def get_font_settings(folders):
    """Return the settings that let the engine use fonts in some folders.

    >>> "<dir>/fonts</dir>" in get_font_settings(["/fonts"])
    True

    :param list folders: paths
    :rtype: str
    """
    return FONT_SETTINGS % {
        "usual": escape(os.environ.get("FONTCONFIG_FILE") or "/etc/fonts/fonts.conf"),
        "folders": "\n".join(f"<dir>{escape(folder)}</dir>" for folder in folders),
        "aliases": "\n".join(
            f"<alias><family>{name}</family><prefer><family>{real}</family></prefer></alias>"
            for name, real in FONT_NAMES.items()
        ),
    }


def _write(folder, name, text):
    path = folder / f"{name}.html"
    path.write_text(text, encoding="utf-8")
    return str(path)


def _run(command, timeout, environment):
    try:
        process = subprocess.Popen(
            command,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            env=environment,
            # What it starts itself, as packages that bring a screen do, is stopped with it.
            start_new_session=True,
        )
    except OSError as error:
        raise PrintFailedError(str(error)) from error
    try:
        _nothing, message = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired as error:
        _stop(process)
        raise PrintTimeoutError(f"stopped after {timeout} seconds") from error
    if process.returncode not in GOOD_RESULTS:
        raise PrintFailedError(f"result {process.returncode}: {message[-500:]}")


def _stop(process):
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.communicate()
