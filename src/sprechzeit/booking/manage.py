"""A patient's own appointment, found by the secret of its manage link."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sprechzeit import clock
from sprechzeit.booking.confirm import MANAGE
from sprechzeit.booking.errors import AppointmentNotFound
from sprechzeit.booking.models import Appointment
from sprechzeit.booking.rules import change_until, changeable
from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.models import VisitType
from sprechzeit.vault import Secret, link_hash

TAKE_BACK = timedelta(minutes=10)
"""So long may a patient's own cancellation be taken back, and so long does the link still show the appointment."""


class State(StrEnum):
    """What can be done with an appointment by its manage link."""

    CHANGEABLE = "changeable"
    TOO_LATE = "too-late"
    CANCELLED = "cancelled"
    GONE = "gone"
    OVER = "over"


@dataclass(frozen=True)
class Managed:
    """What the holder of a manage link may know: nothing that was typed, only when, what and with whom.

    ``is_known``: the practice has it in its records. ``is_anonymous``: nothing is stored any more of who comes.
    """

    id: UUID
    starts_at: datetime
    ends_at: datetime
    status: str
    visit_type: VisitType
    resource_ids: tuple[int, ...]
    changeable: bool
    change_until: datetime
    version: int
    refusal: str
    given_up_at: datetime | None
    is_request: bool
    is_known: bool
    is_anonymous: bool
    is_coming: bool

    @property
    def take_back_until(self) -> datetime | None:
        """Until when the patient may take the cancellation back; None: not at all."""
        return min(self.given_up_at + TAKE_BACK, self.starts_at) if self.given_up_at else None

    @property
    def state(self) -> State:
        """Over once it has ended or the practice has closed it; from then on the link tells nothing more.

        The same with one that the patient cancelled, when that cannot be taken back any more. One that the practice
        cancelled is told until it would have ended: the patient may not have heard of it.
        """
        now = clock.now()
        if self.status == Appointment.Status.CANCELLED:
            shown_until = self.take_back_until or self.ends_at
            return State.CANCELLED if now < shown_until and not self.is_anonymous else State.GONE
        if self.status in {Appointment.Status.DONE, Appointment.Status.NO_SHOW} or self.ends_at <= now:
            return State.OVER
        return State.CHANGEABLE if self.changeable else State.TOO_LATE


def managed(appointment: Appointment, visit_type: VisitType) -> Managed:
    """The patient's view of an appointment."""
    return Managed(
        id=appointment.id,
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        status=appointment.status,
        visit_type=visit_type,
        resource_ids=tuple(appointment.resource_ids),
        changeable=changeable(appointment, visit_type, clock.now()),
        change_until=change_until(visit_type, appointment.starts_at),
        version=appointment.version,
        refusal=appointment.refusal,
        given_up_at=appointment.given_up_at,
        is_request=appointment.needs_confirmation and appointment.confirmed_at is None and appointment.is_open,
        is_known=appointment.patient_id is not None,
        is_anonymous=appointment.patient_id is None and appointment.intake_id is None,
        is_coming=appointment.patient_confirmed_at is not None,
    )


def own_appointment(practice: PracticeId, secret: Secret) -> Appointment:
    """The appointment of this link, with its visit type; needs the transaction opened by ``acting_for``.

    Raises
    ------
    AppointmentNotFound
        There is none.
    """
    found = (
        Appointment.objects.select_related("visit_type")
        .filter(practice=practice, manage_hash=link_hash(secret, MANAGE))
        .first()
    )
    if found is None:
        raise AppointmentNotFound
    return found


def find_managed(practice: PracticeId, secret: Secret) -> Managed:
    """What the link shows.

    Raises
    ------
    AppointmentNotFound
        There is no such appointment.
    """
    with acting_for(practice):
        found = own_appointment(practice, secret)
    return managed(found, found.visit_type)
