"""Public holidays of the German federal states, with their German names (library ``holidays``)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

import holidays as library


def public_holidays(subdivision: str, years: Iterable[int]) -> dict[date, str]:
    """Name by date of every public holiday of these years in a federal state.

    ``subdivision`` is its code of ISO 3166-2 without ``DE-``: ``"BE"``.

    Raises
    ------
    ValueError
        There is no such federal state.
    """
    return {day: name for year in sorted(set(years)) for day, name in _of_year(subdivision, year).items()}


def holiday_name(subdivision: str, day: date) -> str:
    """The name of the public holiday on this day; empty when it is none."""
    return _of_year(subdivision, day.year).get(day, "")


@lru_cache(maxsize=128)
def _of_year(subdivision: str, year: int) -> dict[date, str]:
    try:
        found = library.country_holidays("DE", subdiv=subdivision, years=year, language="de")
    except NotImplementedError as error:
        raise ValueError("no federal state has this code") from error
    return {day: found[day] for day in found}
