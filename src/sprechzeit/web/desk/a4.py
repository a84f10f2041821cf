"""A4 pages as a PDF, drawn with pydyf in the fonts that every reader has. Made in memory, stored nowhere."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterable

import pydyf

WIDTH, HEIGHT = 595, 842  # A4 in points
LEFT = 64
FONTS = (("F1", "Helvetica"), ("F2", "Helvetica-Bold"), ("F3", "Courier-Bold"))
LETTERS = str.maketrans({"ł": "l", "Ł": "L", "ı": "i", "đ": "d", "Đ": "D", "ħ": "h", "Ħ": "H"})  # without a base letter

# Helvetica's widths in thousandths of its size (Adobe's font metrics), from the space on.
WIDTHS = (
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
)  # fmt: skip  # lines grouped by hand
WIDEST = 1015


def draw_line(stream: pydyf.Stream, y: int, size: int, text: str, font: str = "F1", *, x: int = LEFT) -> None:
    """One line of text; ``x`` and ``y`` are points from the lower left corner."""
    stream.begin_text()
    stream.set_font_size(font, size)
    stream.set_text_matrix(1, 0, 0, 1, x, y)
    stream.stream.append(b"(" + _printable(text) + b") Tj")  # pydyf would write UTF-16, which these fonts do not know
    stream.end_text()


def width_of(text: str, size: int) -> float:
    """In points, in F1; a character that is not measured counts as the widest."""
    return sum(_width(one) for one in unicodedata.normalize("NFD", _known(text))) * size / 1000


def wrapped(text: str, size: int, width: int) -> list[str]:
    """Lines that fit, broken between words, and within one that is longer than a line."""
    lines: list[str] = []
    for paragraph in text.splitlines():
        line = ""
        for word in paragraph.split():
            longer = f"{line} {word}".strip()
            if width_of(longer, size) <= width:
                line = longer
                continue
            if line:
                lines.append(line)
            line = ""
            for letter in word:
                if line and width_of(line + letter, size) > width:
                    lines.append(line)
                    line = ""
                line += letter
        lines.append(line)
    return lines


def page_of(stream: pydyf.Stream) -> bytes:
    """The file with this page."""
    return pages_of([stream])


def pages_of(streams: Iterable[pydyf.Stream]) -> bytes:
    """The file with these pages."""
    document = pydyf.PDF()
    fonts = pydyf.Dictionary()
    for name, base in FONTS:
        font = pydyf.Dictionary(
            {"Type": "/Font", "Subtype": "/Type1", "BaseFont": f"/{base}", "Encoding": "/WinAnsiEncoding"}
        )
        document.add_object(font)
        fonts[name] = font.reference
    for stream in streams:
        document.add_object(stream)
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


def _width(letter: str) -> int:
    if unicodedata.combining(letter):
        return 0
    place = ord(letter) - ord(" ")
    return WIDTHS[place] if 0 <= place < len(WIDTHS) else WIDEST


def _known(text: str) -> str:
    """Letters that the standard fonts do not have lose their marks: better Yilmaz than Y?lmaz."""
    return "".join(one if one.encode("cp1252", "ignore") else _bare(one) for one in text)


def _bare(letter: str) -> str:
    decomposed = unicodedata.normalize("NFKD", letter.translate(LETTERS))
    return "".join(one for one in decomposed if not unicodedata.combining(one))


def _printable(text: str) -> bytes:
    """In Windows-1252, as the standard fonts want it; what that does not know at all becomes a question mark."""
    encoded = _known(text).encode("cp1252", errors="replace")
    return encoded.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
