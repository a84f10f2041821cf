"""The small month beside a calendar: days as links, weeks with their numbers. It works without a script."""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import pgettext

MONDAY_FIRST = Calendar(firstweekday=0)


@dataclass(frozen=True)
class MiniDay:
    """One day; ``is_near`` when it belongs to the month and not to its edges."""

    day: date
    href: str
    is_near: bool
    is_today: bool
    is_chosen: bool


@dataclass(frozen=True)
class MiniMonth:
    """Weeks with their ISO numbers."""

    title: str
    before: str
    after: str
    weeks: tuple[tuple[int, tuple[MiniDay, ...]], ...]
    names: tuple[str, ...]
    is_open: bool


def mini_month(
    asked: str | None, chosen: set[date], today: date, link: Callable[[date, str], str], *, shown: date
) -> MiniMonth:
    """The month of ``asked`` (``2026-12``), else of ``shown``.

    ``link`` makes the address of a day; with a month as second argument the page stays and shows that month.
    """
    first = read_month(asked) or shown.replace(day=1)
    weeks = []
    for week in MONDAY_FIRST.monthdatescalendar(first.year, first.month):
        days = tuple(MiniDay(day, link(day, ""), day.month == first.month, day == today, day in chosen) for day in week)
        weeks.append((week[0].isocalendar().week, days))
    return MiniMonth(
        title=date_format(first, pgettext("date format", "F Y")),
        before=link(shown, f"{first - timedelta(days=1):%Y-%m}"),
        after=link(shown, f"{first + timedelta(days=31):%Y-%m}"),
        weeks=tuple(weeks),
        names=tuple(date_format(day, "D") for day in MONDAY_FIRST.monthdatescalendar(first.year, first.month)[0]),
        is_open=read_month(asked) is not None,
    )


def read_month(text: str | None) -> date | None:
    """A month as ``2026-12``; None for anything else or far away."""
    try:
        day = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return day if 2000 < day.year < 2100 else None
