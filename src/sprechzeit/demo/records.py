"""The demo's people as sealed records, most of them with consents."""

from __future__ import annotations

import random
from datetime import timedelta
from uuid import UUID

from sprechzeit import clock
from sprechzeit.demo.practice import DemoPractice
from sprechzeit.identifiers import new_id
from sprechzeit.patients.consent import WORDINGS
from sprechzeit.patients.models import Consent, Patient, RecordKey
from sprechzeit.patients.person import Person
from sprechzeit.patients.sealed import seal_patient
from sprechzeit.vault import new_record_key

P = Consent.Purpose


def keep_records(demo: DemoPractice, people: list[Person], chance: random.Random) -> list[UUID]:
    """Store them and what they agreed to; tell their ids in the same order. Needs ``acting_for``."""
    patients, consents, own_keys = [], [], []
    for person in people:
        patient = new_id()
        own = new_record_key()
        name, whole = seal_patient(demo.keys, patient, person, own)
        own_keys.append(
            RecordKey(practice_id=demo.practice.id, record=patient, key=own.reveal(), created_at=clock.now())
        )
        patients.append(Patient(id=patient, practice_id=demo.practice.id, name_sealed=name, record_sealed=whole))
        consents += [_consent(demo, patient, purpose, chance) for purpose in _agreed(person, chance)]
    RecordKey.objects.bulk_create(own_keys, batch_size=500)
    Patient.objects.bulk_create(patients, batch_size=500)
    Consent.objects.bulk_create(consents, batch_size=500)
    return [one.id for one in patients]


def _agreed(person: Person, chance: random.Random) -> list[P]:
    if chance.random() < 0.14:
        return []
    reminder = P.REMINDER_EMAIL if person.email else P.REMINDER_SMS
    return [reminder, P.RECALL] if chance.random() < 0.4 else [reminder]


def _consent(demo: DemoPractice, patient: UUID, purpose: P, chance: random.Random) -> Consent:
    return Consent(
        id=new_id(),
        practice_id=demo.practice.id,
        patient_id=patient,
        purpose=purpose,
        wording=str(WORDINGS[purpose]),
        source=Consent.Source.FRONT if chance.random() < 0.5 else Consent.Source.DESK,
        given_at=clock.now() - timedelta(days=chance.randrange(8, 700)),
    )
