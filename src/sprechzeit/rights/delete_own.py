"""A patient deletes the own data by the manage link, as far as no one at the practice has to decide (GDPR Art. 17)."""

from __future__ import annotations

from enum import StrEnum

from sprechzeit import clock
from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.cancel import cancel_now
from sprechzeit.booking.errors import TooLate
from sprechzeit.booking.manage import Managed, State, managed, own_appointment
from sprechzeit.booking.models import Appointment, PatientNote
from sprechzeit.booking.once import Result, once
from sprechzeit.booking.rules import changeable
from sprechzeit.database.tenancy import acting_for, current_alias, retrying
from sprechzeit.identifiers import PracticeId
from sprechzeit.messages.address import forget_address
from sprechzeit.patients.consent import alone
from sprechzeit.patients.intake import forget_intake
from sprechzeit.rights.ask import end_consents, put_request_in
from sprechzeit.rights.models import RightsRequest
from sprechzeit.vault import Secret

PATIENT = Actor("patient")


class Deletion(StrEnum):
    """Where a deletion stands."""

    POSSIBLE = "possible"  # everything goes at once
    BY_REQUEST = "by-request"  # the practice has to decide
    ASKED = "asked"  # it was asked and has not answered
    DONE = "done"  # nothing is stored any more
    NOT_HERE = "not-here"  # the link tells nothing more


def deletion_of(practice: PracticeId, secret: Secret) -> tuple[Managed, Deletion]:
    """The appointment and what can still be deleted by its link.

    Raises
    ------
    AppointmentNotFound
    """
    with acting_for(practice):
        found = own_appointment(practice, secret)
        seen = managed(found, found.visit_type)
        return seen, _deletion(practice, found, seen)


@retrying
def delete_own(practice: PracticeId, secret: Secret, *, key: str = "") -> Deletion:
    """Cancel if that is still possible; then delete what was typed with its consents and notes.

    What the practice has taken into its records, or still needs for a visit that cannot be cancelled any more, it has
    to decide on: it is asked, and all consents are withdrawn at once. Asked again, nothing more happens.

    Raises
    ------
    AppointmentNotFound, ChangedMeanwhile, KeyReused, TooManyRequests
    TooLate
        The appointment is over or was cancelled too long ago.
    """
    with acting_for(practice):
        alone(practice)
        found = own_appointment(practice, secret)

        def delete() -> Result:
            stands = _deletion(practice, found, managed(found, found.visit_type))
            if stands == Deletion.NOT_HERE:
                raise TooLate
            if stands in {Deletion.POSSIBLE, Deletion.BY_REQUEST}:
                if changeable(found, found.visit_type, clock.now()):
                    cancel_now(practice, PATIENT, found)
                end_consents(practice, found)
                if stands == Deletion.POSSIBLE:
                    _forget(practice, found)
                else:
                    put_request_in(practice, PATIENT, found.id, RightsRequest.Kind.ERASURE)
            return {"appointment": str(found.id)}

        once(practice, key, ("delete-own", found.id), delete)
        found = own_appointment(practice, secret)
        return _deletion(practice, found, managed(found, found.visit_type))


def _deletion(practice: PracticeId, found: Appointment, seen: Managed) -> Deletion:
    if seen.is_anonymous:
        return Deletion.DONE
    if _asked(practice, found):
        return Deletion.ASKED
    if seen.state in {State.OVER, State.GONE}:
        return Deletion.NOT_HERE
    is_free = seen.state in {State.CHANGEABLE, State.CANCELLED}
    return Deletion.POSSIBLE if is_free and not seen.is_known else Deletion.BY_REQUEST


def _asked(practice: PracticeId, found: Appointment) -> bool:
    open_ones = RightsRequest.objects.filter(practice=practice, appointment=found.id, state=RightsRequest.State.OPEN)
    return open_ones.filter(kind=RightsRequest.Kind.ERASURE).values("id").exists()


def _forget(practice: PracticeId, found: Appointment) -> None:
    """What was typed goes, and with it its consents; what was sent later too."""
    intake = found.intake_id
    if intake is None:
        return
    # Raw: the front's role may not read the sealed column.
    PatientNote.objects.filter(practice=practice, appointment=found.id)._raw_delete(current_alias())
    Appointment.objects.filter(practice=practice, id=found.id).update(given_up_at=None)
    forget_intake(practice, intake)
    forget_address(practice, found.id)
    record(practice, PATIENT, "appointment.delete-data", [found.id, intake])
