"""The documents about an incident as PDF: to the authority, and letters to those concerned."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pydyf
from django.utils.dateformat import format as formatted
from django.utils.translation import gettext as _
from django.utils.translation import override

from sprechzeit import clock
from sprechzeit.incident.documents import Block, Document
from sprechzeit.incident.letters import PatientLetter
from sprechzeit.practices.models import Practice
from sprechzeit.web.desk.a4 import HEIGHT, LEFT, WIDTH, draw_line, pages_of, width_of, wrapped
from sprechzeit.web.desk.letter_pdf import EDGE, RIGHT, from_top, letterhead, window

TITLE, HEAD, TEXT, LEADING = 15, 11, 10, 14
TOP, LOWEST = HEIGHT - 64, 72
Line = tuple[str, int, str]  # text, size in points, font


def document_pdf(document: Document) -> bytes:
    """One document; each page says which it is of how many."""
    lines = [(line, TITLE, "F2") for line in wrapped(document.title, TITLE, WIDTH - 2 * LEFT - 40)]
    lines += _lines(document.blocks, WIDTH - 2 * LEFT)
    pages = _pages(lines, TOP)
    streams = []
    for number, page in enumerate(pages, 1):
        stream = _drawn(page, TOP, LEFT)
        draw_line(stream, 40, 8, _("Seite %(number)d von %(count)d") % {"number": number, "count": len(pages)})
        streams.append(stream)
    return pages_of(streams)


def letters_pdf(practice: Practice, letters: Iterable[PatientLetter], language: str) -> bytes:
    """Each letter begins a page, with the name in the window of the envelope; the address is written by hand."""
    with override(language):
        today = clock.now().astimezone(practice.zone)
        day = formatted(today, "j. F Y" if language == "de" else "j F Y")
        return pages_of(stream for one in letters for stream in _letter(practice, one, day, language))


def _letter(practice: Practice, letter: PatientLetter, day: str, language: str) -> Iterator[pydyf.Stream]:
    greeting = f"Guten Tag {letter.name}," if language == "de" else f"Dear {letter.name},"
    begin, width = from_top(115), RIGHT - EDGE
    lines: list[Line] = [(line, HEAD + 1, "F2") for line in wrapped(letter.letter.title, HEAD + 1, width - 20)]
    lines += [("", TEXT, "F1"), (greeting, TEXT, "F1"), *_lines(letter.letter.blocks, width)]
    lines += [("", TEXT, "F1"), ("Freundliche Grüße" if language == "de" else "Yours sincerely", TEXT, "F1")]
    lines += [(practice.name, TEXT, "F1")]
    for number, page in enumerate(_pages(lines, begin)):
        stream = _drawn(page, TOP if number else begin, EDGE)
        if not number:
            letterhead(stream, practice)
            window(stream, practice, letter.name)
            draw_line(stream, from_top(103), TEXT, day, x=round(RIGHT - width_of(day, TEXT)))
        yield stream


def _lines(blocks: Iterable[Block], width: int) -> list[Line]:
    found: list[Line] = []
    before = ""
    for one in blocks:
        if one.kind != "item" or before != "item":
            found.append(("", TEXT, "F1"))
        before = one.kind
        if one.kind == "head":
            found += [(line, HEAD, "F2") for line in wrapped(one.text, HEAD, width - 30)]
        elif one.kind == "item":
            first, *more = wrapped(one.text, TEXT, width - 12)
            found += [(f"\u2022 {first}", TEXT, "F1"), *((f"  {line}", TEXT, "F1") for line in more)]
        else:
            found += [(line, TEXT, "F1") for line in wrapped(one.text, TEXT, width)]
    return found


def _pages(lines: Iterable[Line], begin: int) -> list[list[Line]]:
    """As many lines as fit; the first page begins lower. A heading is not left alone at the end of a page."""
    pages: list[list[Line]] = [[]]
    y = begin
    for line in lines:
        if y < LOWEST + (3 * LEADING if line[2] == "F2" else 0):
            pages.append([])
            y = TOP
        pages[-1].append(line)
        y -= LEADING + (line[1] - TEXT)
    return pages


def _drawn(lines: Iterable[Line], begin: int, edge: int) -> pydyf.Stream:
    stream = pydyf.Stream()
    y = begin
    for text, size, font in lines:
        draw_line(stream, y, size, text, font, x=edge)
        y -= LEADING + (size - TEXT)
    return stream
