"""A visit that somebody who books another one came from, as addresses carry it: its time, and nothing else.

``nach`` is an interval in UTC (ISO 8601). Without an account nothing more is known of other visits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

NAME = "nach"
NEAR = timedelta(minutes=30)
LONGEST = timedelta(hours=24)
FORM = "%Y%m%dT%H%MZ"


@dataclass(frozen=True)
class Visit:
    """When it begins and ends."""

    starts_at: datetime
    ends_at: datetime

    @property
    def text(self) -> str:
        """20261125T0800Z/20261125T0820Z."""
        return "/".join(f"{moment.astimezone(UTC):{FORM}}" for moment in (self.starts_at, self.ends_at))

    @property
    def query(self) -> str:
        """For an address."""
        return urlencode({NAME: self.text})

    @property
    def said(self) -> dict[str, str]:
        """For forms and addresses with more in them."""
        return {NAME: self.text}

    def is_near(self, starts_at: datetime, ends_at: datetime) -> bool:
        """Whether the two overlap, or less than half an hour is between them."""
        return starts_at < self.ends_at + NEAR and ends_at > self.starts_at - NEAR

    def overlaps(self, starts_at: datetime, ends_at: datetime) -> bool:
        return starts_at < self.ends_at and ends_at > self.starts_at


@dataclass(frozen=True)
class Clash:
    """The other visit is too near to the time that was chosen."""

    visit: Visit
    overlaps: bool


def visit_said(given: Mapping[str, str]) -> Visit | None:
    """Read it; what is malformed was not said."""
    start, slash, end = given.get(NAME, "")[:40].partition("/")
    try:
        visit = Visit(*(datetime.strptime(part, FORM).replace(tzinfo=UTC) for part in (start, end)))
    except ValueError:
        return None
    return visit if slash and timedelta() < visit.ends_at - visit.starts_at <= LONGEST else None


def clash_said(given: Mapping[str, str], starts_at: datetime, ends_at: datetime) -> Clash | None:
    """Whether the chosen time is too near to the visit that was said."""
    visit = visit_said(given)
    if visit is None or not visit.is_near(starts_at, ends_at):
        return None
    return Clash(visit, visit.overlaps(starts_at, ends_at))
