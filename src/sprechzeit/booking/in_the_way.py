"""Why a time cannot be blocked: the appointments that would have to be moved before."""

from __future__ import annotations

from uuid import UUID

from sprechzeit import clock
from sprechzeit.booking.errors import TimeInUse
from sprechzeit.booking.models import Appointment, Occupancy
from sprechzeit.booking.occupy import Span
from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import PracticeId, ResourceId


def in_the_way(practice: PracticeId, resource: ResourceId, span: Span, *, besides: UUID | None = None) -> TimeInUse:
    """The refusal, looked up after the fact; ``besides`` is the block that should have been changed."""
    with acting_for(practice):
        taken = Occupancy.objects.filter(
            practice=practice, lane__resource=resource, lane__overbooking=False, during__overlap=(span.start, span.end)
        ).exclude(expires_at__lte=clock.now())
        ids = list(taken.filter(appointment__isnull=False).values_list("appointment", flat=True))
        blocked = taken.filter(block__isnull=False).exclude(block=besides).exists()
        found = Appointment.objects.select_related("visit_type").filter(practice=practice, id__in=ids)
        return TimeInUse(list(found.order_by("starts_at", "id")), is_blocked=blocked)
