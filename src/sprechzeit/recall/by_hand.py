"""The desk puts somebody down for a check-up, whenever their last visit was: as a patient asked for it at the desk."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from sprechzeit import clock
from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.models import Appointment
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.errors import Invalid
from sprechzeit.identifiers import PracticeId, VisitTypeId, new_id
from sprechzeit.patients.consent import P, Whose, alone, consents_of
from sprechzeit.patients.read import require_patient
from sprechzeit.practices.directory import visit_type_by_id
from sprechzeit.practices.models import Practice
from sprechzeit.recall.due import ENDED, LIVE
from sprechzeit.recall.errors import ComesAnyway, InvitedAlready, NotAgreed
from sprechzeit.recall.models import Recall

FARTHEST_YEARS = 10


@retrying
def put_down(practice: PracticeId, actor: Actor, patient: UUID, visit_type: int, due_on: date) -> None:
    """Due on this local day of the practice. Put down again before the first invitation, it is due on the other day.

    What the patient declined before does not count any more: the desk has their word.

    Raises
    ------
    PatientNotFound, NotFound
    Invalid
        The day is over or too far away.
    NotAgreed
        There is no consent to invitations.
    ComesAnyway
        Such a visit is booked.
    InvitedAlready
    """
    with acting_for(practice):
        alone(practice)  # nobody withdraws meanwhile
        require_patient(practice, patient)
        chosen = visit_type_by_id(practice, VisitTypeId(visit_type))
        now = clock.now()
        _require_sound(due_on, now.astimezone(Practice.objects.get(id=practice).zone).date())
        consents = consents_of(practice, Whose(patient=patient)).filter(purpose=P.RECALL, withdrawn_at=None)
        if not consents.exists():
            raise NotAgreed
        theirs = {"practice": practice, "patient": patient, "visit_type": chosen.id}
        coming = Appointment.objects.filter(**theirs, starts_at__gt=now)
        if coming.exclude(status__in=ENDED).exists():
            raise ComesAnyway
        standing = Recall.objects.select_for_update().filter(**theirs, state__in=LIVE).first()
        if standing is not None and standing.state == Recall.State.INVITED:
            raise InvitedAlready
        if standing is not None:
            Recall.objects.filter(practice=practice, id=standing.id).update(due_on=due_on, changed_at=now)
        else:
            Recall.objects.create(
                id=new_id(), practice_id=practice, patient_id=patient, visit_type_id=chosen.id, due_on=due_on,
                created_at=now, changed_at=now,
            )  # fmt: skip  # lines grouped by hand
        record(practice, actor, "recall.begin", [patient], {"visit_type": chosen.id})


def recalls_of(practice: PracticeId, patient: UUID) -> list[Recall]:
    """All of a patient with their visit types, the newest first; nothing is opened."""
    with acting_for(practice):
        rows = Recall.objects.select_related("visit_type").filter(practice=practice, patient=patient)
        return list(rows.order_by("-created_at", "id"))


def _require_sound(due_on: date, today: date) -> None:
    if due_on < today:
        raise Invalid(_("Bitte nennen Sie einen Tag, der nicht schon vorbei ist."), field="due_on")
    if due_on.year > today.year + FARTHEST_YEARS:
        raise Invalid(_("Möglich sind höchstens zehn Jahre."), field="due_on")
