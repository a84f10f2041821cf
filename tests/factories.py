"""Practices for tests: each call makes a new tenant with its keys, clinicians and a visit type."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.test import Client

from sprechzeit import clock
from sprechzeit.audit.record import Actor
from sprechzeit.booking.confirm import Booked, confirm
from sprechzeit.booking.hold import hold
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.identifiers import PracticeId, ResourceId, VisitTypeId, new_id
from sprechzeit.patients.person import Person
from sprechzeit.practices.found import add_location, add_resource, add_visit_type, found_practice
from sprechzeit.practices.models import Location, Practice, Resource, VisitType
from sprechzeit.staff.keys import furnish_keys, tell_pair
from sprechzeit.staff.membership import add_membership
from sprechzeit.staff.models import Member, Membership
from sprechzeit.staff.session import begin
from sprechzeit.timetable.models import Opening
from sprechzeit.vault import PracticeKeys, generate_key_pair
from sprechzeit.web.desk.door import cookie_name

BERLIN = ZoneInfo("Europe/Berlin")
_numbers = count(1)


@dataclass(repr=False)
class Made:
    """A practice made for one test."""

    practice: Practice
    keys: PracticeKeys
    location: Location
    member: UUID
    clinicians: list[Resource] = field(default_factory=list)

    @property
    def id(self) -> PracticeId:
        return PracticeId(self.practice.id)

    @property
    def actor(self) -> Actor:
        return Actor("member", str(self.member))


def make_practice(*, clinicians: int = 1, told: bool = False, **fields: Any) -> Made:
    """A practice with clinicians who have no openings yet; ``told``: its trail begins with its key's fingerprint."""
    number = next(_numbers)
    pair = generate_key_pair()
    fields.setdefault("set_up_at", clock.now())
    fields.setdefault("phone_purpose", "Falls sich am Termin etwas ändert.")
    slug = fields.pop("slug", f"praxis-{number}-{new_id().hex[-8:]}")
    with wearing(Role.DESK):
        practice = found_practice(slug=slug, name=f"Praxis {number}", public_key=pair.public, **fields)
        practice_id = PracticeId(practice.id)
        if told:
            tell_pair(practice_id, pair)
        keys = furnish_keys(practice_id, pair)
        location = add_location(practice_id, name="Hauptstelle")
        with acting_for(practice_id):
            member = Member.objects.create()
            add_membership(keys, member.id, Membership.Role.OWNER, "Test")
    made = Made(practice, keys, location, member.id)
    made.clinicians = [make_resource(made, name=f"Dr. Test {n}") for n in range(1, clinicians + 1)]
    return made


def make_resource(made: Made, *, kind: str = "clinician", name: str = "Dr. Test", capacity: int = 1) -> Resource:
    with wearing(Role.DESK):
        return add_resource(made.id, made.location, kind=kind, name=name, capacity=capacity)


def make_visit_type(made: Made, *needs: list[Resource], **fields: Any) -> VisitType:
    """By default 30 minutes with any of the clinicians, bookable online from now on."""
    values = {
        "name_de": "Sprechstunde",
        "name_en": "Consultation",
        "duration_minutes": 30,
        "grid_minutes": 30,
        "lead_minutes": 0,
        "horizon_days": 365,
        "change_until_minutes": 60,
        **fields,
    }
    alternatives = [[ResourceId(one.id) for one in need] for need in (needs or (made.clinicians,))]
    with wearing(Role.DESK):
        return add_visit_type(made.id, alternatives, values)


def open_up(made: Made, resource: Resource, start: datetime, end: datetime) -> None:
    """Make the resource bookable in ``[start, end)``."""
    with wearing(Role.DESK), acting_for(made.id):
        Opening.objects.create(practice_id=made.id, resource=resource, during=(start, end))


def in_days(days: int, hour: int = 9, minute: int = 0) -> datetime:
    """That many days from today, at this wall-clock time in Berlin, as a moment in UTC."""
    day = clock.now().astimezone(BERLIN).date() + timedelta(days=days)
    return at(day, hour, minute)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=BERLIN).astimezone(UTC)


def make_bookable(
    *, clinicians: int = 1, hours: tuple[int, int] = (9, 12), days: int = 3, **fields: Any
) -> tuple[Made, VisitType]:
    """A practice whose clinicians are open from tomorrow on for some days, and its visit type."""
    practice_fields = {
        key: fields.pop(key) for key in ("birth_date_purpose", "phone_purpose", "kind", "told") if key in fields
    }
    made = make_practice(clinicians=clinicians, **practice_fields)
    visit_type = make_visit_type(made, **fields)
    for clinician in made.clinicians:
        for day in range(1, days + 1):
            open_up(made, clinician, in_days(day, hours[0]), in_days(day, hours[1]))
    return made, visit_type


def make_person(**fields: Any) -> Person:
    return Person(**{"first_name": "Erika", "last_name": "Muster", "email": "erika@example.org", **fields})


def type_id(visit_type: VisitType) -> VisitTypeId:
    return VisitTypeId(visit_type.id)


def visitor(**options: Any) -> Client:
    """A browser without any cookie, at the address that the tests' settings know."""
    return Client(headers={"host": "localhost"}, **options)


def make_session(made: Made) -> str:
    """Log the practice's member in and tell the cookie."""
    with wearing(Role.DESK):
        return begin(made.id, made.member, made.keys, passkey=None)


def at_desk(made: Made, **options: Any) -> Client:
    """A browser in which the practice's member is logged in."""
    client = visitor(**options)
    client.cookies[cookie_name()] = make_session(made)
    return client


def book(made: Made, visit_type: VisitType, start: datetime, **person: Any) -> Booked:
    """A patient books online."""
    held = hold(made.id, type_id(visit_type), start)
    return confirm(made.id, held.secret, make_person(**person))
