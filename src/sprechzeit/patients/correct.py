"""Correct a patient's record; what somebody else changed meanwhile is never overwritten."""

from __future__ import annotations

from uuid import UUID

from sprechzeit.audit.record import Actor, record
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.identifiers import PracticeId
from sprechzeit.patients.errors import PatientChanged, PatientNotFound, Restricted
from sprechzeit.patients.models import AddressConfirmation, Patient
from sprechzeit.patients.person import Person, differing
from sprechzeit.patients.read import open_patient
from sprechzeit.patients.record_keys import key_of
from sprechzeit.patients.sealed import seal_patient
from sprechzeit.staff.keys import keys_for_writing
from sprechzeit.vault import PracticeKeys


@retrying
def correct_patient(keys: PracticeKeys, actor: Actor, patient: UUID, person: Person, *, version: int) -> list[str]:
    """Make the record say ``person`` and tell the names of the fields that changed; only these go into the trail.

    ``version`` is what the caller saw. Sending the same again changes nothing and is no error.

    Raises
    ------
    PatientNotFound, CannotOpen
    PatientChanged
        Somebody else changed it since.
    Restricted
    """
    practice = PracticeId(keys.practice)
    with acting_for(practice):
        fresh = keys_for_writing(keys)
        found = open_patient(fresh, patient, locked=True)
        changed = differing(found.person, person)
        if not changed:
            return []
        if found.version != version:
            raise PatientChanged
        if found.restricted_at is not None:
            raise Restricted
        write_record(fresh, patient, person, version + 1, before=found.person)
        record(practice, actor, "patient.correct", [patient], {"fields": changed})
        return changed


def write_record(keys: PracticeKeys, patient: UUID, person: Person, version: int, *, before: Person) -> None:
    """Seal both columns anew; needs ``acting_for``, the row's lock and ``keys_for_writing``.

    Nobody has confirmed another address than the one that stood there ``before``.

    Raises
    ------
    PatientNotFound
    """
    key = key_of(keys.practice, patient)
    if key is None:
        raise PatientNotFound
    if person.email != before.email:
        AddressConfirmation.objects.filter(practice=keys.practice, patient=patient).delete()
    name, whole = seal_patient(keys, patient, person, key)
    Patient.objects.filter(practice=keys.practice, id=patient).update(
        name_sealed=name, record_sealed=whole, version=version
    )
