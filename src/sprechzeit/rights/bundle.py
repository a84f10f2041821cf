"""The data of one patient for programs: names after HL7 FHIR R4 (https://hl7.org/fhir/R4/), as far as it has them.

It is meant to be read, not to be validated: what FHIR has no name for keeps a plain one of ours.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime

from sprechzeit.booking.models import Appointment
from sprechzeit.booking.patient_note import OpenedNote
from sprechzeit.messages.models import Message, NotifierAddress
from sprechzeit.patients.models import AddressConfirmation, Consent
from sprechzeit.patients.person import Person
from sprechzeit.practices.legal import AUTHORITIES
from sprechzeit.recall.models import Recall
from sprechzeit.rights.access import Access, Request, Visit, Wait
from sprechzeit.rights.information import information

Resource = dict[str, object]
S, M = Appointment.Status, Message.State
STATUS = {
    S.BOOKED: "booked",
    S.ARRIVED: "arrived",
    S.IN_TREATMENT: "checked-in",
    S.DONE: "fulfilled",
    S.NO_SHOW: "noshow",
    S.CANCELLED: "cancelled",
}
SENT = {M.WAITING: "preparation", M.SENT: "completed", M.FAILED: "not-done", M.STOPPED: "stopped"}


def as_json(access: Access) -> bytes:
    """UTF-8, indented: people open it too."""
    return json.dumps(bundle(access), ensure_ascii=False, indent=2).encode()


def bundle(access: Access) -> Resource:
    """A Bundle of the type ``collection``; moments are ISO 8601 in UTC, dates are local."""
    return _filled(
        resourceType="Bundle",
        type="collection",
        timestamp=_moment(access.made_at),
        controller=_controller(access),
        information=[{"title": title, "text": text} for title, text in information(access)],
        retention=_filled(
            intakeDays=access.rules.keep_intake_days,
            patientDays=access.rules.keep_patient_days,
            appointmentDays=access.rules.keep_appointment_days,
            trailDays=access.rules.keep_trail_days,
        ),
        entry=[{"resource": one} for one in _resources(access)],
    )


def _resources(access: Access) -> Iterator[Resource]:
    yield _person(access.record.person, "Patient", str(access.record.id)) | {
        "meta": {"versionId": str(access.record.version), "created": _moment(access.record.created_at)}
        | _filled(restricted=_moment(access.record.restricted_at))
    }
    for visit in access.visits:
        yield _appointment(visit)
        if visit.typed:
            yield _typed(visit.typed, f"Appointment/{visit.appointment.id}")
        for note in visit.notes:
            yield _from_patient(note, visit)
    yield from map(_consent, access.consents)
    yield from map(_message, access.messages)
    yield from map(_address, access.addresses)
    yield from map(_confirmation, access.confirmations)
    yield from map(_recall, access.recalls)
    for wait in access.waits:
        yield _wait(wait, access.clinicians)
        if wait.typed:
            yield _typed(wait.typed, f"Appointment/{wait.entry.id}")
    yield from map(_request, access.requests)
    for merged in access.merged:
        for person in (merged.kept, merged.absorbed):
            yield _person(person, "Patient", "") | {"active": False, "mergedAt": _moment(merged.at)}
    for event in access.trail:
        yield _filled(
            resourceType="AuditEvent", recorded=_moment(event.at), action=event.action, agentType=event.actor_kind
        )


def _controller(access: Access) -> Resource:
    practice = access.practice
    return _filled(
        resourceType="Organization",
        name=practice.name,
        address=_filled(line=practice.street, postalCode=practice.postal_code, city=practice.city),
        telecom=_telecom(practice.phone, ""),
        responsible=practice.responsible,
        privacyContact=practice.privacy_contact,
        supervisoryAuthority=AUTHORITIES.get(practice.subdivision, ""),
    )


def _person(person: Person, kind: str, number: str) -> Resource:
    return _filled(
        resourceType=kind,
        id=number,
        name=[_filled(family=person.last_name, given=[person.first_name] if person.first_name else [])],
        birthDate=person.birth_date.isoformat() if person.birth_date else "",
        telecom=_telecom(person.phone, person.email),
        note=person.note,
        insurance=person.insurance,
        message=person.message,
        booker=person.booker,
    )


def _typed(person: Person, about: str) -> Resource:
    """What was typed at a booking, as it came."""
    return _person(person, "QuestionnaireResponse", "") | {"status": "completed", "about": {"reference": about}}


def _appointment(visit: Visit) -> Resource:
    one = visit.appointment
    return _filled(
        resourceType="Appointment",
        id=str(one.id),
        status=STATUS[S(one.status)],
        start=_moment(one.starts_at),
        end=_moment(one.ends_at),
        serviceType=one.visit_type.name,
        appointmentType=one.appointment_type,
        created=_moment(one.created_at),
        source=one.source,
        participant=[{"display": name} for name in visit.resources],
        comment=visit.comment,
        refusal=one.refusal,
        overbooked=one.overbooked,
        needsConfirmation=one.needs_confirmation,
        confirmed=_moment(one.confirmed_at),
        patientConfirmed=_moment(one.patient_confirmed_at),
        givenUp=_moment(one.given_up_at),
        arrived=_moment(one.arrived_at),
        treatedIn=one.treated_in.name if one.treated_in else "",
        lastChanged=_moment(one.changed_at),
    )


def _from_patient(note: OpenedNote, visit: Visit) -> Resource:
    return _filled(
        resourceType="Communication",
        id=str(note.id),
        status="in-progress" if note.is_unread else "completed",
        category=note.kind,
        sender={"display": "patient"},
        about=[{"reference": f"Appointment/{visit.appointment.id}"}],
        received=_moment(note.created_at),
        payload=[{"contentString": note.sent.text}] if note.sent.text else [],
        telecom=_telecom(note.sent.phone, note.sent.email),
    )


def _consent(one: Consent) -> Resource:
    return _filled(
        resourceType="Consent",
        id=str(one.id),
        status="inactive" if one.withdrawn_at else "active",
        category=one.purpose,
        wording=one.wording,
        source=one.source,
        dateTime=_moment(one.given_at),
        withdrawn=_moment(one.withdrawn_at),
    )


def _message(one: Message) -> Resource:
    return _filled(
        resourceType="Communication",
        id=str(one.id),
        status=SENT[M(one.state)],
        category=one.kind,
        medium=one.channel,
        language=one.language,
        about=[{"reference": f"Appointment/{one.about}"}],
        created=_moment(one.created_at),
        sent=_moment(one.done_at) if one.state == M.SENT else "",
        facts=one.facts,
    )


def _address(one: NotifierAddress) -> Resource:
    """That an address is kept for messages, until when. Which, only the worker can read; the record holds it too."""
    return _filled(
        resourceType="Endpoint",
        id=str(one.id),
        medium=one.channel,
        language=one.language,
        about=[{"reference": f"Appointment/{one.instead_of or one.about}"}],
        period=_filled(start=_moment(one.created_at), end=_moment(one.delete_after)),
        refused=_moment(one.refused_at),
        unconfirmed=one.unconfirmed,
    )


def _confirmation(one: AddressConfirmation) -> Resource:
    return _filled(
        resourceType="VerificationResult",
        id=str(one.id),
        medium=one.channel,
        asked=_moment(one.asked_at),
        timesAsked=one.times,
        confirmed=_moment(one.confirmed_at),
        refused=_moment(one.refused_at),
    )


def _recall(one: Recall) -> Resource:
    return _filled(
        resourceType="ServiceRequest",
        id=str(one.id),
        code=one.visit_type.name,
        occurrenceDate=one.due_on.isoformat(),
        status=one.state,
        invitations=one.invitations,
        invited=_moment(one.invited_at),
        authoredOn=_moment(one.created_at),
        appointment=str(one.appointment_id or ""),
    )


def _request(one: Request) -> Resource:
    """What the patient asked for under these articles."""
    asked = one.asked
    return _filled(
        resourceType="Task",
        id=str(asked.id),
        status={"open": "requested", "done": "completed", "refused": "rejected"}[asked.state],
        code=asked.kind,
        source=asked.source,
        authoredOn=asked.received_on.isoformat(),
        due=asked.due_on.isoformat(),
        delayReason=asked.delay,
        identityCheck=asked.identity,
        identityChecked=_moment(asked.identity_at),
        refusal=asked.refusal,
        closed=_moment(asked.closed_at),
        description=one.text,
    )


def _wait(wait: Wait, names: dict[int, str]) -> Resource:
    one = wait.entry
    return _filled(
        resourceType="Appointment",
        id=str(one.id),
        status="waitlist",
        state=one.state,
        serviceType=one.visit_type.name,
        earlierThan=str(one.appointment_id or ""),
        created=_moment(one.created_at),
        ended=_moment(one.ended_at),
        source=one.source,
        participant=[{"display": names[number]} for number in one.clinician_ids if number in names],
        requestedPeriod=_filled(
            weekdays=one.weekdays,
            since=one.since_time.isoformat() if one.since_time else "",
            until=one.until_time.isoformat() if one.until_time else "",
            start=one.earliest.isoformat() if one.earliest else "",
            end=one.latest.isoformat() if one.latest else "",
            noticeHours=one.notice_hours,
        ),
        newPatient=one.is_new,
        insurance=one.insurance,
        hasReferral=one.has_referral,
        offers=[
            _filled(
                start=_moment(offer.starts_at), end=_moment(offer.ends_at), state=offer.state,
                made=_moment(offer.made_at), until=_moment(offer.expires_at), answered=_moment(offer.answered_at),
            )
            for offer in wait.offers
        ],
    )  # fmt: skip  # lines grouped by hand


def _telecom(phone: str, email: str) -> list[Resource]:
    found = (("phone", phone), ("email", email))
    return [{"system": system, "value": value} for system, value in found if value]


def _moment(value: datetime | None) -> str:
    return value.isoformat() if value else ""


def _filled(**fields: object) -> Resource:
    """Without what is empty; a False or a 0 says something."""
    return {name: value for name, value in fields.items() if value not in ("", None, [], {})}
