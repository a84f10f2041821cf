"""How far the demo's visits are: the past is done, and this morning some wait, are treated or are overdue."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sprechzeit.booking.models import Appointment
from sprechzeit.demo.filling import Filling
from sprechzeit.demo.practice import DemoPractice

S = Appointment.Status
SOON = timedelta(minutes=35)
MINUTE = timedelta(minutes=1)


def set_statuses(filling: Filling, demo: DemoPractice) -> None:
    """Mark who came: long ago by chance, today clinician by clinician."""
    today = filling.now.astimezone(demo.practice.zone).date()
    booked = sorted((one for one in filling.appointments if one.status == S.BOOKED), key=lambda one: one.starts_at)
    todays = [one for one in booked if one.starts_at.astimezone(demo.practice.zone).date() == today]
    for one in booked:
        if one.starts_at < filling.now:
            _over(filling, one)
    for number, resource in enumerate((*demo.clinicians, *demo.others[:2])):
        mine = [one for one in todays if one.resource_ids[0] == resource.id or one.resource_ids[-1] == resource.id]
        _this_morning(filling, demo, mine, number)


def _over(filling: Filling, one: Appointment) -> None:
    if filling.chance.random() < 0.03:
        one.status = S.NO_SHOW
        return
    one.status = S.DONE
    one.arrived_at = one.starts_at - filling.chance.randrange(2, 16) * MINUTE


def _this_morning(filling: Filling, demo: DemoPractice, mine: Sequence[Appointment], number: int) -> None:
    """The last one that began is being treated, one of the first clinician's is missing, two are early."""
    begun = [one for one in mine if one.starts_at <= filling.now]
    coming = [one for one in mine if filling.now < one.starts_at < filling.now + SOON]
    if begun and filling.now - begun[-1].ends_at < 20 * MINUTE:
        begun[-1].status = S.IN_TREATMENT
        begun[-1].arrived_at = begun[-1].starts_at - 6 * MINUTE
        begun[-1].treated_in_id = demo.others[1].id if number == 1 else None
    if number == 0 and len(begun) > 2:
        begun[-2].status, begun[-2].arrived_at = S.BOOKED, None
    if number == 1 and len(begun) > 4:
        begun[-4].status, begun[-4].arrived_at = S.NO_SHOW, None
    for early in coming[: 2 - number % 2]:
        early.status = S.ARRIVED
        early.arrived_at = filling.now - filling.chance.randrange(3, 24) * MINUTE
