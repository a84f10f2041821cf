"""Who is who: one person may stand in the trail as an online booking, as a record, and as one merged into another."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sprechzeit.audit.models import Event
from sprechzeit.booking.models import Appointment
from sprechzeit.identifiers import PracticeId
from sprechzeit.patients.models import Intake, Patient
from sprechzeit.recall.models import Recall
from sprechzeit.waiting.models import WaitingEntry

LINKS = ("intake.accept", "patient.merge", "patient.unmerge", "patient.erase")
WITH_PERSON = ("appointment.view", "appointment.letter", "appointment.book", "appointment.refuse")


@dataclass(frozen=True)
class Parted:
    """A merge that was undone: between these moments the data of ``absorbed`` stood in the record ``kept``."""

    kept: UUID
    absorbed: UUID
    since: datetime
    until: datetime


@dataclass
class People:
    """Everybody of a practice by the id that they have now; ``since`` is when a record or booking was made."""

    records: dict[UUID, datetime] = field(default_factory=dict)
    bookings: dict[UUID, datetime] = field(default_factory=dict)
    now: dict[UUID, UUID] = field(default_factory=dict)
    parted: list[Parted] = field(default_factory=list)
    erased: set[UUID] = field(default_factory=set)

    @property
    def everybody(self) -> set[UUID]:
        """Whose data are kept: records, and online bookings that nobody has taken over."""
        return {self.who(one) for one in (*self.records, *self.bookings)}

    def who(self, one: UUID) -> UUID:
        """The id that this person has now."""
        seen = {one}
        while one in self.now and self.now[one] not in seen:
            one = self.now[one]
            seen.add(one)
        return one

    def knows(self, one: UUID) -> bool:
        """Whether this is somebody's id, or was."""
        return one in self.records or one in self.bookings or one in self.now or one in self.erased

    def state(self, one: UUID) -> str:
        """``kept``, ``booking``: not taken over yet, or ``gone``."""
        return "kept" if one in self.records else "booking" if one in self.bookings else "gone"

    def came_after(self, moment: datetime) -> set[UUID]:
        """Of whom nothing was kept before this moment, under no id."""
        linked = {*self.now, *self.now.values()}
        late = {one for one, since in (*self.records.items(), *self.bookings.items()) if since >= moment}
        return late - linked


def people_of(practice: PracticeId) -> People:
    """All of the practice, from the records and from the trail. Needs ``acting_for``."""
    found = People(
        records=dict(Patient.objects.filter(practice=practice).values_list("id", "created_at")),
        bookings=dict(
            Intake.objects.filter(practice=practice, accepted_at__isnull=True).values_list("id", "created_at")
        ),
    )
    merged: dict[tuple[UUID, UUID], datetime] = {}
    links = Event.objects.filter(practice=practice, action__in=LINKS).order_by("number")
    for action, subjects, at in links.values_list("action", "subjects", "at"):
        _link(found, merged, action, subjects, at)
    both = Appointment.objects.filter(practice=practice, patient__isnull=False, intake__isnull=False)
    for intake, patient in both.values_list("intake_id", "patient_id"):
        found.now.setdefault(intake, patient)
    return found


def _link(
    found: People, merged: dict[tuple[UUID, UUID], datetime], action: str, subjects: list[UUID], at: datetime
) -> None:
    if not subjects:
        return
    first, *others = subjects
    if action == "intake.accept" and others:
        found.now[first] = others[0]
    elif action == "patient.erase":
        found.erased.update(subjects)
        found.now.update(dict.fromkeys((one for one in others if one != first), first))
    elif action == "patient.merge" and others:
        merged[first, others[0]] = at
        found.now[others[0]] = first
    elif action == "patient.unmerge" and others:
        found.now.pop(others[0], None)
        since = merged.pop((first, others[0]), None)
        if since is not None:
            found.parted.append(Parted(first, others[0], since, at))


def whose(practice: PracticeId, things: Collection[UUID]) -> dict[UUID, UUID]:
    """Whose these appointments, wishes and recalls are; whose person is not known any more are left out.

    An appointment that was deleted, or whose person was, is looked up in the trail. Needs ``acting_for``.
    """
    found: dict[UUID, UUID] = {}
    left = set(things)
    rows = Appointment.objects.filter(practice=practice, id__in=left).values_list("id", "patient_id", "intake_id")
    _take(found, ((one, patient or intake) for one, patient, intake in rows))
    entries = WaitingEntry.objects.filter(practice=practice, id__in=left - found.keys()).values_list(
        "id", "patient_id", "intake_id", "appointment__patient_id", "appointment__intake_id"
    )
    _take(found, ((one, next(filter(None, ids), None)) for one, *ids in entries))
    recalls = Recall.objects.filter(practice=practice, id__in=left - found.keys())
    _take(found, recalls.values_list("id", "patient_id"))
    if left := left - found.keys():
        told = Event.objects.filter(practice=practice, action__in=WITH_PERSON, subjects__overlap=sorted(left))
        for subjects in told.order_by("number").values_list("subjects", flat=True):
            if len(subjects) > 1 and subjects[0] in left:
                found[subjects[0]] = subjects[1]
    return found


def _take(found: dict[UUID, UUID], rows: Iterable[tuple[UUID, UUID | None]]) -> None:
    found.update({one: person for one, person in rows if person is not None})
