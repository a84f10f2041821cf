"""Open the names of those an incident reached, page by page; that is a look at patients, and recorded like any other.

It is not counted by the quotas: an owner must be able to read a report of any size. Each page asks for a passkey shown
within the last five minutes instead, which a stolen session cannot show.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sprechzeit.audit.record import Actor, record
from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import PracticeId
from sprechzeit.incident.concerned import Concerned, Extent
from sprechzeit.patients.intake import open_intakes
from sprechzeit.patients.models import Intake
from sprechzeit.patients.sealed import read_listed
from sprechzeit.vault import PracticeKeys

PAGE = 50


@dataclass(frozen=True, repr=False)
class Named:
    """One of them; ``name`` is empty where no data are kept any more."""

    who: Concerned
    name: str

    def __repr__(self) -> str:
        return "Named(…)"


@dataclass(frozen=True, repr=False)
class Page:
    """So many from ``first`` (1 is the first of all) of ``count``."""

    rows: tuple[Named, ...]
    number: int
    pages: int
    count: int

    def __repr__(self) -> str:
        return "Page(…)"


def look_at_concerned(keys: PracticeKeys, actor: Actor, incident: UUID, extent: Extent, group: str, page: int) -> Page:
    """A page of ``certain`` or ``possible``, names opened; a page that does not exist is the last one.

    Raises
    ------
    CannotOpen
        A record was tampered with.
    """
    people = extent.possible if group == "possible" else extent.certain
    pages = max(1, -(-len(people) // PAGE))
    number = min(max(1, page), pages)
    shown = people[(number - 1) * PAGE : number * PAGE]
    practice = PracticeId(keys.practice)
    with acting_for(practice):
        names = names_of_concerned(keys, [one.id for one in shown])
        if names:
            record(practice, actor, "incident.view", sorted(names), {"count": len(names)})
    return Page(tuple(Named(one, names.get(one.id, "")) for one in shown), number, pages, len(people))


def names_of_concerned(keys: PracticeKeys, ids: Collection[UUID]) -> dict[UUID, str]:
    """By id, of records and of bookings not taken over; needs ``acting_for``, and the caller records it."""
    names = {one.id: one.name for one in read_listed(keys, list(ids))}
    bookings = Intake.objects.filter(practice=keys.practice, id__in=set(ids) - names.keys())
    names.update({one: person.listed_name for one, person in open_intakes(keys, bookings).items()})
    return names
