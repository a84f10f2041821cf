"""Spans of time, and the three things done with lists of them. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, order=True)
class Span:
    """``[start, end)``, aware moments in UTC. One that does not end after it starts is empty."""

    start: datetime
    end: datetime


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same moments as sorted spans that neither overlap nor touch; empty ones are gone."""
    found: list[Span] = []
    for span in sorted(span for span in spans if span.start < span.end):
        if found and span.start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return found


def without(spans: Iterable[Span], taken: Iterable[Span]) -> list[Span]:
    """The moments of ``spans`` that are in none of ``taken``, merged."""
    gaps = merged(taken)
    left: list[Span] = []
    for span in merged(spans):
        start = span.start
        for gap in gaps:
            if gap.end <= start or span.end <= gap.start:
                continue
            left.append(Span(start, gap.start))
            start = gap.end
        left.append(Span(start, span.end))
    return merged(left)


def within(spans: Iterable[Span], frame: Span) -> list[Span]:
    """The moments of ``spans`` that are in ``frame``, merged."""
    return merged(Span(max(span.start, frame.start), min(span.end, frame.end)) for span in spans)
