"""The recovery sheet as a PDF of one A4 page, drawn with pydyf. Made in memory, sent once, stored nowhere."""

from __future__ import annotations

import pydyf
import segno
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from sprechzeit.staff.sheet import PrintedSheet
from sprechzeit.web.desk.a4 import LEFT, draw_line, page_of


def sheet_pdf(printed: PrintedSheet, code: segno.QRCode) -> bytes:
    """The page: practice, seventeen numbered words, QR code, fingerprint, and what it is for."""
    stream = pydyf.Stream()
    draw_line(stream, 768, 22, _("Notfallblatt"), "F2")
    draw_line(stream, 742, 13, printed.practice_name)
    draw_line(stream, 722, 10, _("Adresse bei Sprechzeit: %(slug)s") % {"slug": printed.slug})
    draw_line(stream, 706, 10, _("Erstellt am %(day)s") % {"day": date_format(printed.made_at, "DATE_FORMAT")})
    for number, word in enumerate(printed.words, start=1):
        column, row = divmod(number - 1, 6)
        x, y = LEFT + column * 150, 654 - row * 30
        draw_line(stream, y, 10, f"{number}.", x=x)
        draw_line(stream, y, 16, word, "F3", x=x + 24)
    _code(stream, code, LEFT, 300, 160)
    for place, sentence in enumerate(_sentences(printed)):
        draw_line(stream, 252 - place * 16, 10, sentence)
    return page_of(stream)


def _sentences(printed: PrintedSheet) -> list[str]:
    return [
        _("Mit diesem Blatt öffnet sich die Praxis, wenn alle Passkeys verloren sind: /desk/notfall/"),
        _("Wer es hat, kann alle Patientendaten der Praxis lesen. Verwahren Sie es wie einen Tresorschlüssel."),
        _("Ohne Passkeys und ohne dieses Blatt sind die Daten verloren. Niemand kann sie dann öffnen."),
        _("Fingerabdruck des Schlüssels: %(fingerprint)s") % {"fingerprint": printed.fingerprint},
    ]


def _code(stream: pydyf.Stream, code: segno.QRCode, left: int, bottom: int, size: int) -> None:
    modules = [list(row) for row in code.matrix]
    side = size / len(modules)
    for row, cells in enumerate(modules):
        for column, dark in enumerate(cells):
            if dark:
                stream.rectangle(left + column * side, bottom + size - (row + 1) * side, side, side)
    stream.fill()
