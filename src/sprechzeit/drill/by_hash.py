"""Compare hashes of what is known about people with everything in the dump that may be one: a stored hash would tell
who is a patient, and numbers and dates are guessed in seconds."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from sprechzeit.drill.dump_file import Piece, fields, lines, pieces
from sprechzeit.drill.outcome import Opened, Tried
from sprechzeit.drill.people import People

HEX = re.compile(rb"\b(?:[0-9a-f]{2}){16,64}\b")
SIZES = {16, 20, 24, 28, 32, 48, 64}
PROCESSES = 2
HASHES: tuple[Callable[[bytes], bytes], ...] = (
    lambda value: hashlib.sha256(value).digest(),
    lambda value: hashlib.sha1(value, usedforsecurity=False).digest(),
    lambda value: hashlib.md5(value, usedforsecurity=False).digest(),
    lambda value: hashlib.blake2b(value, digest_size=32).digest(),
)


def search_by_hash(people: People, path: Path) -> Tried:
    """How many people the dump's values betray to somebody who knows them."""
    tried, found = _compare(people, _values(path))
    known = People()
    known.add("Müller", "Anna", "1970-01-01", "+493000000001", "anna@example.org")
    planted = [one for forms in _forms(known) for one in _hashes(forms)]
    seen = 0
    for number, value in enumerate(planted):
        line = b"7\t" + (b"\\\\x" if number % 2 else b"") + value.hex().encode()
        seen += _compare(known, values_of_line(line))[1]
    return Tried("hashes of numbers, addresses, names and birth dates", tried, len(planted), seen, Opened(found))


def _compare(people: People, values: set[bytes]) -> tuple[int, int]:
    """Hashes made, and people of whom one is among the values."""
    tried = found = 0
    for forms in _forms(people):
        hashes = list(_hashes(forms))
        tried += len(hashes)
        found += any(one in values for one in hashes)
    return tried, found


def _forms(people: People) -> Iterator[list[bytes]]:
    for phone in people.phones:
        yield [b"+4930" + phone, b"030" + phone, phone]
    for mail in people.mails:
        yield [mail]
    for last, first, born in people.named:
        name = f"{last}|{first}|{born}"
        yield [name.encode(), name.replace("|", "").lower().encode(), f"{first} {last}".encode()]


def _hashes(forms: list[bytes]) -> Iterator[bytes]:
    for form in forms:
        for one in HASHES:
            yield one(form)


def _values(path: Path) -> set[bytes]:
    found: set[bytes] = set()
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("fork")) as pool:
        for some in pool.map(_values_of, [(path, piece) for piece in pieces(path)]):
            found |= some
    return found


def _values_of(given: tuple[Path, Piece]) -> set[bytes]:
    path, piece = given
    return set().union(*map(values_of_line, lines(path, piece)))


def values_of_line(line: bytes) -> set[bytes]:
    """Whatever in a row has the size of a hash."""
    clear, values = fields(line)
    texts = {bytes.fromhex(one.decode()) for one in HEX.findall(clear)}
    return {value for value in values if len(value) in SIZES} | texts
