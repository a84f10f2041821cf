"""All that is kept about one patient, opened in the session of a member who gives it to them (GDPR Art. 15 and 20)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from sprechzeit import clock
from sprechzeit.audit.models import Event
from sprechzeit.audit.read import Wanted, following_intakes, matching
from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.models import Appointment, PatientNote
from sprechzeit.booking.note import comments, open_comment
from sprechzeit.booking.patient_note import OpenedNote, open_note
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.guard.freeze import require_not_frozen
from sprechzeit.identifiers import PracticeId
from sprechzeit.messages.models import Message, NotifierAddress
from sprechzeit.patients.consent import Whose, consents_of
from sprechzeit.patients.intake import open_intakes
from sprechzeit.patients.merge import merges_of
from sprechzeit.patients.models import AddressConfirmation, Consent, Intake
from sprechzeit.patients.person import Person
from sprechzeit.patients.read import Record, open_patient
from sprechzeit.practices.models import Practice, Resource
from sprechzeit.recall.models import Recall
from sprechzeit.retention.rules import Rules, rules_of
from sprechzeit.rights.identity import Identity
from sprechzeit.rights.listing import requests_of
from sprechzeit.rights.models import RightsRequest
from sprechzeit.rights.text import open_text
from sprechzeit.vault import PracticeKeys
from sprechzeit.waiting.models import WaitingEntry, WaitingOffer


@dataclass(frozen=True, repr=False)
class Visit:
    """An appointment, with whom, what the practice noted, what was typed at booking and what the patient wrote."""

    appointment: Appointment
    resources: tuple[str, ...]
    comment: str
    typed: Person | None
    notes: tuple[OpenedNote, ...]

    def __repr__(self) -> str:
        return "Visit(…)"


@dataclass(frozen=True, repr=False)
class Wait:
    """A wish for a time, what was typed with it, and what was offered."""

    entry: WaitingEntry
    typed: Person | None
    offers: tuple[WaitingOffer, ...]

    def __repr__(self) -> str:
        return "Wait(…)"


@dataclass(frozen=True, repr=False)
class Merged:
    """Two records as they were before they became one, kept for 30 days."""

    kept: Person
    absorbed: Person
    at: datetime

    def __repr__(self) -> str:
        return "Merged(…)"


@dataclass(frozen=True, repr=False)
class Request:
    """What the patient has asked for before, and what was written with it."""

    asked: RightsRequest
    text: str

    def __repr__(self) -> str:
        return "Request(…)"


@dataclass(frozen=True, repr=False)
class Access:
    """Everything, the oldest first. ``clinicians`` are the names of all resources by their id."""

    practice: Practice
    made_at: datetime
    record: Record
    visits: tuple[Visit, ...]
    consents: tuple[Consent, ...]
    messages: tuple[Message, ...]
    addresses: tuple[NotifierAddress, ...]
    confirmations: tuple[AddressConfirmation, ...]
    recalls: tuple[Recall, ...]
    waits: tuple[Wait, ...]
    merged: tuple[Merged, ...]
    requests: tuple[Request, ...]
    trail: tuple[Event, ...]
    clinicians: dict[int, str]
    rules: Rules

    def __repr__(self) -> str:
        return "Access(…)"


@retrying
def patient_access(keys: PracticeKeys, actor: Actor, patient: UUID, identity: Identity, *, form: str) -> Access:
    """Open and gather all of one patient; recorded is in which form, and how who asks was checked.

    The trail tells when and what, not which member: the patient's right does not reach that far in general (CJEU,
    C-579/21, 22 June 2023).

    Raises
    ------
    PatientNotFound
    CannotOpen
        Something was tampered with.
    Frozen
        The practice has stopped exports.
    """
    practice = PracticeId(keys.practice)
    with acting_for(practice):
        require_not_frozen(practice)
        found = open_patient(keys, patient)
        row = Practice.objects.get(id=practice)
        names = dict(Resource.objects.filter(practice=practice).order_by("kind", "position").values_list("id", "name"))
        visits = _visits(keys, patient, names)
        waits = _waits(keys, patient, visits)
        asked = requests_of(row, patient)
        about = [*(one.appointment.id for one in visits), *(one.entry.id for one in waits)]
        intakes = [one.appointment.intake_id for one in visits] + [one.entry.intake_id for one in waits]
        subjects = frozenset({patient, *about, *filter(None, intakes), *(one.id for one in asked)})
        wanted = following_intakes(row, Wanted(subjects=subjects))
        made = Access(
            practice=row,
            made_at=clock.now(),
            record=found,
            visits=visits,
            consents=_consents(practice, patient, filter(None, intakes)),
            # Named columns: the sealed address is the worker's alone, and the desk's role may not read it.
            messages=tuple(
                Message.objects.filter(practice=practice, about__in=about)
                .only("id", "kind", "channel", "about", "language", "facts", "state", "due_at", "created_at", "done_at")
                .order_by("created_at", "id")
            ),
            addresses=tuple(
                NotifierAddress.objects.filter(Q(about__in=about) | Q(instead_of__in=about), practice=practice)
                .only(
                    "id",
                    "about",
                    "channel",
                    "language",
                    "refused_at",
                    "unconfirmed",
                    "instead_of",
                    "created_at",
                    "delete_after",
                )
                .order_by("created_at", "id")
            ),
            confirmations=tuple(
                AddressConfirmation.objects.filter(practice=practice, patient=patient).order_by("channel")
            ),
            recalls=tuple(
                Recall.objects.select_related("visit_type")
                .filter(practice=practice, patient=patient)
                .order_by("created_at", "id")
            ),
            waits=waits,
            merged=tuple(Merged(one.kept, one.absorbed, one.row.created_at) for one in merges_of(keys, patient)),
            requests=tuple(Request(one, open_text(keys, one.id)) for one in reversed(asked)),
            trail=tuple(matching(row, wanted).order_by("number")),
            clinicians=names,
            rules=rules_of(practice),
        )
        record(practice, actor, "patient.access", [patient], {"identity": identity.value, "format": form})
        return made


def _visits(keys: PracticeKeys, patient: UUID, names: dict[int, str]) -> tuple[Visit, ...]:
    practice = PracticeId(keys.practice)
    rows = list(
        Appointment.objects.select_related("visit_type", "treated_in")
        .filter(practice=practice, patient=patient)
        .order_by("starts_at", "id")
    )
    ids = [one.id for one in rows]
    told = {one.appointment: open_comment(keys, one) for one in comments(practice, ids)}
    intakes = [one.intake_id for one in rows if one.intake_id]
    typed = open_intakes(keys, Intake.objects.filter(practice=practice, id__in=intakes))
    notes: dict[UUID, list[OpenedNote]] = {}
    for note in PatientNote.objects.filter(practice=practice, appointment__in=ids).order_by("created_at", "id"):
        notes.setdefault(note.appointment_id, []).append(open_note(keys, note))
    return tuple(
        Visit(
            one,
            tuple(name for number, name in names.items() if number in one.resource_ids),
            told.get(one.id, ""),
            typed.get(one.intake_id) if one.intake_id else None,
            tuple(notes.get(one.id, ())),
        )
        for one in rows
    )


def _waits(keys: PracticeKeys, patient: UUID, visits: Iterable[Visit]) -> tuple[Wait, ...]:
    theirs = [one.appointment for one in visits]
    intakes = [one.intake_id for one in theirs if one.intake_id]
    mine = Q(patient=patient) | Q(appointment__in=[one.id for one in theirs]) | Q(intake__in=intakes)
    rows = WaitingEntry.objects.select_related("visit_type").filter(mine, practice=keys.practice)
    entries = list(rows.prefetch_related("offers").order_by("created_at", "id"))
    asked = [one.intake_id for one in entries if one.intake_id]
    typed = open_intakes(keys, Intake.objects.filter(practice=keys.practice, id__in=asked))
    return tuple(
        Wait(
            one,
            typed.get(one.intake_id) if one.intake_id else None,
            tuple(sorted(one.offers.all(), key=lambda offer: offer.made_at)),
        )
        for one in entries
    )


def _consents(practice: PracticeId, patient: UUID, intakes: Iterable[UUID]) -> tuple[Consent, ...]:
    found = list(consents_of(practice, Whose(patient=patient)))
    for intake in set(intakes):
        found += consents_of(practice, Whose(intake=intake))
    return tuple(sorted(found, key=lambda one: (one.given_at, one.id)))
