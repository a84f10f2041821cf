"""Create a patient record, sealed under the practice's data key."""

from __future__ import annotations

from uuid import UUID

from sprechzeit.audit.record import Actor, record
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.identifiers import PracticeId, new_id
from sprechzeit.patients.models import Patient
from sprechzeit.patients.person import Person
from sprechzeit.patients.record_keys import give_key
from sprechzeit.patients.sealed import seal_patient
from sprechzeit.staff.keys import keys_for_writing
from sprechzeit.vault import PracticeKeys


@retrying
def create_patient(keys: PracticeKeys, actor: Actor, person: Person) -> UUID:
    """Store a new record and tell its id."""
    practice = PracticeId(keys.practice)
    patient = new_id()
    with acting_for(practice):
        name, whole = seal_patient(keys_for_writing(keys), patient, person, give_key(practice, patient))
        Patient.objects.create(id=patient, practice_id=practice, name_sealed=name, record_sealed=whole)
        record(practice, actor, "patient.create", [patient])
    return patient
