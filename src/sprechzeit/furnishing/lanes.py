"""How many a resource serves at once and how many may be squeezed in: a lane for each. Only free lanes go."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _

from sprechzeit import clock
from sprechzeit.booking.errors import BookingError
from sprechzeit.booking.models import Appointment, Block, Occupancy
from sprechzeit.database.tenancy import current_alias
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.models import Lane, Resource


class LanesTaken(BookingError):
    """Places that should go are taken in the future; ``appointments`` are those that must be moved before."""

    code = "lanes-taken"
    status = 409

    def __init__(self, appointments: list[Appointment], field: str) -> None:
        super().__init__(_("Diese Plätze sind noch belegt. Bitte verschieben Sie zuerst die Termine."), field=field)
        self.appointments = tuple(appointments)


def set_lanes(practice: PracticeId, resource: Resource, count: int, *, overbooking: bool = False) -> None:
    """Add lanes, or those for overbooking, or take the upper ones away. Needs ``acting_for``.

    Raises
    ------
    LanesTaken
    """
    # Locked before they are looked at: who takes one at this moment is waited for, and then seen.
    kind = Lane.objects.filter(resource=resource, overbooking=overbooking)
    lanes = {lane.number: lane.id for lane in kind.select_for_update()}
    surplus = [lane for number, lane in lanes.items() if number > count]
    taken = Occupancy.objects.filter(practice=practice, lane__in=surplus, ends_at__gt=clock.now()).exclude(
        Q(expires_at__lte=clock.now()) | Q(block__isnull=False)  # a block goes from this place and stays on the others
    )
    if taken.exists():
        ids = taken.filter(appointment__isnull=False).values("appointment")
        found = Appointment.objects.select_related("visit_type").filter(practice=practice, id__in=ids)
        raise LanesTaken(list(found.order_by("starts_at", "id")), "overbooking" if overbooking else "capacity")
    # Raw: what is over or expired goes with its lane, by the database's own cascade.
    Lane.objects.filter(practice=practice, id__in=surplus)._raw_delete(current_alias())
    Lane.objects.bulk_create(
        Lane(practice_id=practice, resource=resource, number=number, overbooking=overbooking)
        for number in range(1, count + 1)
        if number not in lanes
    )
    if not overbooking:
        _block_new_ones(practice, resource, set(lanes.values()))


def _block_new_ones(practice: PracticeId, resource: Resource, old: set[int]) -> None:
    """A block takes every place, those too that came after it."""
    fresh = Lane.objects.filter(resource=resource, overbooking=False).exclude(id__in=old).values_list("id", flat=True)
    blocks = Block.objects.filter(practice=practice, resource=resource, ends_at__gt=clock.now())
    Occupancy.objects.bulk_create(
        Occupancy(practice_id=practice, lane_id=lane, during=(block.starts_at, block.ends_at), block=block)
        for lane in fresh
        for block in blocks
    )
