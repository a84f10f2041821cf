"""Time that the demo's practice keeps free: the team's meeting, house calls, an hour of telephone."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from sprechzeit import clock
from sprechzeit.audit.record import SYSTEM
from sprechzeit.booking.block import make_block
from sprechzeit.booking.occupy import Span
from sprechzeit.demo.practice import COMING, DemoPractice, absence_of, bridge_day
from sprechzeit.identifiers import ResourceId
from sprechzeit.practices.models import Resource
from sprechzeit.timetable.holidays import public_holidays


def block_time(demo: DemoPractice) -> None:
    """All that is still to come. Needs ``acting_for``."""
    today = clock.now().astimezone(demo.practice.zone).date()
    days = [today + timedelta(days=offset) for offset in range(COMING.days)]
    free = {*public_holidays("BE", {day.year for day in days}), bridge_day(today)}
    for day in days:
        if day in free:
            continue
        for resource, begins, ends, note in _on(demo, day):
            span = Span(
                *(datetime.combine(day, time.fromisoformat(text), demo.practice.zone) for text in (begins, ends))
            )
            if span.end > clock.now() and not (resource is demo.clinicians[2] and day in absence_of(today)):
                make_block(demo.keys, SYSTEM, ResourceId(resource.id), span, note)


def _on(demo: DemoPractice, day: date) -> list[tuple[Resource, str, str, str]]:
    vogt, reuter, aydin = demo.clinicians
    meeting = [(one, "11:30", "12:00", "Teambesprechung") for one in demo.clinicians]
    phone = (vogt, "11:30", "12:00", "Telefonsprechstunde")
    calls = (reuter, "17:00", "18:00", "Hausbesuche")
    return {
        0: [phone, calls],
        1: [*meeting, (aydin, "17:00", "18:00", "Hausbesuche")],
        2: [(vogt, "12:00", "12:30", "Telefonsprechstunde")],
        3: [*meeting, (reuter, "18:00", "19:00", "Hausbesuche")],
        4: [phone],
    }.get(day.weekday(), [])
