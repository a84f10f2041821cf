"""A request comes in: by the patient's own link, or recorded at the desk."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from sprechzeit import clock
from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.errors import TooLate
from sprechzeit.booking.manage import managed, own_appointment
from sprechzeit.booking.models import Appointment
from sprechzeit.booking.once import Result, once
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.errors import Invalid
from sprechzeit.identifiers import PracticeId, new_id
from sprechzeit.patients.consent import Whose, alone, standing, withdraw
from sprechzeit.patients.models import Consent
from sprechzeit.patients.read import require_patient
from sprechzeit.practices.models import Practice
from sprechzeit.rights.due import due_on
from sprechzeit.rights.errors import TooManyRequests
from sprechzeit.rights.models import RightsRequest
from sprechzeit.rights.text import put_text_in
from sprechzeit.vault import Secret

PATIENT = Actor("patient")
OLDEST = timedelta(days=365)  # a letter that lay somewhere
MOST = 10  # by one link, answered ones included: whoever has it cannot fill the practice's list
Kind = RightsRequest.Kind
Source = RightsRequest.Source
State = RightsRequest.State


def kind_asked(text: str) -> Kind:
    """The kind of this name.

    Raises
    ------
    Invalid
    """
    if text not in Kind.values:
        raise Invalid(_("Bitte wählen Sie, was Sie möchten."), field="kind")
    return Kind(text)


def source_asked(text: str) -> Source:
    """How it reached the practice; a link is no way to the desk.

    Raises
    ------
    Invalid
    """
    if text not in Source.values or text == Source.LINK:
        raise Invalid(_("Bitte geben Sie an, wie der Antrag kam."), field="source")
    return Source(text)


@retrying
def ask_by_link(practice: PracticeId, secret: Secret, kind: Kind, text: str, *, key: str = "") -> None:
    """Put a request in; also after the visit, while anything is stored of who came.

    Whoever asks to be erased withdraws all consents by it, at once. While the visit is to come that is asked for by
    ``delete_own``, which does what it can itself.

    Raises
    ------
    AppointmentNotFound, KeyReused
    TooManyRequests
        The same is open already, or ten came by this link.
    TooLate
        Nothing is stored any more of who came.
    """
    with acting_for(practice):
        alone(practice)  # before the first event; asked twice at once, the second waits here
        found = own_appointment(practice, secret)

        def ask() -> Result:
            if managed(found, found.visit_type).is_anonymous:
                raise TooLate
            asked = put_request_in(practice, PATIENT, found.id, kind, text)
            if kind == Kind.ERASURE:
                end_consents(practice, found)
            return {"request": str(asked)}

        # What was typed is not part of the fingerprint: nothing personal may be derived from it.
        once(practice, key, ("ask-right", kind.value, found.id), ask)


def put_request_in(practice: PracticeId, actor: Actor, appointment: UUID, kind: Kind, text: str = "") -> UUID:
    """Of the patient of this appointment. Needs ``acting_for`` and ``alone``.

    Raises
    ------
    TooManyRequests
    """
    before = RightsRequest.objects.filter(practice=practice, appointment=appointment)
    if before.filter(kind=kind, state=State.OPEN).values("id").exists():
        raise TooManyRequests
    if before.values("id").count() >= MOST:
        raise TooManyRequests(_("Über diesen Link sind schon viele Anträge gekommen. Bitte rufen Sie die Praxis an."))
    asked = _put(practice, kind, Source.LINK, _today(practice), appointment_id=appointment)
    if text:
        put_text_in(practice, asked, text)
    record(practice, actor, "rights.ask", [asked, appointment], {"right": f"right-{kind.value}"})
    return asked


def end_consents(practice: PracticeId, found: Appointment) -> None:
    """All of whoever has this appointment, by the patient. Needs ``acting_for`` and ``alone``."""
    whose = Whose(patient=found.patient_id) if found.patient_id else Whose(intake=found.intake_id)
    for purpose in standing(practice, whose):
        withdraw(practice, PATIENT, whose, Consent.Purpose(purpose))


@retrying
def ask_at_desk(
    practice: PracticeId,
    actor: Actor,
    patient: UUID,
    kind: Kind,
    source: Source,
    received: date,
    text: str,
    *,
    key: str = "",
) -> UUID:
    """Record a request that came by phone, in person or by letter, on the local day ``received``; tell its id.

    Raises
    ------
    PatientNotFound, KeyReused
    Invalid
        The day lies ahead or more than a year back.
    """
    with acting_for(practice):
        require_patient(practice, patient)
        today = _today(practice)
        if not today - OLDEST <= received <= today:
            raise Invalid(_("Bitte geben Sie den Tag an, an dem der Antrag kam."), field="received")

        def ask() -> Result:
            asked = _put(practice, kind, source, received, patient_id=patient, entered_by=UUID(actor.id))
            if text:
                put_text_in(practice, asked, text)
            record(practice, actor, "rights.ask", [asked, patient], {"right": f"right-{kind.value}"})
            return {"request": str(asked)}

        return UUID(once(practice, key, ("record-right", kind.value, source.value, received, patient), ask)["request"])


def _put(practice: PracticeId, kind: Kind, source: Source, received: date, **about: UUID) -> UUID:
    """Without RETURNING: the front's role may not read all of it."""
    asked = new_id()
    row = RightsRequest(
        id=asked,
        practice_id=practice,
        kind=kind,
        source=source,
        received_on=received,
        due_on=due_on(received),
        created_at=clock.now(),
        **about,
    )
    RightsRequest.objects.bulk_create([row])
    return asked


def _today(practice: PracticeId) -> date:
    return clock.now().astimezone(Practice.objects.only("time_zone").get(id=practice).zone).date()
