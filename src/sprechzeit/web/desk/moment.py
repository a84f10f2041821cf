"""Read dates and times as they stand in the desk's addresses and forms: local to the practice."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from sprechzeit.errors import Invalid


def read_day(text: str | None, default: date) -> date:
    """A day as ``2026-11-24``; anything unreadable or absurdly far away gives the default."""
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return default
    return day if 2000 <= day.year <= 2100 else default


def read_moment(day: str | None, clock_time: str | None, zone: ZoneInfo) -> datetime:
    """A local day and time as a moment in UTC; a time that exists twice is the first of the two.

    Raises
    ------
    Invalid
        It cannot be read, or that day skips this time (change of the clocks).
    """
    try:
        wall = datetime.combine(date.fromisoformat(day or ""), time.fromisoformat(clock_time or ""))
    except ValueError:
        raise Invalid(_("Bitte geben Sie Datum und Uhrzeit an."), field="start") from None
    if wall.tzinfo is not None or not 2000 <= wall.year <= 2100:
        raise Invalid(_("Bitte geben Sie Datum und Uhrzeit an."), field="start")
    moment = wall.replace(tzinfo=zone).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != wall:
        raise Invalid(_("Diese Uhrzeit gibt es an diesem Tag nicht: Die Uhren werden umgestellt."), field="start")
    return moment.replace(second=0, microsecond=0)


def read_iso(text: str | None) -> datetime:
    """A moment with its offset, as the page's buttons send it.

    Raises
    ------
    Invalid
    """
    try:
        moment = datetime.fromisoformat(text or "")
        if moment.tzinfo is None or not 2000 <= moment.year <= 2100:
            raise ValueError
    except ValueError:
        raise Invalid(_("Bitte wählen Sie eine Zeit."), field="start") from None
    return moment.astimezone(UTC)


def read_id(text: str | None, field: str) -> UUID:
    """An identifier.

    Raises
    ------
    Invalid
    """
    try:
        return UUID(text or "")
    except ValueError:
        raise Invalid(_("Bitte treffen Sie eine Auswahl."), field=field) from None


def read_number(text: str | None) -> int | None:
    """A positive number, None when there is none."""
    return int(text) if text and text.isascii() and text.isdigit() and 0 < len(text) < 19 else None
