"""Make a hold an appointment. What the patient typed is sealed in this same call."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal
from uuid import UUID

from django.db import IntegrityError
from django.db.models import Q

from sprechzeit import clock
from sprechzeit.audit.record import VISITOR, record
from sprechzeit.booking.claims import NOTHING_SAID, Claims, require_age, require_claims
from sprechzeit.booking.code import needs_code, use_code
from sprechzeit.booking.errors import CodeNeeded, HoldNotFound, SlotPassed, SlotTaken
from sprechzeit.booking.hold import BY_SECRET, PURPOSE
from sprechzeit.booking.models import Appointment, Hold, Occupancy
from sprechzeit.booking.occupy import occupy, span_of
from sprechzeit.booking.offer import alternatives
from sprechzeit.booking.quota import require_room
from sprechzeit.booking.rules import latest_start
from sprechzeit.booking.tell import keep_where, kept_until, number_for_sms, tell_booked
from sprechzeit.database.lookup import put
from sprechzeit.database.statements import run_planned
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.identifiers import PracticeId, ResourceId, VisitTypeId, new_id
from sprechzeit.messages.channels import can_mail
from sprechzeit.patients.consent import put_consents_in, require_reachable
from sprechzeit.patients.intake import forget_intake, put_in
from sprechzeit.patients.models import Consent
from sprechzeit.patients.person import Person
from sprechzeit.practices.key_in_use import key_to_seal_to
from sprechzeit.practices.models import Practice, VisitType
from sprechzeit.timetable.availability import candidate_lanes
from sprechzeit.vault import Secret, derive, link_hash

MANAGE = "manage"
KEEP = """
    update occupancy set hold_id = null, appointment_id = %(appointment)s, expires_at = null
    where practice_id = %(practice)s and hold_id = %(hold)s and expires_at > %(now)s
