"""Enter a new patient at the desk, without an appointment."""

from __future__ import annotations

from uuid import UUID

from sprechzeit.audit.record import Actor
from sprechzeit.booking.once import Result, once
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.identifiers import PracticeId
from sprechzeit.patients.create import create_patient
from sprechzeit.patients.person import Person
from sprechzeit.vault import PracticeKeys


@retrying
def enter_patient(keys: PracticeKeys, actor: Actor, person: Person, *, key: str = "") -> UUID:
    """Make the record and tell its id; the same ``key`` makes one record only.

    Raises
    ------
    KeyReused
    """
    practice = PracticeId(keys.practice)
    with acting_for(practice):

        def enter() -> Result:
            return {"patient": str(create_patient(keys, actor, person))}

        return UUID(once(practice, key, ("enter-patient",), enter)["patient"])
