"""Entries that overlap stand beside each other; one that overlaps none has the whole width."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sprechzeit.booking.day import Entry

MOST_LANES = 6


def lanes_of(entries: Sequence[Entry], capacity: int) -> int:
    """How many lanes the column is divided into."""
    return min(max([capacity, *(entry.lane + 1 for entry in entries)]), MOST_LANES)


def beside(entries: Sequence[Entry], capacity: int) -> list[tuple[Entry, str]]:
    """Each entry, earliest first, with the class of its lane. A resource for one at a time has no lanes of its own."""
    found: list[tuple[Entry, str]] = []
    for group in _overlapping(entries):
        last = max(entry.lane for entry in group)
        for entry in group:
            lane = f"lane-{min(entry.lane + 1, MOST_LANES)}"
            # The last of a group reaches to the column's edge: it leaves no gap where nobody is squeezed in.
            found.append((entry, f"{lane} to-edge" if capacity == 1 and entry.lane == last else lane))
    return found


def _overlapping(entries: Sequence[Entry]) -> list[list[Entry]]:
    """Groups of entries that hang together by overlapping."""
    groups: list[list[Entry]] = []
    until: datetime | None = None
    for entry in entries:
        if until is None or entry.appointment.starts_at >= until:
            groups.append([])
            until = entry.appointment.ends_at
        groups[-1].append(entry)
        until = max(until, entry.appointment.ends_at)
    return groups
