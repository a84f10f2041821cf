"""The call list for when a clinician falls ill: whom it concerns, how to reach them, and what to offer them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sprechzeit import clock
from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.models import Appointment
from sprechzeit.booking.propose import Away, Proposal, propose
from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import PracticeId
from sprechzeit.patients.intake import open_intakes
from sprechzeit.patients.models import Intake
from sprechzeit.patients.sealed import read_listed
from sprechzeit.practices.models import Practice
from sprechzeit.timetable.models import ScheduleException
from sprechzeit.vault import PracticeKeys

S = Appointment.Status
LONGEST = timedelta(hours=24)


@dataclass(frozen=True, repr=False)
class Reached:
    """Who is called, and where. ``repr`` shows nothing."""

    name: str
    birth_date: date | None
    phone: str
    email: str

    def __repr__(self) -> str:
        return "Reached(…)"


@dataclass(frozen=True, repr=False)
class Call:
    """An appointment that cannot take place, who is to be told, and what to offer, the suggestion first."""

    appointment: Appointment
    who: Reached
    proposals: tuple[Proposal, ...] = ()

    def __repr__(self) -> str:
        return "Call(…)"


@dataclass(frozen=True, repr=False)
class CallList:
    """``calls`` are to be made, earliest first; ``there`` are those who have come already.

    ``entered``: that nobody is there is known to the calendar, so that nothing more is offered then.
    """

    away: Away
    calls: tuple[Call, ...]
    there: tuple[Call, ...]
    entered: bool

    def __repr__(self) -> str:
        return "CallList(…)"


NOBODY = Reached("—", None, "", "")


def call_list(keys: PracticeKeys, actor: Actor, practice: Practice, away: Away) -> CallList:
    """Whom the absence concerns, names and numbers opened; whose were shown is recorded.

    Raises
    ------
    CannotOpen
        A record was tampered with.
    """
    number = PracticeId(practice.id)
    with acting_for(number):
        found = _affected(number, away)
        people = people_of(keys, found)
        coming = [one for one in found if one.status == S.BOOKED]
        proposals = propose(practice, coming, away)
        entered = _is_entered(number, away)
        if people:
            record(number, actor, "call-list.view", sorted(people), {"count": len(people)})
    calls = [Call(one, _of(one, people), proposals.get(one.id, ())) for one in found]
    return CallList(
        away,
        tuple(call for call in calls if call.appointment.status == S.BOOKED),
        tuple(call for call in calls if call.appointment.status != S.BOOKED),
        entered,
    )


def called(keys: PracticeKeys, actor: Actor, appointments: Iterable[UUID]) -> dict[UUID, Call]:
    """These appointments as they are now, for telling what became of them; recorded like the list."""
    practice = PracticeId(keys.practice)
    with acting_for(practice):
        rows = Appointment.objects.select_related("visit_type").filter(practice=practice, id__in=list(appointments))
        found = list(rows)
        people = people_of(keys, found)
        if people:
            record(practice, actor, "call-list.view", sorted(people), {"count": len(people)})
    return {one.id: Call(one, _of(one, people)) for one in found}


def people_of(keys: PracticeKeys, appointments: Sequence[Appointment]) -> dict[UUID, Reached]:
    """Open who comes and how to reach them, by patient id or intake id. Needs ``acting_for``."""
    patients = {one.patient_id for one in appointments if one.patient_id}
    found = {
        one.id: Reached(one.name, date.fromisoformat(one.birth_date) if one.birth_date else None, one.phone, one.email)
        for one in read_listed(keys, patients)
    }
    unread = {one.intake_id for one in appointments if one.intake_id and not one.patient_id}
    for intake, person in open_intakes(keys, Intake.objects.filter(practice=keys.practice, id__in=unread)).items():
        found[intake] = Reached(person.listed_name, person.birth_date, person.phone, person.email)
    return found


def _of(one: Appointment, people: dict[UUID, Reached]) -> Reached:
    return people.get(one.patient_id or one.intake_id or one.id, NOBODY)


def _affected(practice: PracticeId, away: Away) -> list[Appointment]:
    found = Appointment.objects.select_related("visit_type").filter(
        practice=practice,
        status__in=[S.BOOKED, S.ARRIVED],
        starts_at__gt=away.during.start - LONGEST,  # bounds the index
        starts_at__lt=away.during.end,
        ends_at__gt=max(away.during.start, clock.now()),
        resource_ids__contains=[away.resource],
    )
    return list(found.order_by("starts_at", "id"))


def _is_entered(practice: PracticeId, away: Away) -> bool:
    rows = ScheduleException.objects.filter(
        practice=practice, resource=away.resource, kind=ScheduleException.Kind.ABSENCE
    )
    return rows.filter(during__contains=(away.during.start, away.during.end)).exists()
