"""One appointment as the desk sees it, with the person's whole record opened."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.address import Address, address_of_patient
from sprechzeit.booking.models import Appointment
from sprechzeit.booking.no_shows import missed_by
from sprechzeit.booking.note import Note, note_of
from sprechzeit.booking.read import appointment_by_id
from sprechzeit.booking.status import STEPS
from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import PracticeId
from sprechzeit.messages.trouble import trouble_with_messages
from sprechzeit.patients.errors import PatientNotFound
from sprechzeit.patients.intake import open_intakes
from sprechzeit.patients.models import Intake
from sprechzeit.patients.person import Person
from sprechzeit.patients.read import open_patient
from sprechzeit.practices.models import Insurance, Resource
from sprechzeit.vault import PracticeKeys


@dataclass(frozen=True, repr=False)
class Card:
    """An appointment, who comes, with whom and where, the steps that its status allows, and the practice's comment.

    ``mail_trouble`` is why mails to the patient do not arrive, in words; empty when nothing is known of that.
    ``missed``: to how many appointments the patient did not come.
    """

    appointment: Appointment
    person: Person | None
    unread: bool
    resources: tuple[Resource, ...]
    steps: frozenset[str]
    note: Note
    mail_trouble: str
    address: Address
    missed: int
    is_restricted: bool = False

    def __repr__(self) -> str:
        return "Card(…)"

    @property
    def insurance(self) -> str:
        """How the visit is paid for, in words."""
        said = self.person.insurance if self.person else ""
        return str(Insurance(said).label) if said in Insurance.values else ""


def card_of(keys: PracticeKeys, actor: Actor, appointment: UUID, *, action: str = "appointment.view") -> Card:
    """Open one appointment; that it was looked at, or what else is done with it, is recorded.

    Raises
    ------
    AppointmentNotFound
    CannotOpen
        The record was tampered with.
    """
    practice = PracticeId(keys.practice)
    with acting_for(practice):
        found = appointment_by_id(practice, appointment)
        resources = Resource.objects.filter(practice=practice, id__in=found.resource_ids).order_by("kind", "position")
        person = None
        is_restricted = False
        subject = found.patient_id or found.intake_id
        if found.patient_id:
            with suppress(PatientNotFound):
                opened_record = open_patient(keys, found.patient_id)
                person, is_restricted = opened_record.person, opened_record.restricted_at is not None
        elif found.intake_id:
            opened = open_intakes(keys, Intake.objects.filter(practice=practice, id=found.intake_id))
            person = opened.get(found.intake_id)
        record(practice, actor, action, [found.id, *([subject] if subject else [])])
        return Card(
            appointment=found,
            person=person,
            unread=found.patient_id is None and found.intake_id is not None,
            resources=tuple(resources),
            steps=STEPS[found.status],
            note=note_of(keys, found.id),
            mail_trouble=trouble_with_messages(practice, found.id),
            address=address_of_patient(practice, found, person),
            is_restricted=is_restricted,
            missed=missed_by(practice, [found.patient_id]).get(found.patient_id, 0) if found.patient_id else 0,
        )
