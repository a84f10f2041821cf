"""Who in the records may be the same person: the same name and birth date first, then what is likely a slip of the pen.

Like the search it opens the short lines of the whole practice; there is no index of names to ask.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from uuid import UUID

from sprechzeit.audit.record import Actor, record
from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import PracticeId
from sprechzeit.patients.models import Patient
from sprechzeit.patients.person import Person
from sprechzeit.patients.sealed import Listed, read_listed
from sprechzeit.patients.search import fold
from sprechzeit.vault import PracticeKeys

SHOWN = 5


class Likeness(IntEnum):
    """How it is that they may be the same, the surest first."""

    SAME = 1  # name and birth date
    SIMILAR_NAME = 2  # birth date, and a name that is swapped or one typing slip away
    SAME_CONTACT = 3  # phone or e-mail


@dataclass(frozen=True, repr=False)
class Match:
    """A record that may be the same person's. ``version`` is what a change of it must name."""

    patient: Listed
    likeness: Likeness
    version: int

    def __repr__(self) -> str:
        return "Match(…)"


def find_matches(keys: PracticeKeys, actor: Actor, person: Person, *, but: UUID | None = None) -> list[Match]:
    """At most five records that may be this person's, the likeliest first; who was shown is recorded.

    Raises
    ------
    CannotOpen
        A record was tampered with.
    """
    practice = PracticeId(keys.practice)
    with acting_for(practice):
        likely = [(one, likeness) for one, likeness in alike(read_listed(keys), person) if one.id != but]
        if any(likeness == Likeness.SAME for _, likeness in likely):  # then a shared phone is a family's
            likely = [(one, likeness) for one, likeness in likely if likeness != Likeness.SAME_CONTACT]
        likely = likely[:SHOWN]
        shown = Patient.objects.filter(practice=practice, id__in=[one.id for one, _ in likely])
        versions = dict(shown.values_list("id", "version"))
        found = [Match(one, likeness, versions[one.id]) for one, likeness in likely if one.id in versions]
        if found:
            record(practice, actor, "patient.search", [one.patient.id for one in found], {"count": len(found)})
    return found


def alike(everybody: Iterable[Listed], person: Person) -> list[tuple[Listed, Likeness]]:
    """All who may be the person, the likeliest first, then by name."""
    wanted = (fold(person.last_name), fold(person.first_name))
    born = person.birth_date.isoformat() if person.birth_date else ""
    email = person.email.casefold()
    found: list[tuple[Listed, Likeness]] = []
    for one in everybody:
        if born and one.birth_date == born:
            name = (fold(one.last_name), fold(one.first_name))
            if name == wanted:
                found.append((one, Likeness.SAME))
                continue
            if similar(name, wanted):
                found.append((one, Likeness.SIMILAR_NAME))
                continue
        if (person.phone and one.phone == person.phone) or (email and one.email.casefold() == email):
            found.append((one, Likeness.SAME_CONTACT))
    return sorted(found, key=lambda pair: (pair[1], fold(pair[0].name)))


def similar(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """The same two names, swapped or with one typing slip in all; a further first name may be missing."""
    return any(
        slips(one[0], last) + min(slips(one[1], first), slips(*_first_words(one[1], first))) <= 1
        for last, first in (other, other[::-1])
    )


def _first_words(one: str, other: str) -> tuple[str, str]:
    """Anna Maria and Anna: only what both gave."""
    words = list(zip(one.replace("-", " ").split(), other.replace("-", " ").split(), strict=False)) or [("", "?")]
    return " ".join(word for word, _ in words), " ".join(word for _, word in words)


def slips(one: str, other: str) -> int:
    """0 for the same; 1 when one letter is wrong, missing or too many, or two neighbours are swapped; else 2."""
    if one == other:
        return 0
    if not one or not other:
        return 2
    if len(one) > len(other):
        one, other = other, one
    begin = 0
    while begin < len(one) and one[begin] == other[begin]:
        begin += 1
    if len(other) - len(one) == 1:
        return 1 if one[begin:] == other[begin + 1 :] else 2
    if len(other) != len(one):
        return 2
    swapped = other[begin : begin + 2][::-1] + other[begin + 2 :]
    return 1 if one[begin + 1 :] == other[begin + 1 :] or one[begin:] == swapped else 2
