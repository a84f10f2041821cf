"""Four weeks of normal work at the demo practice's reception and in one consulting room, through the verbs.

The model: whoever comes is opened once at the desk and once in the room; the desk looks at the day
and at today's list four times an hour; the telephone rings 14 times an hour in the morning and 8 times in the
afternoon. For each call three letters of the name are typed, then the whole name (each shows up to 20 hits), the card
is opened, and for every fourth call a coming week is looked at. Each hour the inbox; 6 changes an hour; one
morning a clinician is ill and the call list is worked through.
"""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from uuid import UUID

from sprechzeit import clock
from sprechzeit.audit.models import Event
from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.call_list import called
from sprechzeit.booking.card import card_of
from sprechzeit.booking.day import day_of
from sprechzeit.booking.inbox import inbox
from sprechzeit.booking.models import Appointment
from sprechzeit.booking.patient_card import patient_card
from sprechzeit.booking.today import today_of
from sprechzeit.booking.week import week_of
from sprechzeit.booking.written import written
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.guard.reads import work_of
from sprechzeit.identifiers import PracticeId
from sprechzeit.patients.sealed import read_listed
from sprechzeit.patients.search import search
from sprechzeit.practices.models import Practice, Resource
from sprechzeit.vault import PracticeKeys

HOURS = range(7, 19)  # local; nobody comes outside of them
CALLS = {True: 14, False: 8}  # before noon, after
LOOKS = (0, 15, 30, 45)  # minutes


@dataclass(repr=False)
class Work:
    """Who works, with what, and who the patients are (by last name)."""

    practice: Practice
    keys: PracticeKeys
    desk: Actor
    room: Actor
    patients: list[tuple[UUID, str]]
    resources: list[Resource]
    chance: random.Random

    @property
    def number(self) -> PracticeId:
        return PracticeId(self.practice.id)


def begin_work(practice: Practice, keys: PracticeKeys, desk: Actor, room: Actor) -> Work:
    number = PracticeId(practice.id)
    with wearing(Role.DESK), acting_for(number):
        people = [(one.id, one.last_name) for one in read_listed(keys)]
        resources = list(Resource.objects.filter(practice=number).order_by("kind", "position"))
    return Work(practice, keys, desk, room, sorted(people), resources, random.Random(20261125))


def work_for_weeks(work: Work, weeks: int = 4) -> None:
    """The last weeks, day by day, the clock set back to each moment."""
    now = clock.now()
    monday = now.astimezone(work.practice.zone).date() - timedelta(weeks=weeks)
    with wearing(Role.DESK):
        for offset in range(weeks * 7):
            day = monday + timedelta(days=offset)
            if day.weekday() < 5:
                _day(work, day, ill=offset == 9)


def _day(work: Work, day: date, *, ill: bool) -> None:
    coming = _appointments(work, day)
    for hour in HOURS:
        start = datetime(day.year, day.month, day.day, hour, tzinfo=work.practice.zone)
        _hour(work, start, [one for one in coming if start <= one.starts_at < start + timedelta(hours=1)])
        if ill and hour == 8:
            _clinician_is_ill(work, start, coming)


def _appointments(work: Work, day: date) -> list[Appointment]:
    midnight = datetime(day.year, day.month, day.day, tzinfo=work.practice.zone)
    with acting_for(work.number):
        found = Appointment.objects.filter(
            practice=work.number, starts_at__gte=midnight, starts_at__lt=midnight + timedelta(days=1)
        )
        return list(found.exclude(status="cancelled").order_by("starts_at"))


def _hour(work: Work, start: datetime, coming: list[Appointment]) -> None:
    things: list[tuple[float, str, Appointment | None]] = [(float(minute), "look", None) for minute in LOOKS]
    calls = CALLS[start.hour < 12] if coming else 2
    things += [(work.chance.uniform(0, 59), "call", None) for _ in range(calls)]
    things += [((one.starts_at - start) / timedelta(minutes=1), "arrival", one) for one in coming]
    things += [(work.chance.uniform(0, 59), "change", None) for _ in range(6)]
    things.sort(key=lambda one: one[0])
    for minute, group in groupby(things, key=lambda one: int(one[0])):
        with clock.travelled(start + timedelta(minutes=minute) - clock.now()):
            for _at, thing, appointment in group:
                _do(work, thing, appointment)


def _do(work: Work, thing: str, appointment: Appointment | None) -> None:
    today = clock.now().astimezone(work.practice.zone).date()
    if thing == "arrival" and appointment is not None:
        card_of(work.keys, work.desk, appointment.id)
        card_of(work.keys, work.room, appointment.id)
    elif thing == "call":
        patient, name = work.chance.choice(work.patients)
        for typed in (name[:3], name):
            search(work.keys, work.desk, typed)
        patient_card(work.keys, work.desk, patient)
        for weeks in range(work.chance.choice([0, 0, 0, 1])):
            monday = today - timedelta(days=today.weekday()) + timedelta(weeks=weeks + 1)
            week_of(work.keys, work.desk, work.practice, monday, work.resources)
    elif thing == "look":
        day_of(work.keys, work.desk, work.practice, today, resources=work.resources)
        today_of(work.keys, work.desk, work.practice)
        if clock.now().minute < 15:
            inbox(work.keys, work.desk)
            written(work.keys, work.desk)
    elif thing == "change":
        with acting_for(work.number):
            record(work.number, work.desk, work.chance.choice(["appointment.move", "appointment.cancel"]))


def _clinician_is_ill(work: Work, start: datetime, coming: list[Appointment]) -> None:
    """Whom it concerns is called, and everything moved."""
    of_ill = [one.id for one in coming if work.resources[0].id in one.resource_ids]
    with clock.travelled(start - clock.now()):
        called(work.keys, work.desk, of_ill)
        for one in of_ill:
            with acting_for(work.number):
                record(work.number, work.desk, "appointment.move", [one])


def busiest(practice: PracticeId, actors: list[Actor]) -> dict[str, int]:
    """Counted exactly from the trail: most different patients of one member within 60 minutes, and most changes."""
    most = {"opened": 0, "named": 0, "changes": 0}
    with wearing(Role.DESK), acting_for(practice):
        for actor in actors:
            events = list(Event.objects.filter(practice=practice, actor=actor.id).order_by("at"))
            for kind in most:
                most[kind] = max(most[kind], _busiest(events, kind))
    return most


def _busiest(events: list[Event], kind: str) -> int:
    """Over every window of 60 minutes that ends with an event."""
    inside: dict[UUID, int] = defaultdict(int)
    window: list[tuple[datetime, list[UUID]]] = []
    most = first = 0
    for event in events:
        work = work_of(event.action, event.subjects)
        if work is None:
            continue
        subjects = [event_id(event)] * work.changes if kind == "changes" else list(getattr(work, kind))
        window.append((event.at, subjects))
        for one in subjects:
            inside[one] += 1
        while window[first][0] <= event.at - timedelta(hours=1):
            for one in window[first][1]:
                inside[one] -= 1
                if not inside[one]:
                    del inside[one]
            first += 1
        most = max(most, len(inside))
    return most


def event_id(event: Event) -> UUID:
    return UUID(int=event.number)
