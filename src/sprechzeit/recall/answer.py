"""Answer an invitation by its link: book the visit, or decline. Looking never answers: mail scanners open links."""

from __future__ import annotations

from datetime import datetime

from sprechzeit import clock
from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.confirm import MANAGE, book_held
from sprechzeit.booking.errors import SlotTaken
from sprechzeit.booking.hold import HOLD, require_on_grid, take_slot
from sprechzeit.booking.models import Appointment
from sprechzeit.booking.offer import alternatives
from sprechzeit.booking.quota import require_room
from sprechzeit.booking.rules import require_offered
from sprechzeit.booking.tell import tell_booked
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.identifiers import PracticeId, ResourceId, VisitTypeId, new_id
from sprechzeit.practices.directory import visit_type_by_id
from sprechzeit.practices.models import Practice, VisitType
from sprechzeit.recall.due import ENDED
from sprechzeit.recall.errors import RecallNotFound, RecallOver
from sprechzeit.recall.invite import VALID
from sprechzeit.recall.models import Recall
from sprechzeit.vault import Secret, link_hash, new_link_secret

PATIENT = Actor("patient")
SEEN = ("id", "practice_id", "patient_id", "visit_type_id", "state", "invited_at", "appointment_id")


def visit_type_invited_to(practice: PracticeId, secret: Secret) -> VisitType | None:
    """What the link invites to; None when it was booked by this link, which is the manage link's secret too.

    Raises
    ------
    RecallOver
    """
    with acting_for(practice):
        found = _find(practice, secret)
        if _is_booked(found):
            return None
        _require_open(found)
        return visit_type_by_id(practice, VisitTypeId(found.visit_type_id))


@retrying
def book_recall(practice: PracticeId, secret: Secret, start: datetime, *, resource: ResourceId | None = None) -> None:
    """Book for the patient at once; booked again it stays as it is. The manage link has the same secret.

    Raises
    ------
    RecallOver
    NotBookable
        The practice does not offer this time.
    SlotTaken
        Somebody has it; carries the nearest free alternatives.
    """
    chosen = None
    try:
        with acting_for(practice):
            found = _find(practice, secret, locked=True)
            if _is_booked(found):
                return
            _require_open(found)
            chosen = visit_type_by_id(practice, VisitTypeId(found.visit_type_id))
            now = clock.now()
            require_offered(chosen, start, now)
            require_on_grid(chosen, start)
            require_room(chosen.practice, chosen, start)
            held = take_slot(practice, new_id(), chosen, start, resource, new_link_secret(), now + HOLD)
            source, patient = Appointment.Source.FRONT, found.patient_id
            made = book_held(practice, held, None, link_hash(secret, MANAGE), source, patient=patient)
            tell_booked(made, hold=found.id)
            _end(found, Recall.State.BOOKED, made)
            record(practice, PATIENT, "recall.book", [patient])
    except SlotTaken:
        row = Practice.objects.get(id=practice)
        raise SlotTaken(alternatives(row, chosen, start, resource=resource) if chosen else ()) from None


@retrying
def decline_recall(practice: PracticeId, secret: Secret) -> None:
    """No more of it until the next visit; the address goes. Declined again it stays so.

    Raises
    ------
    RecallOver
    """
    with acting_for(practice):
        found = _find(practice, secret, locked=True)
        if found.state == Recall.State.DECLINED:
            return
        _require_open(found)
        _end(found, Recall.State.DECLINED, None)
        record(practice, PATIENT, "recall.decline", [found.patient_id])


def _find(practice: PracticeId, secret: Secret, *, locked: bool = False) -> Recall:
    rows = Recall.objects.only(*SEEN)
    if locked:
        rows = rows.select_for_update()
    found = rows.filter(practice=practice, secret_hash=link_hash(secret, MANAGE)).first()
    if found is None:
        raise RecallNotFound
    return found


def _is_booked(recall: Recall) -> bool:
    return recall.state == Recall.State.BOOKED and recall.appointment_id is not None


def _require_open(recall: Recall) -> None:
    now = clock.now()
    coming = Appointment.objects.filter(
        practice=recall.practice_id, patient=recall.patient_id, visit_type=recall.visit_type_id, starts_at__gt=now
    )
    is_old = recall.invited_at is None or recall.invited_at + VALID <= now
    if recall.state != Recall.State.INVITED or is_old or coming.exclude(status__in=ENDED).exists():
        raise RecallOver


def _end(recall: Recall, state: Recall.State, appointment: Appointment | None) -> None:
    Recall.objects.filter(practice=recall.practice_id, id=recall.id).update(
        state=state, appointment=appointment.id if appointment else None, changed_at=clock.now()
    )
