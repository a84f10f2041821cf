"""Search the practices that want to be found, all in one statement (``search.sql``)."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db import connections

from sprechzeit import clock
from sprechzeit.database.statements import fetch_planned
from sprechzeit.database.tenancy import current_alias
from sprechzeit.practices.models import in_language
from sprechzeit.practices.postcodes import Place

EARTH = 6371.0088  # km, mean radius (IUGG)
RADII = (5, 10, 20, 50)  # km
MARGIN = 1e-6  # degrees, so that rounding never cuts a practice off that lies just on the line

_LINES = (Path(__file__).parent / "search.sql").read_text(encoding="utf-8").splitlines()
SEARCH = "\n".join(line for line in _LINES if not line.lstrip().startswith("--"))
OCCURRING = """
    select distinct 'specialty', unnest(specialties) from practice where listed
    union select distinct 'language', unnest(languages) from practice where listed
    order by 1, 2
"""


class After(NamedTuple):
    """The last practice of the page before, in the order asked for."""

    rank: float
    practice: int


FIRST = After(-math.inf, 0)


@dataclass(frozen=True)
class Wanted:
    """What is asked for; empty: it does not matter. ``modality`` is one of Modality."""

    specialty: str = ""
    place: Place | None = None
    radius: int = 10
    language: str = ""
    accessibility: tuple[str, ...] = ()
    insurance: str = ""
    is_new: bool = False
    modality: str = ""
    by_distance: bool = False


@dataclass(frozen=True)
class Found:
    """A practice with its distance (None without a place) and its next free start (None: nothing online now)."""

    id: int
    slug: str
    name: str
    kind: str
    postal_code: str
    city: str
    time_zone: str
    specialties: list[str]
    languages: list[str]
    accessibility: list[str]
    insurances: list[str]
    accepts_new: bool
    by_video: bool
    km: float | None
    starts_at: datetime | None
    visit_type_id: int | None
    name_de: str | None
    name_en: str | None
    rank: float

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def visit_type(self) -> str:
        """What the next free start is for, in the language of the page."""
        return in_language(self.name_de or "", self.name_en or "")


@dataclass(frozen=True)
class Results:
    """One page; ``after`` leads to the next one, None on the last. ``total`` counts all pages."""

    practices: list[Found] = field(default_factory=list)
    total: int = 0
    after: After | None = None


def search(wanted: Wanted, *, after: After = FIRST, count: int = 20) -> Results:
    """One page of what is found, by the next free start or, with a place, by distance."""
    rows = _fetch({**_values(wanted), "after_rank": after.rank, "after_id": after.practice, "count": count + 1})
    practices = [Found(*row[:-1]) for row in rows[:count]]
    more = After(practices[-1].rank, practices[-1].id) if len(rows) > count else None
    return Results(practices, rows[0][-1] if rows else 0, more)


def occurring() -> tuple[list[str], list[str]]:
    """Specialties and languages that a listed practice has, sorted."""
    with connections[current_alias()].cursor() as cursor:
        cursor.execute(OCCURRING)
        rows = cursor.fetchall()
    return [name for what, name in rows if what == "specialty"], [name for what, name in rows if what == "language"]


def _fetch(values: dict[str, Any]) -> list[tuple[Any, ...]]:
    connections[current_alias()].ensure_connection()
    return fetch_planned(SEARCH, values)


def _values(wanted: Wanted) -> dict[str, Any]:
    where = wanted.place
    south, north, west, east = _box(where, wanted.radius) if where else (None, None, None, None)
    return {
        "now": clock.now(),
        "latitude": where.latitude if where else None,
        "longitude": where.longitude if where else None,
        "south": south,
        "north": north,
        "west": west,
        "east": east,
        "radius": float(wanted.radius),
        "specialty": wanted.specialty,
        "language": wanted.language,
        "accessibility": list(wanted.accessibility),
        "insurance": wanted.insurance,
        "is_new": wanted.is_new,
        "modality": wanted.modality,
        "by_distance": wanted.by_distance and where is not None,
    }


def _box(where: Place, radius: float) -> tuple[float, float, float, float]:
    """Degrees south, north, west, east between which everything within the radius lies; far from poles and 180°."""
    angle = radius / EARTH
    up = math.degrees(angle) + MARGIN
    aside = math.degrees(math.asin(min(1.0, math.sin(angle) / math.cos(math.radians(where.latitude))))) + MARGIN
    return where.latitude - up, where.latitude + up, where.longitude - aside, where.longitude + aside
