"""The files inside an XLSX file, opened as a stranger's: bounded, without macros, without entities.

Plain Python, no ORM. An XLSX file is a zip of XML documents; a hostile one is a zip that grows
without end, or a document that does. Nothing is read beyond the limits below, whatever the file
says of its own size.

>>> Package(b"Name;Days")
Traceback (most recent call last):
    ...
commercial_quote_process.tools.spreadsheet_package.SpreadsheetError: ('not_spreadsheet', {})
>>> Package(b"")
Traceback (most recent call last):
    ...
commercial_quote_process.tools.spreadsheet_package.SpreadsheetError: ('empty', {})
"""

import io
import posixpath
import zipfile
import zlib

from lxml import etree

MAX_FILE_BYTES = 5 * 1024 * 1024
MAX_MEMBER_BYTES = 16 * 1024 * 1024
MAX_TOTAL_BYTES = 32 * 1024 * 1024
MAX_MEMBERS = 500

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
DOCTYPES = tuple("<!DOCTYPE".encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be"))
WORKBOOK = "xl/workbook.xml"


class SpreadsheetError(ValueError):
    """A file that cannot be read as a spreadsheet.

    :param str code: what is wrong; the caller has the words for it
    :param values: the names and numbers that belong into these words
    """

    def __init__(self, code, **values):
        super().__init__(code, values)
        self.code = code
        self.values = values


class Package:
    """The members of an XLSX file.

    :param bytes content: the file
    :raise SpreadsheetError: for what is no XLSX file, or not one that may be opened
    """

    def __init__(self, content):
        if not content:
            raise SpreadsheetError("empty")
        if len(content) > MAX_FILE_BYTES:
            raise SpreadsheetError("too_large", most=MAX_FILE_BYTES // 1024 // 1024)
        if content.startswith(OLE_MAGIC):
            raise SpreadsheetError("encrypted" if ENCRYPTED_STREAM in content else "old_format")
        try:
            self.archive = zipfile.ZipFile(io.BytesIO(content))
            self.names = {info.filename: info for info in self.archive.infolist()}
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise SpreadsheetError("not_spreadsheet") from error
        self.left = MAX_TOTAL_BYTES
        self._check_members()

    def _check_members(self):
        if any(info.flag_bits & 0x1 for info in self.names.values()):
            raise SpreadsheetError("encrypted")
        if any(name.lower().endswith("vbaproject.bin") for name in self.names):
            raise SpreadsheetError("macros")
        if len(self.names) > MAX_MEMBERS or len(self.names) < len(self.archive.infolist()):
            raise SpreadsheetError("broken")
        if "xl/workbook.bin" in self.names or "content.xml" in self.names:
            raise SpreadsheetError("other_format")
        if "[Content_Types].xml" not in self.names:
            raise SpreadsheetError("not_spreadsheet")
        if b"macroEnabled" in self.read_member("[Content_Types].xml"):
            raise SpreadsheetError("macros")

    # === MEMBERS === #

    def read_member(self, name):
        """Return the bytes of a member.

        :raise SpreadsheetError: when it is missing, damaged or too large
        """
        info = self.names.get(name)
        if info is None:
            raise SpreadsheetError("broken")
        try:
            with self.archive.open(info) as member:
                content = member.read(min(MAX_MEMBER_BYTES, self.left) + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
            raise SpreadsheetError("broken") from error
        self.left -= len(content)
        if len(content) > MAX_MEMBER_BYTES or self.left < 0:
            raise SpreadsheetError("too_much", most=MAX_MEMBER_BYTES // 1024 // 1024)
        if any(doctype in content for doctype in DOCTYPES):
            # No office suite writes one; what it would declare can grow without end.
            raise SpreadsheetError("unsafe")
        return content

    def iterate(self, name, *tags):
        """Yield the elements of a member that have one of some names, and forget each one after.

        :param tags: local names of elements
        :raise SpreadsheetError: when the member is no XML
        """
        events = etree.iterparse(
            io.BytesIO(self.read_member(name)),
            tag=[f"{{*}}{tag}" for tag in tags],
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            for _event, element in events:
                yield element
                element.clear()
                while element.getprevious() is not None and element.getparent() is not None:
                    del element.getparent()[0]
        except etree.XMLSyntaxError as error:
            raise SpreadsheetError("broken") from error

    def get_relations(self, name):
        """Return the members that a member refers to.

        :return: kind ("worksheet", "styles", ...) and name of the member, by id of the relation
        :rtype: dict
        """
        folder, base = posixpath.split(name)
        relations = posixpath.join(folder, "_rels", f"{base}.rels")
        return {
            relation.get("Id"): (
                (relation.get("Type") or "").rpartition("/")[2],
                self._resolve(folder, relation.get("Target") or ""),
            )
            for relation in self.iterate(relations, "Relationship")
            if relation.get("TargetMode") != "External"
        }

    def _resolve(self, folder, target):
        if target.startswith("/"):
            return target[1:]
        return posixpath.normpath(posixpath.join(folder, target))
