"""Look for people in the dump as it is: in clear, and behind everything that hides without being encryption."""

from __future__ import annotations

import base64
import binascii
import gzip
import re
import zlib
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from multiprocessing import get_context
from pathlib import Path

from sprechzeit.drill.dump_file import Piece, fields, lines, pieces
from sprechzeit.drill.people import People

BASE64 = re.compile(rb"[A-Za-z0-9+/]{24,}={0,2}")
CAPITAL = re.compile(rb"[A-Z]")
PROCESSES = 2
_people: People


def search_dump(path: Path, people: People) -> tuple[int, set[bytes]]:
    """Rows that were read, and who was seen in them."""
    global _people  # noqa: PLW0603 - a million people go to the processes by fork, not with every piece
    _people = people
    seen: set[bytes] = set()
    rows = 0
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("fork")) as pool:
        for count, found in pool.map(_search_piece, [(path, piece) for piece in pieces(path)]):
            rows += count
            seen |= found
    return rows, seen


def _search_piece(given: tuple[Path, Piece]) -> tuple[int, set[bytes]]:
    path, piece = given
    rows = lines(path, piece)
    found: set[bytes] = set().union(*(search_row(_people, line) for line in rows))
    return len(rows), found


def search_row(people: People, line: bytes) -> set[bytes]:
    """Who can be seen in one row of the dump, in clear or behind an encoding."""
    clear, values = fields(line)
    found = people.seen_in(clear, names=CAPITAL.search(clear) is not None)
    for word in BASE64.findall(clear):
        with suppress(binascii.Error, ValueError):
            found |= people.seen_in(base64.b64decode(word + b"=="), names=False)
    for value in values:
        for content in behind(value):
            found |= people.seen_in(content, names=is_text(content))
    return found


def is_text(content: bytes) -> bool:
    """Whether somebody could read it: random bytes are never valid UTF-8 for long."""
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def behind(value: bytes) -> Iterator[bytes]:
    """The value, and what it is when it is compressed, Base64, UTF-16 or turned around."""
    yield value
    if value[:1] == b"\x78":
        with suppress(zlib.error):
            yield zlib.decompress(value)
    if value[:2] == b"\x1f\x8b":
        with suppress(OSError, EOFError, zlib.error):
            yield gzip.decompress(value)
    if value[1:2] == b"\x00" and value[3:4] == b"\x00":
        yield value[::2]
    if BASE64.fullmatch(value):
        with suppress(binascii.Error, ValueError):
            yield base64.b64decode(value + b"==")


def hidden_forms(content: bytes) -> Iterator[bytes]:
    """Rows of a dump that hold this in each of the ways that must be seen: the search's control."""
    binary = (
        content,
        zlib.compress(content),
        gzip.compress(content),
        content.decode().encode("utf-16-le"),
        base64.b64encode(content),
        b"\x01\xff\x00" + content + b"\xfe",
    )
    yield b"7\t" + content.replace(b"\x1f", b"\t")
    yield b"7\t" + base64.b64encode(content)
    yield from (b"7\t\\\\x" + one.hex().encode() for one in binary)
