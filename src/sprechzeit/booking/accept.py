"""Accept an intake at the desk: the appointment then belongs to a patient record."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.utils.translation import gettext as _

from sprechzeit import clock
from sprechzeit.audit.record import Actor
from sprechzeit.booking.address import confirmed_online
from sprechzeit.booking.errors import AppointmentNotFound, WrongStatus
from sprechzeit.booking.models import Appointment
from sprechzeit.booking.note import LONGEST, note_of, write_note
from sprechzeit.booking.tell import tell_confirmed
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.identifiers import PracticeId
from sprechzeit.patients.intake import accept_intake, open_intakes
from sprechzeit.patients.models import Intake
from sprechzeit.vault import PracticeKeys


@retrying
def accept(
    keys: PracticeKeys,
    actor: Actor,
    appointment: UUID,
    *,
    patient: UUID | None = None,
    update: Collection[str] = (),
    version: int = 0,
) -> UUID:
    """Take the appointment's intake over into a patient's record, or into a new one, and tell the patient's id.

    ``update`` names the fields that the record takes from the intake; ``version`` is the record's that the caller saw.

    Raises
    ------
    AppointmentNotFound
    WrongStatus
        It has no open intake.
    PatientNotFound
    PatientChanged
        The record that is to be updated was changed since.
    """
    practice = PracticeId(keys.practice)
    with acting_for(practice):
        # Locked, so that of two who accept at once the second sees what the first did.
        found = Appointment.objects.select_for_update().filter(practice=practice, id=appointment).first()
        if found is None:
            raise AppointmentNotFound
        if found.patient_id is not None or found.intake_id is None:
            raise WrongStatus
        _keep_what_was_written(keys, actor, found)
        is_new = patient is None
        patient = accept_intake(keys, actor, found.intake_id, patient=patient, update=update, version=version)
        # Whoever takes a request over confirms it.
        confirmed = {"confirmed_at": clock.now()} if found.needs_confirmation and found.confirmed_at is None else {}
        Appointment.objects.filter(practice=practice, id=appointment).update(patient=patient, **confirmed)
        if is_new:
            confirmed_online(practice, found, patient)
        if confirmed:
            tell_confirmed(found)
        return patient


def _keep_what_was_written(keys: PracticeKeys, actor: Actor, found: Appointment) -> None:
    """The message about this visit, and who booked it, go into its comment; the record of the person keeps neither."""
    rows = Intake.objects.filter(practice=found.practice_id, id__in=[found.intake_id])
    person = next(iter(open_intakes(keys, rows).values()), None)
    if person is None or not (person.message or person.booker):
        return
    before = note_of(keys, found.id)
    booker = _("Gebucht von %(name)s.") % {"name": person.booker} if person.booker else ""
    text = "\n".join(filter(None, [before.text, person.message, booker]))
    write_note(keys, actor, found.id, text[:LONGEST], seen=before.seen)
