"""By the manage link: send the practice new contact data, or a short answer. Nobody but the practice can read it."""

from __future__ import annotations

from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.errors import TooLate
from sprechzeit.booking.manage import Managed, State, managed, own_appointment
from sprechzeit.booking.new_address import ask_new_address, warn_before
from sprechzeit.booking.once import Result, once
from sprechzeit.booking.patient_note import Kind, Sent, put_note_in
from sprechzeit.booking.tell import keep_where, kept_until
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.identifiers import PracticeId
from sprechzeit.messages.address import is_kept
from sprechzeit.messages.models import Message
from sprechzeit.practices.models import Practice
from sprechzeit.vault import Secret

PATIENT = Actor("patient")


def may_correct_contact(found: Managed) -> bool:
    """While the visit is still to come and there is somebody to reach."""
    return found.state in {State.CHANGEABLE, State.TOO_LATE} and not found.is_anonymous


def may_answer(found: Managed) -> bool:
    """The same, and when the practice refused the booking with a message."""
    return may_correct_contact(found) or (found.state == State.CANCELLED and bool(found.refusal))


@retrying
def correct_contact(practice: PracticeId, secret: Secret, *, email: str, phone: str, key: str = "") -> None:
    """Send a new e-mail address, phone number or both; what is empty stays as it is.

    Raises
    ------
    AppointmentNotFound, TooManyNotes, KeyReused
    TooLate
        The appointment is over or cancelled.
    """
    _send(practice, secret, Kind.CONTACT, Sent(email=email, phone=phone), key)


@retrying
def answer_practice(practice: PracticeId, secret: Secret, text: str, *, key: str = "") -> None:
    """Send a short text, as ``read_text`` gave it.

    Raises
    ------
    AppointmentNotFound, TooLate, TooManyNotes, KeyReused
    """
    _send(practice, secret, Kind.ANSWER, Sent(text=text), key)


def _send(practice: PracticeId, secret: Secret, kind: Kind, sent: Sent, key: str) -> None:
    may = may_answer if kind == Kind.ANSWER else may_correct_contact
    with acting_for(practice):
        found = own_appointment(practice, secret)

        def put() -> Result:
            if not may(managed(found, found.visit_type)):
                raise TooLate
            note = put_note_in(practice, found, kind, sent)
            # What is written about the appointment goes there from now on, to an e-mail address once its owner has
            # confirmed it; SMS only to whom they went before.
            phone = sent.phone if sent.phone and is_kept(practice, found.id, Message.Channel.SMS) else None
            row = Practice.objects.get(id=practice)
            if sent.email or phone:
                warn_before(found, once=note.hex[:16])
            if phone:
                keep_where(row, found.id, "", secret, kept_until(found), phone=phone, corrected=True)
            if sent.email:
                ask_new_address(row, found, sent.email, secret)
            if kind == Kind.ANSWER:
                record(practice, PATIENT, "appointment.answer", [found.id])
            else:
                record(practice, PATIENT, "appointment.correct-contact", [found.id])
            return {"note": str(note)}

        # What was typed is not part of the fingerprint: nothing personal may be derived from it.
        once(practice, key, (kind.value, found.id), put)
