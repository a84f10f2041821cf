"""Appointments that a change of the practice's furniture or hours touches.

They are found in the transaction of the change itself. Whoever asked for it sees them first and agrees to exactly
these: when another one comes in between, the change is refused again and lists it too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.db import connections
from django.utils.translation import gettext as _

from sprechzeit import clock
from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.day import Entry
from sprechzeit.booking.errors import BookingError
from sprechzeit.booking.models import Appointment
from sprechzeit.booking.names import NOBODY, Name, names_of
from sprechzeit.database.tenancy import acting_for, current_alias
from sprechzeit.identifiers import PracticeId, ResourceId, VisitTypeId
from sprechzeit.timetable.spans import Span
from sprechzeit.vault import PracticeKeys

UNNAMED = Name("", "")
FEW = 20  # names are opened for so many at most
COMING = (Appointment.Status.BOOKED, Appointment.Status.ARRIVED)
OUTSIDE = (Path(__file__).parent / "outside.sql").read_text(encoding="utf-8")


class Affects(BookingError):
    """The change touches appointments that nobody has agreed to yet; ``agreement`` says yes to exactly these."""

    code = "affects-appointments"
    status = 409

    def __init__(self, appointments: Sequence[Appointment]) -> None:
        super().__init__(_("Das betrifft Termine, die schon vergeben sind."))
        self.appointments = tuple(appointments)
        self.agreement = agreement_to(appointments)


def agreement_to(appointments: Iterable[Appointment]) -> str:
    """What says yes to exactly these; an appointment that was changed meanwhile is another one."""
    lines = sorted(f"{one.id} {one.version}" for one in appointments)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]


def require_agreed(appointments: Sequence[Appointment], agreed: str) -> None:
    """Raise ``Affects`` unless there are none or ``agreed`` was given for these."""
    if appointments and agreed != agreement_to(appointments):
        raise Affects(appointments)


@contextmanager
def minding_appointments(practice: PracticeId, agreed: str) -> Iterator[None]:
    """Inside, openings may change. Appointments that lie outside of them afterwards and did not before need a yes.

    Needs ``acting_for``, which the refusal rolls back.
    """
    before = _outside(practice)
    yield
    fallen = _outside(practice) - before
    found = Appointment.objects.select_related("visit_type").filter(practice=practice, id__in=fallen)
    require_agreed(list(found.order_by("starts_at", "id")), agreed)


def coming(
    practice: PracticeId,
    *,
    resource: ResourceId | None = None,
    visit_type: VisitTypeId | None = None,
    during: Span | None = None,
) -> list[Appointment]:
    """Appointments that are not over, of a resource, a visit type or in a span, earliest first."""
    with acting_for(practice):
        found = Appointment.objects.select_related("visit_type").filter(
            # No visit lasts longer than a day: without a lower bound its whole past would be looked through.
            practice=practice,
            status__in=COMING,
            starts_at__gt=clock.now() - timedelta(days=1),
            ends_at__gt=clock.now(),
        )
        if resource is not None:
            found = found.filter(resource_ids__contains=[resource])
        if visit_type is not None:
            found = found.filter(visit_type=visit_type)
        if during is not None:
            found = found.filter(starts_at__lt=during.end, ends_at__gt=during.start)
        return list(found.order_by("starts_at", "id"))


def who_comes(keys: PracticeKeys, actor: Actor, appointments: Sequence[Appointment]) -> list[Entry]:
    """The appointments with their names where they are few; whose names were shown is recorded.

    Raises
    ------
    CannotOpen
        A record was tampered with.
    """
    if len(appointments) > FEW:
        return [Entry(one, UNNAMED) for one in appointments]
    practice = PracticeId(keys.practice)
    with acting_for(practice):
        names = names_of(keys, appointments)
        if names:
            record(practice, actor, "appointment.list", sorted(names), {"count": len(names)})
    return [Entry(one, names.get(one.patient_id or one.intake_id or one.id, NOBODY)) for one in appointments]


def _outside(practice: PracticeId) -> set[UUID]:
    with connections[current_alias()].cursor() as cursor:
        cursor.execute(OUTSIDE, {"practice": practice, "now": clock.now(), "coming": [one.value for one in COMING]})
        return {row[0] for row in cursor.fetchall()}
