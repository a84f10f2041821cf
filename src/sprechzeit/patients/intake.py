"""Intakes: put in by anybody, sealed to the practice's public key; opened by the practice alone."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from sprechzeit import clock
from sprechzeit.audit.record import Actor, record
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.errors import NotFound
from sprechzeit.identifiers import PracticeId, new_id
from sprechzeit.patients.create import create_patient
from sprechzeit.patients.models import Intake
from sprechzeit.patients.person import Person
from sprechzeit.practices.models import Practice
from sprechzeit.vault import Context, PracticeKeys, open_sealed, seal


def _context(practice: int, intake: UUID) -> Context:
    return Context(practice=practice, table="intake", column="sealed", row=str(intake))


def put_in(practice: PracticeId, person: Person) -> UUID:
    """Seal what was typed and store it; from here on the server cannot read it. Needs ``acting_for``."""
    intake = new_id()
    public_key = bytes(Practice.objects.values_list("public_key", flat=True).get(id=practice))
    sealed = seal(public_key, person.to_bytes(), _context(practice, intake))
    # Without RETURNING: the front's role may not read the sealed column, not even its own.
    Intake.objects.bulk_create([Intake(id=intake, practice_id=practice, sealed=sealed)])
    return intake


def open_intakes(keys: PracticeKeys, intakes: Iterable[Intake]) -> dict[UUID, Person]:
    """Open intakes with the practice's private key.

    Raises
    ------
    CannotOpen
        Wrong key, or the row was tampered with.
    """
    return {
        intake.id: Person.from_bytes(
            open_sealed(keys.private_key, bytes(intake.sealed), _context(keys.practice, intake.id))
        )
        for intake in intakes
    }


@retrying
def accept_intake(keys: PracticeKeys, actor: Actor, intake: UUID) -> UUID:
    """Take an intake over into a new patient record and tell the patient's id; the intake is marked, not deleted.

    The caller links the appointment (``booking/accept.py``): patients know no appointments.

    Raises
    ------
    NotFound
        There is no open intake of this id.
    """
    practice = PracticeId(keys.practice)
    with acting_for(practice):
        row = Intake.objects.select_for_update().filter(practice=practice, id=intake, accepted_at=None).first()
        if row is None:
            raise NotFound(_("Diese Angaben sind schon übernommen oder nicht mehr da."))
        person = open_intakes(keys, [row])[intake]
        patient = create_patient(keys, actor, person)
        Intake.objects.filter(practice=practice, id=intake).update(accepted_at=clock.now())
        record(practice, actor, "intake.accept", [intake, patient])
        return patient
