"""The waiting list as the desk sees it, names opened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sprechzeit import clock
from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.call_list import NOBODY, Reached, people_of
from sprechzeit.booking.models import Appointment
from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import PracticeId, ResourceId
from sprechzeit.messages.models import NotifierAddress
from sprechzeit.timetable.availability import Slot
from sprechzeit.vault import PracticeKeys
from sprechzeit.waiting.make_offer import about
from sprechzeit.waiting.models import ENTRY_LIVE, WaitingEntry, WaitingOffer
from sprechzeit.waiting.offering import bookable_slots
from sprechzeit.waiting.wishes import suits

COUNTED = 100
SHOWN = 200
SUGGESTED = 5


@dataclass(frozen=True, repr=False)
class Waiting:
    """One who waits, what was offered, the newest first, and what is free for them now."""

    entry: WaitingEntry
    who: Reached
    is_reachable: bool
    offers: tuple[WaitingOffer, ...]
    free: tuple[Slot, ...]

    def __repr__(self) -> str:
        return "Waiting(…)"

    @property
    def open_offer(self) -> WaitingOffer | None:
        return next((one for one in self.offers if one.state == WaitingOffer.State.OPEN), None)


def count_waiting(practice: PracticeId) -> int:
    """How many wait, counted up to 100: it stands in the menu of every page."""
    with acting_for(practice):
        return WaitingEntry.objects.filter(practice=practice, state__in=ENTRY_LIVE)[:COUNTED].count()


def count_wanting(appointment: Appointment) -> int:
    """How many wait for a time such as this appointment's, which has just become free.

    By their wishes alone; whether it may be booked online is looked at when it is offered.
    """
    practice = PracticeId(appointment.practice_id)
    resources = tuple(map(ResourceId, appointment.resource_ids))
    slot = Slot(appointment.starts_at, appointment.ends_at, (resources,))
    now = clock.now()
    with acting_for(practice):
        rows = WaitingEntry.objects.filter(
            practice=practice, state__in=ENTRY_LIVE, visit_type=appointment.visit_type_id
        ).select_related("visit_type__practice", "appointment")
        return sum(suits(one, one.visit_type, slot, now) for one in rows)


def waiting_list(keys: PracticeKeys, actor: Actor) -> list[Waiting]:
    """Who waits, by visit type and then by how long; whose names were shown is recorded.

    Raises
    ------
    CannotOpen
        A record was tampered with.
    """
    practice = PracticeId(keys.practice)
    now = clock.now()
    with acting_for(practice):
        rows = WaitingEntry.objects.filter(practice=practice, state__in=ENTRY_LIVE)
        rows = rows.select_related("visit_type__practice", "appointment")
        entries = list(rows.order_by("visit_type__position", "visit_type_id", "created_at", "id")[:SHOWN])
        people = people_of(keys, [_whose(one) for one in entries])
        kept = NotifierAddress.objects.filter(practice=practice, about__in=[about(one) for one in entries])
        reachable = set(kept.filter(refused_at__isnull=True).values_list("about", flat=True))
        offers: dict[object, list[WaitingOffer]] = {}
        for offer in WaitingOffer.objects.filter(practice=practice, entry__in=entries).order_by("-made_at"):
            offers.setdefault(offer.entry_id, []).append(offer)
        types = {one.visit_type_id: one.visit_type for one in entries}
        free = {number: bookable_slots(one, now) for number, one in types.items()}
        if people:
            record(practice, actor, "waiting.view", sorted(people), {"count": len(people)})
    return [
        Waiting(
            one,
            _who(one, people),
            about(one) in reachable,
            tuple(offers.get(one.id, ())),
            tuple(_earlier(one, free[one.visit_type_id], now)[:SUGGESTED]),
        )
        for one in entries
    ]


def _whose(entry: WaitingEntry) -> Appointment:
    """The appointment that they have, or one that is not stored and only says who they are."""
    if entry.appointment is not None:
        return entry.appointment
    return Appointment(id=entry.id, patient_id=entry.patient_id, intake_id=entry.intake_id)


def _who(entry: WaitingEntry, people: dict[UUID, Reached]) -> Reached:
    whose = _whose(entry)
    return people.get(whose.patient_id or whose.intake_id or whose.id, NOBODY)


def _earlier(entry: WaitingEntry, slots: list[Slot], now: datetime) -> list[Slot]:
    """What the desk may offer: also what was declined, and whatever was wished."""
    before = entry.appointment.starts_at if entry.appointment is not None else None
    return [one for one in slots if before is None or one.start < before]
