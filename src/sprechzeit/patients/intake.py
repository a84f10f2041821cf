"""Intakes: put in by anybody, sealed to the practice's public key; opened by the practice alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from uuid import UUID

from django.utils.translation import gettext as _

from sprechzeit import clock
from sprechzeit.audit.record import Actor, record
from sprechzeit.database.tenancy import acting_for, current_alias, retrying
from sprechzeit.errors import NotFound
from sprechzeit.identifiers import PracticeId, new_id
from sprechzeit.patients.consent import Whose, alone
from sprechzeit.patients.correct import correct_patient
from sprechzeit.patients.create import create_patient
from sprechzeit.patients.hand_over import hand_over
from sprechzeit.patients.models import Intake
from sprechzeit.patients.person import Person
from sprechzeit.patients.read import open_patient
from sprechzeit.patients.record_keys import give_key, key_of, keys_of
from sprechzeit.staff.keys import keys_for_writing
from sprechzeit.vault import Context, PracticeKeys, Secret, open_shreddable, seal_shreddable

TAKEN_OVER = ("phone", "email", "birth_date")
"""What a record may take from an intake: how to reach the person, and a birth date that it did not have."""


def _context(practice: int, intake: UUID) -> Context:
    return Context(practice=practice, table="intake", column="sealed", row=str(intake))


def put_in(practice: PracticeId, person: Person, public_key: bytes) -> UUID:
    """Seal what was typed to the practice's public key and store it; from here on the server cannot read it.

    Needs ``acting_for``.
    """
    intake = new_id()
    sealed = seal_shreddable(public_key, give_key(practice, intake), person.to_bytes(), _context(practice, intake))
    # Without RETURNING: the front's role may not read the sealed column, not even its own.
    Intake.objects.bulk_create([Intake(id=intake, practice_id=practice, sealed=sealed)])
    return intake


def forget_intake(practice: PracticeId, intake: UUID) -> None:
    """Delete an intake that nobody needs any more; its key and its consents go with it. Needs ``acting_for``.

    Raw: the front's role may not read the sealed column, and nothing else hangs on it.
    """
    Intake.objects.filter(practice=practice, id=intake)._raw_delete(current_alias())


def open_intakes(keys: PracticeKeys, intakes: Iterable[Intake]) -> dict[UUID, Person]:
    """Open intakes with the practice's private key and their own.

    Left out is one whose own is gone, and one that was found not to open (``booking/unreadable.py``).
    Needs ``acting_for``.

    Raises
    ------
    CannotOpen
        Wrong key, or the row was tampered with.
    """
    rows = list(intakes)
    own = keys_of(keys.practice, [row.id for row in rows])
    return {row.id: _open(keys, row, own[row.id]) for row in rows if row.id in own and row.unreadable_at is None}


def _open(keys: PracticeKeys, row: Intake, own: Secret) -> Person:
    place = _context(keys.practice, row.id)
    return Person.from_bytes(open_shreddable(keys.private_key, own, bytes(row.sealed), place))


def _open_one(keys: PracticeKeys, row: Intake | None) -> tuple[Person, Secret]:
    own = key_of(keys.practice, row.id) if row else None
    if row is None or own is None:
        raise NotFound(_("Diese Angaben sind schon übernommen oder nicht mehr da."))
    return _open(keys, row, own), own


def correct_intake(keys: PracticeKeys, intake: UUID, public_key: bytes, **fields: str) -> None:
    """Seal an intake anew with other values of some fields. Needs ``acting_for``.

    Raises
    ------
    NotFound
        There is no open intake of this id.
    CannotOpen
    """
    row = Intake.objects.select_for_update().filter(practice=keys.practice, id=intake, accepted_at=None).first()
    before, own = _open_one(keys, row)
    person = replace(before, **fields)  # type: ignore[arg-type]  # text fields only
    sealed = seal_shreddable(public_key, own, person.to_bytes(), _context(keys.practice, intake))
    Intake.objects.filter(practice=keys.practice, id=intake).update(sealed=sealed)


@retrying
def accept_intake(
    keys: PracticeKeys,
    actor: Actor,
    intake: UUID,
    *,
    patient: UUID | None = None,
    update: Collection[str] = (),
    version: int = 0,
) -> UUID:
    """Take an intake over and tell the patient's id; the intake is marked, not deleted.

    Its consents go to the patient too. The caller links the appointment (``booking/accept.py``): patients know no
    appointments.

    Parameters
    ----------
    patient
        Into whose record; without it a new one is made.
    update
        The names of the fields that the record takes from the intake, and ``version`` of the record that the choice was
        made by.

    Raises
    ------
    NotFound
        There is no open intake of this id.
    PatientNotFound, PatientChanged
    """
    practice = PracticeId(keys.practice)
    with acting_for(practice):
        alone(practice)
        row = Intake.objects.select_for_update().filter(practice=practice, id=intake, accepted_at=None).first()
        person, _own = _open_one(keys, row)
        if patient is None:
            # What was said about this one visit does not belong into the record.
            patient = create_patient(keys, actor, replace(person, message="", booker=""))
        else:
            found = open_patient(keys_for_writing(keys), patient, locked=True).person
            taken = {field: getattr(person, field) for field in TAKEN_OVER if field in update}
            correct_patient(keys, actor, patient, replace(found, **taken), version=version)
        hand_over(practice, Whose(intake=intake), patient, clock.now())
        Intake.objects.filter(practice=practice, id=intake).update(accepted_at=clock.now())
        record(practice, actor, "intake.accept", [intake, patient])
        return patient
