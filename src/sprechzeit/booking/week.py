"""The desk's week: one resource on seven days, names opened."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.day import (
    NOBODY,
    Column,
    Day,
    Entry,
    absences_between,
    holds_between,
    in_lanes,
    names_of,
    openings_between,
)
from sprechzeit.booking.models import Appointment
from sprechzeit.booking.offer import local_midnight
from sprechzeit.booking.read import appointments_between
from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.models import Practice, Resource
from sprechzeit.vault import PracticeKeys

DAYS = 7


def week_of(keys: PracticeKeys, actor: Actor, practice: Practice, monday: date, resource: Resource) -> list[Day]:
    """Seven local days from ``monday``, each with one column. Which patients were shown is recorded, once.

    Raises
    ------
    CannotOpen
        A record was tampered with.
    """
    number = PracticeId(practice.id)
    starts = [local_midnight(monday + timedelta(days=offset), practice.zone) for offset in range(DAYS + 1)]
    with acting_for(number):
        found = appointments_between(number, starts[0], starts[-1])
        mine = [one for one in found if resource.id in one.resource_ids]
        going = [one for one in mine if one.status != Appointment.Status.CANCELLED]
        names = names_of(keys, going)
        if names:
            record(number, actor, "week.view", sorted(names), {"count": len(names)})
        entries = [Entry(one, names.get(one.patient_id or one.intake_id or one.id, NOBODY)) for one in going]
        return [
            _day(number, monday + timedelta(days=offset), resource, entries, starts[offset], starts[offset + 1])
            for offset in range(DAYS)
        ]


def _day(
    practice: PracticeId, day: date, resource: Resource, entries: list[Entry], since: datetime, until: datetime
) -> Day:
    absences = absences_between(practice, since, until)
    column = Column(
        resource,
        tuple(openings_between(practice, [resource], since, until).get(resource.id, ())),
        tuple(in_lanes(one for one in entries if since <= one.appointment.starts_at < until)),
        tuple(holds_between(practice, since, until).get(resource.id, ())),
        absences.get(resource.id, absences.get(None, "")),
    )
    return Day(day, since, until, (column,))
