"""At the desk: take over what a patient sent by the manage link, or mark it as read."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from sprechzeit import clock
from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.errors import AppointmentNotFound, WrongStatus
from sprechzeit.booking.models import Appointment, PatientNote
from sprechzeit.booking.patient_note import Kind, open_note
from sprechzeit.booking.read import appointment_by_id
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.identifiers import PracticeId
from sprechzeit.patients.correct import correct_patient
from sprechzeit.patients.intake import correct_intake
from sprechzeit.patients.read import open_patient
from sprechzeit.staff.keys import keys_for_writing
from sprechzeit.vault import PracticeKeys


@retrying
def settle_note(practice: PracticeId, actor: Actor, note: UUID) -> UUID:
    """Mark it as read and tell the appointment. One that is settled already stays as it is.

    Raises
    ------
    AppointmentNotFound
        There is no such note in this practice.
    """
    with acting_for(practice):
        row = _locked(practice, note)
        _settle(practice, actor, row)
        return row.appointment_id


@retrying
def take_over_contact(keys: PracticeKeys, actor: Actor, note: UUID) -> UUID:
    """Put new contact data into the record, or into the intake that nobody has taken over yet.

    Sent twice, the second changes nothing.

    Raises
    ------
    AppointmentNotFound, PatientNotFound, CannotOpen
    WrongStatus
        It is no contact data, or nothing is stored any more of who comes.
    """
    practice = PracticeId(keys.practice)
    with acting_for(practice):
        row = _locked(practice, note)
        if row.settled_at is not None:
            return row.appointment_id
        if row.kind != Kind.CONTACT:
            raise WrongStatus
        sent = open_note(keys, row).sent
        fields = {name: value for name, value in {"email": sent.email, "phone": sent.phone}.items() if value}
        _write(keys, actor, appointment_by_id(practice, row.appointment_id), fields)
        _settle(practice, actor, row)
        return row.appointment_id


def _write(keys: PracticeKeys, actor: Actor, appointment: Appointment, fields: dict[str, str]) -> None:
    if appointment.patient_id:
        found = open_patient(keys_for_writing(keys), appointment.patient_id, locked=True)
        person = replace(found.person, **fields)  # type: ignore[arg-type]  # text fields only
        correct_patient(keys, actor, appointment.patient_id, person, version=found.version)
    elif appointment.intake_id:
        correct_intake(keys, appointment.intake_id, keys.private_key.public, **fields)
    else:
        raise WrongStatus


def _locked(practice: PracticeId, note: UUID) -> PatientNote:
    row = PatientNote.objects.select_for_update().filter(practice=practice, id=note).first()
    if row is None:
        raise AppointmentNotFound
    return row


def _settle(practice: PracticeId, actor: Actor, row: PatientNote) -> None:
    if row.settled_at is None:
        # Contact data is in the record now, or not wanted: nothing of it stays here.
        gone = {"sealed": None} if row.kind == Kind.CONTACT else {}
        PatientNote.objects.filter(practice=practice, id=row.id).update(settled_at=clock.now(), **gone)
        record(practice, actor, "appointment.settle-note", [row.appointment_id])
