"""The stolen dump as a file: written by ``pg_dump`` with the stolen credentials, read row by row as it is."""

from __future__ import annotations

import mmap
import re
from dataclasses import dataclass
from pathlib import Path

from sprechzeit.backup.programs import run_program

COPY = re.compile(rb"^COPY public\.\"?(\w+)\"? \(([^)]*)\) FROM stdin;\n", re.M)
END = b"\n\\.\n"
HEX = re.compile(rb"\\\\x([0-9a-f]+)")
PIECE = 32 * 1024 * 1024


@dataclass(frozen=True)
class Piece:
    """Some whole lines of one table."""

    table: str
    columns: tuple[str, ...]
    start: int
    end: int


def write_dump(url: str, path: Path) -> None:
    """All of it, in plain SQL, as somebody with the superuser's or the owner's credentials takes it.

    Raises
    ------
    BackupError
    """
    run_program("pg_dump", url, "--format", "plain", "--file", str(path))


def pieces(path: Path) -> list[Piece]:
    """The tables' rows in pieces of some 32 MB."""
    found = []
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        for copied in COPY.finditer(content):
            table = copied[1].decode()
            columns = tuple(name.strip(' "') for name in copied[2].decode().split(","))
            start = copied.end()
            end = start if content[start : start + 3] == b"\\.\n" else content.find(END, start) + 1
            while start < end:
                cut = end if end - start <= PIECE else content.rfind(b"\n", start, start + PIECE) + 1
                found.append(Piece(table, columns, start, cut))
                start = cut
    return found


def lines(path: Path, piece: Piece) -> list[bytes]:
    """Its rows as they stand in the file."""
    with path.open("rb") as file:
        file.seek(piece.start)
        return file.read(piece.end - piece.start).split(b"\n")[:-1]


def fields(line: bytes) -> tuple[bytes, list[bytes]]:
    """What stands in clear in a row, and its binary values."""
    return HEX.sub(b"", line), [bytes.fromhex(one.decode()) for one in HEX.findall(line)]