"""
FORGET = "delete from hold where practice_id = %(practice)s and id = %(hold)s"


@dataclass(frozen=True)
class Booked:
    """A booked appointment and the secret of its manage link.

    The secret is derived from the hold's, so that a repeated confirmation can show it again while the database
    knows neither.
    """

    appointment_id: UUID
    manage_secret: Secret


@retrying
def confirm(
    practice: PracticeId,
    hold_secret: Secret,
    person: Person,
    *,
    claims: Claims = NOTHING_SAID,
    source: Literal["front", "api"] = "front",
    consents: Collection[str] = (),
) -> Booked:
    """Book what is held. A hold that has expired is still honoured while its slot is free.

    ``consents`` are the purposes that the person agrees to, of their own accord.

    Confirming the same hold again gives the same appointment: the hold's secret is the idempotency key.

    Raises
    ------
    CodeNeeded
        The address has to be confirmed first (``booking/code_by_mail.py``).
    HoldNotFound
        There is no such hold.
    InvalidPerson
        A consent to reminders without an address for them.
    NotBookable
        The visit type is not for whom this is said of, or the code does not count any more.
    SlotTaken
        The hold expired and somebody else has the slot, or it is over; carries alternatives. Nothing was stored.
    """
    require_reachable(person, consents)
    manage_secret = derive(hold_secret, MANAGE)
    manage_hash = link_hash(manage_secret, MANAGE)
    try:
        with acting_for(practice):
            found = BY_SECRET.first(practice=practice, secret=link_hash(hold_secret, PURPOSE))
            if found is None:
                return Booked(booked_before(practice, manage_hash), manage_secret)
            held = found
            visit_type = held.visit_type
            require_allowed(held, person, claims)
            if is_mail_asked(held.practice, person):
                raise CodeNeeded
            count_code(held, claims)
            if held.intake_id is not None:  # what waited for a code is replaced by what was typed now
                forget_intake(practice, held.intake_id)
            intake = put_in(practice, person, key_to_seal_to(held.practice))
            appointment = book_held(practice, held, intake, manage_hash, source)
            put_consents_in(practice, VISITOR, intake, consents, Consent.Source.FRONT)
            number = number_for_sms(person, consents)
            until = kept_until(appointment)
            keep_where(held.practice, appointment.id, person.email, manage_secret, until, phone=number)
            tell_booked(appointment)
            return Booked(appointment.id, manage_secret)
    except IntegrityError as error:
        if "manage_hash" not in str(error):
            raise
        with acting_for(practice):  # the same confirmation, sent twice at the same moment
            return Booked(booked_before(practice, manage_hash), manage_secret)
    except SlotTaken as gone:
        raise type(gone)(alternatives(Practice.objects.get(id=practice), visit_type, held.starts_at)) from None


def require_allowed(held: Hold, person: Person, claims: Claims) -> None:
    """The same as when it was held, and what only now is known: the age.

    Raises
    ------
    NotBookable
    """
    require_claims(held.practice, held.visit_type, claims)
    require_age(held.visit_type, person.birth_date, held.starts_at.astimezone(held.practice.zone).date())


def count_code(held: Hold, claims: Claims) -> None:
    """Use the practice's code where the time is only to be had with one. Needs ``acting_for``.

    Raises
    ------
    NotBookable
    """
    is_early = held.starts_at >= latest_start(held.visit_type, clock.now())
    if needs_code(held.visit_type) or is_early:
        use_code(held.practice, held.visit_type, claims.code)


def is_mail_asked(practice: Practice, person: Person) -> bool:
    """Whether the address is confirmed before the booking counts: where the practice wants it and mail can be sent."""
    return bool(practice.confirm_email and person.email and can_mail(practice))


def booked_before(practice: PracticeId, manage_hash: bytes) -> UUID:
    found = Appointment.objects.filter(practice=practice, manage_hash=manage_hash).values_list("id", flat=True).first()
    if found is None:
        raise HoldNotFound
    return found


def book_held(
    practice: PracticeId,
    held: Hold,
    intake: UUID | None,
    manage_hash: bytes | None,
    source: str,
    *,
    patient: UUID | None = None,
) -> Appointment:
    """Turn the hold into the appointment of this intake, or of a known patient. Needs ``acting_for``.

    Raises
    ------
    SlotTaken
        The hold expired and somebody else has the slot, or it is over.
    """
    visit_type = held.visit_type
    appointment = Appointment(
        practice_id=practice,
        id=new_id(),
        visit_type_id=held.visit_type_id,
        starts_at=held.starts_at,
        ends_at=held.starts_at + timedelta(minutes=visit_type.duration_minutes),
        resource_ids=held.resource_ids,
        source=source,
        intake_id=intake,
        patient_id=patient,
        manage_hash=manage_hash,
        needs_confirmation=visit_type.needs_confirmation,
    )
    put(appointment)
    values = {"practice": practice, "hold": held.id, "appointment": appointment.id, "now": clock.now()}
    kept = run_planned(KEEP, values)
    if kept != len(held.resource_ids):
        _take_anew(practice, held, visit_type, appointment)
    run_planned(FORGET, values)  # nothing hangs on it any more
    record(practice, VISITOR, "appointment.book", [appointment.id], {"source": source})
    return appointment


def _take_anew(practice: PracticeId, held: Hold, visit_type: VisitType, appointment: Appointment) -> None:
    """The hold expired: the same slot with the same resource, as if it were booked now."""
    if held.starts_at <= clock.now():
        raise SlotPassed
    require_room(held.practice, visit_type, held.starts_at, ignoring=appointment.id)
    # What was kept above too: somebody may have taken one lane of several.
    Occupancy.objects.filter(Q(hold=held.id) | Q(appointment=appointment.id), practice=practice).delete()
    clinician = ResourceId(held.resource_ids[0]) if held.resource_ids else None
    needs = candidate_lanes(practice, VisitTypeId(visit_type.id), held.starts_at, resource=clinician)
    taken = occupy(practice, needs, span_of(visit_type, held.starts_at), appointment=appointment.id)
    Appointment.objects.filter(practice=practice, id=appointment.id).update(resource_ids=taken)
