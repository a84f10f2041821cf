"""Public holidays of the German federal states with their names (library ``holidays``)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

import holidays as library

NAMED = {"de": "de", "en": "en_US"}  # our languages as the library calls them
BRITISH = {"Labor Day": "Labour Day", "Pentecost Monday": "Whit Monday"}


def public_holidays(subdivision: str, years: Iterable[int]) -> dict[date, str]:
    """German name by date of every public holiday of these years in a federal state.

    ``subdivision`` is its code of ISO 3166-2 without ``DE-``: ``"BE"``.

    Raises
    ------
    ValueError
        There is no such federal state.
    """
    return {day: name for year in sorted(set(years)) for day, name in _of_year(subdivision, year, "de").items()}


def holiday_name(subdivision: str, day: date, language: str = "de") -> str:
    """The name of the public holiday on this day, in German or English; empty when it is none."""
    return _of_year(subdivision, day.year, language).get(day, "")


@lru_cache(maxsize=128)
def _of_year(subdivision: str, year: int, language: str) -> dict[date, str]:
    if not subdivision:  # the library would take the whole country
        raise ValueError("no federal state has this code")
    try:
        found = library.country_holidays("DE", subdiv=subdivision, years=year, language=NAMED[language])
    except NotImplementedError as error:
        raise ValueError("no federal state has this code") from error
    return {day: BRITISH.get(found[day], found[day]) for day in found}
