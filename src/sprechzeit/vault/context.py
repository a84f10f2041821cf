"""The place where a sealed value belongs: it opens there and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass

from sprechzeit.vault.framing import frame, number

LABEL = b"sprechzeit/v1/context"


@dataclass(frozen=True, slots=True)
class Context:
    """Practice, table, column and row of a sealed value.

    It is authenticated with the value, so that a value moved to another row, column, table or practice no
    longer opens. Nothing in it is secret.
    """

    practice: int
    table: str
    column: str
    row: str

    def encode(self) -> bytes:
        """Different contexts give different bytes; ``ValueError`` for what has no encoding."""
        return context_prefix(self.practice, self.table, self.column) + frame(self.row.encode())


def context_prefix(practice: int, table: str, column: str) -> bytes:
    """What all rows of one column share; ``frame(row)`` completes it."""
    return frame(LABEL, number(practice), table.encode(), column.encode())
