"""Unambiguous byte strings out of several fields: every field carries its length.

Different fields never give the same bytes, so a label or an associated datum made here has one meaning only.
"""

from __future__ import annotations

LENGTH_SIZE = 4
NUMBER_SIZE = 8
NUMBER_LIMIT = 2**63  # what a PostgreSQL bigint holds


def frame(*fields: bytes) -> bytes:
    """The fields one after the other, each behind its length in 4 bytes, big-endian."""
    return b"".join(len(field).to_bytes(LENGTH_SIZE, "big") + field for field in fields)


def number(value: int) -> bytes:
    """An identifier from 0 to 2**63 - 1 in 8 bytes, big-endian; outside of that ``ValueError``."""
    if not 0 <= value < NUMBER_LIMIT:
        raise ValueError("an identifier must lie between 0 and 2**63 - 1")
    return value.to_bytes(NUMBER_SIZE, "big")
