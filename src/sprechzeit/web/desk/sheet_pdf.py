"""The recovery sheet as a PDF of one A4 page, drawn with pydyf. Made in memory, sent once, stored nowhere."""

from __future__ import annotations

import io

import pydyf
import segno
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from sprechzeit.staff.sheet import PrintedSheet

WIDTH, HEIGHT = 595, 842  # A4 in points
LEFT = 64


def sheet_pdf(printed: PrintedSheet, code: segno.QRCode) -> bytes:
    """The page: practice, seventeen numbered words, QR code, fingerprint, and what it is for."""
    stream = pydyf.Stream()
    _line(stream, 768, 22, _("Notfallblatt"), "F2")
    _line(stream, 742, 13, printed.practice_name)
    _line(stream, 722, 10, _("Adresse bei Sprechzeit: %(slug)s") % {"slug": printed.slug})
    _line(stream, 706, 10, _("Erstellt am %(day)s") % {"day": date_format(printed.made_at, "DATE_FORMAT")})
    for number, word in enumerate(printed.words, start=1):
        column, row = divmod(number - 1, 6)
        x, y = LEFT + column * 150, 654 - row * 30
        _line(stream, y, 10, f"{number}.", x=x)
        _line(stream, y, 16, word, "F3", x=x + 24)
    _code(stream, code, LEFT, 300, 160)
    for place, sentence in enumerate(_sentences(printed)):
        _line(stream, 252 - place * 16, 10, sentence)
    document = pydyf.PDF()
    document.add_object(stream)
    fonts = pydyf.Dictionary()
    for name, base in (("F1", "Helvetica"), ("F2", "Helvetica-Bold"), ("F3", "Courier-Bold")):
        font = pydyf.Dictionary(
            {"Type": "/Font", "Subtype": "/Type1", "BaseFont": f"/{base}", "Encoding": "/WinAnsiEncoding"}
        )
        document.add_object(font)
        fonts[name] = font.reference
    document.add_page(
        pydyf.Dictionary(
            {
                "Type": "/Page",
                "Parent": document.pages.reference,
                "Contents": stream.reference,
                "MediaBox": pydyf.Array([0, 0, WIDTH, HEIGHT]),
                "Resources": pydyf.Dictionary({"Font": fonts}),
            }
        )
    )
    output = io.BytesIO()
    document.write(output)
    return output.getvalue()


def _sentences(printed: PrintedSheet) -> list[str]:
    return [
        _("Mit diesem Blatt öffnet sich die Praxis, wenn alle Passkeys verloren sind: /desk/notfall/"),
        _("Wer es hat, kann alle Patientendaten der Praxis lesen. Verwahren Sie es wie einen Tresorschlüssel."),
        _("Ohne Passkeys und ohne dieses Blatt sind die Daten verloren. Niemand kann sie dann öffnen."),
        _("Fingerabdruck des Schlüssels: %(fingerprint)s") % {"fingerprint": printed.fingerprint},
    ]


def _line(stream: pydyf.Stream, y: int, size: int, text: str, font: str = "F1", *, x: int = LEFT) -> None:
    stream.begin_text()
    stream.set_font_size(font, size)
    stream.set_text_matrix(1, 0, 0, 1, x, y)
    stream.stream.append(b"(" + _printable(text) + b") Tj")  # pydyf would write UTF-16, which these fonts do not know
    stream.end_text()


def _printable(text: str) -> bytes:
    """In Windows-1252, as the standard fonts want it; what that does not know becomes a question mark."""
    encoded = text.encode("cp1252", errors="replace")
    return encoded.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def _code(stream: pydyf.Stream, code: segno.QRCode, left: int, bottom: int, size: int) -> None:
    modules = [list(row) for row in code.matrix]
    side = size / len(modules)
    for row, cells in enumerate(modules):
        for column, dark in enumerate(cells):
            if dark:
                stream.rectangle(left + column * side, bottom + size - (row + 1) * side, side, side)
    stream.fill()
