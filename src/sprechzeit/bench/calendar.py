"""A clinician's calendar as a busy practice has it: full days behind, days ahead that fill from the front."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from random import Random
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Berlin")
OPEN_DAYS = 400
FILLED_DAYS = 60  # how far ahead anything is booked
FUTURE_SHARE = 0.15
ROOM_HOURS = (7 * 60, 19 * 60)

Span = tuple[int, int]  # minutes of the local day
WEEKS: tuple[dict[int, tuple[Span, ...]], ...] = (
    {
        0: ((480, 720), (840, 1080)),
        1: ((480, 720), (840, 1080)),
        2: ((480, 720),),
        3: ((480, 720), (840, 1080)),
        4: ((480, 780),),
    },
    {
        0: ((450, 720), (900, 1110)),
        1: ((450, 720),),
        2: ((450, 720), (900, 1110)),
        3: ((450, 720), (900, 1140)),
        4: ((450, 750),),
    },
)


@dataclass(frozen=True)
class Kind:
    """A visit type of every practice here, in minutes; ``needs`` is what it takes beside the clinician."""

    name_de: str
    name_en: str
    minutes: int
    after: int
    grid: int
    weight: int
    needs: str = ""


KINDS = (
    Kind("Sprechstunde", "Consultation", 15, 0, 15, 45),
    Kind("Erstgespräch", "First visit", 30, 0, 15, 12),
    Kind("Kontrolle", "Check", 10, 0, 10, 20),
    Kind("Blutentnahme", "Blood test", 10, 5, 15, 12, "room"),
    Kind("Ultraschall", "Ultrasound", 20, 10, 15, 5, "device"),
    Kind("Vorsorge", "Screening", 40, 5, 15, 6, "room"),
)
_CHOICES = tuple(number for number, kind in enumerate(KINDS) for _ in range(kind.weight))
_CHOICES_WITHOUT_DEVICE = tuple(number for number in _CHOICES if KINDS[number].needs != "device")


def today() -> date:
    """The day that divides past and future, where the practices are."""
    return datetime.now(ZONE).date()


def week_of(clinician: int) -> dict[int, tuple[Span, ...]]:
    """Opening hours by weekday (0 is Monday) of the clinician with this index."""
    return WEEKS[clinician % len(WEEKS)]


@cache
def utc_offset(day: date) -> int:
    """Minutes by which local time is ahead of UTC in the day's opening hours; the clocks change at night."""
    noon = datetime.combine(day, time(12), tzinfo=ZONE)
    return 12 * 60 - noon.astimezone(UTC).hour * 60


_MINUTE = [f" {minute // 60:02}:{minute % 60:02}:00+00" for minute in range(1440)]


def moment(day: date, minute: int) -> str:
    """The minute of the local day as text for PostgreSQL, in UTC."""
    return _day_text(day) + _MINUTE[minute - utc_offset(day)]


@cache
def _day_text(day: date) -> str:
    return day.isoformat()


@cache
def milliseconds(day: date) -> int:
    """Unix time of the day's midnight in UTC."""
    return int(datetime.combine(day, time(), tzinfo=UTC).timestamp()) * 1000


def visits(random: Random, clinician: int, today: date, count: int) -> Iterator[tuple[date, int, int]]:
    """Exactly ``count`` visits of a clinician that do not overlap: day, start in minutes, index of the kind.

    The coming ones first, then back from yesterday as far as it takes.
    """
    week = week_of(clinician)
    choices = _CHOICES if clinician == 0 else _CHOICES_WITHOUT_DEVICE
    left, coming = count, int(count * FUTURE_SHARE)
    for ahead in range(FILLED_DAYS):
        day = today + timedelta(days=ahead)
        for minute, kind in _fill(random, week.get(day.weekday(), ()), choices, 0.85 - 0.75 * ahead / FILLED_DAYS):
            if coming and left:
                coming -= 1
                left -= 1
                yield day, minute, kind
    day = today
    while left:
        day -= timedelta(days=1)
        for minute, kind in _fill(random, week.get(day.weekday(), ()), choices, 0.92):
            if left:
                left -= 1
                yield day, minute, kind


def _fill(random: Random, spans: tuple[Span, ...], choices: tuple[int, ...], share: float) -> Iterator[tuple[int, int]]:
    for start, end in spans:
        minute = start
        while minute < end:
            number = choices[int(random.random() * len(choices))]
            kind = KINDS[number]
            if random.random() > share:
                minute += 15
                continue
            minute += -minute % kind.grid
            if minute + kind.minutes + kind.after > end:
                break
            yield minute, number
            minute += kind.minutes + kind.after
