"""Identifiers: UUID version 7 (RFC 9562, section 5.7), so that new rows lie side by side in an index."""

from __future__ import annotations

import secrets
import time
from typing import NewType
from uuid import UUID

PracticeId = NewType("PracticeId", int)
ResourceId = NewType("ResourceId", int)
VisitTypeId = NewType("VisitTypeId", int)


def new_id() -> UUID:
    """A new UUIDv7: 48 bits of Unix time in milliseconds, 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    random = secrets.randbits(74)
    value = (milliseconds & (2**48 - 1)) << 80
    value |= 0x7 << 76
    value |= (random >> 62) << 64
    value |= 0b10 << 62
    value |= random & (2**62 - 1)
    return UUID(int=value)
