"""Look at the trail with the patients' names opened; that is a look at patients, and recorded like any other."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from sprechzeit.audit.models import Event
from sprechzeit.audit.read import Seen, Wanted, events, following_intakes, who_has_seen
from sprechzeit.audit.record import Actor, record
from sprechzeit.database.tenancy import acting_for
from sprechzeit.errors import NotFound
from sprechzeit.identifiers import PracticeId
from sprechzeit.patients.sealed import read_listed
from sprechzeit.practices.models import Practice
from sprechzeit.vault import PracticeKeys

PAGE = 50
FEW = 3  # of events with more subjects only the number is told


@dataclass(frozen=True, repr=False)
class Look:
    """A page of the trail. ``names`` are of those subjects that are patients; ``older`` tells that there are more."""

    events: list[Event]
    names: dict[UUID, str]
    older: bool

    def __repr__(self) -> str:
        return "Look(…)"


@dataclass(frozen=True, repr=False)
class SeenPatient:
    """Who had to do with one patient's data. ``name`` is empty when there is no such record any more."""

    name: str
    by: list[Seen]
    look: Look

    def __repr__(self) -> str:
        return "SeenPatient(…)"


def look_at_trail(
    keys: PracticeKeys, actor: Actor, practice: Practice, wanted: Wanted, *, before: int | None = None
) -> Look:
    """A page of events, newest first.

    Raises
    ------
    CannotOpen
        A record was tampered with.
    """
    with acting_for(PracticeId(keys.practice)):
        look = _look(keys, practice, following_intakes(practice, wanted), before)
        _record(keys, actor, look.names)
    return look


def who_has_seen_patient(
    keys: PracticeKeys, actor: Actor, practice: Practice, patient: UUID, *, before: int | None = None
) -> SeenPatient:
    """Everybody who had to do with the patient's data, also while it was an online booking not taken over yet.

    Raises
    ------
    NotFound
        Nothing is known of this id, neither a record nor an event.
    CannotOpen
        A record was tampered with.
    """
    with acting_for(PracticeId(keys.practice)):
        wanted = following_intakes(practice, Wanted(subjects=frozenset([patient])))
        by = who_has_seen(practice, wanted)
        look = _look(keys, practice, wanted, before)
        if not by and patient not in look.names:
            raise NotFound(_("Im Protokoll steht nichts dazu."))
        _record(keys, actor, look.names)
    return SeenPatient(look.names.get(patient, ""), by, look)


def _look(keys: PracticeKeys, practice: Practice, wanted: Wanted, before: int | None) -> Look:
    found = events(practice, wanted, before=before, count=PAGE + 1)
    shown = found[:PAGE]
    ids = {one for event in shown if len(event.subjects) <= FEW for one in event.subjects}
    names = {one.id: one.name for one in read_listed(keys, {*ids, *wanted.subjects})}
    return Look(shown, names, older=len(found) > PAGE)


def _record(keys: PracticeKeys, actor: Actor, names: dict[UUID, str]) -> None:
    record(PracticeId(keys.practice), actor, "trail.view", sorted(names), {"count": len(names)})
