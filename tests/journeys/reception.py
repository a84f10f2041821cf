"""A practice on a believable morning: three clinicians, two rooms, a dozen visits; and its desk, open."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from playwright.sync_api import Page, expect

from sprechzeit.booking.at_desk import book_at_desk
from sprechzeit.booking.models import Appointment
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.furnishing.lanes import set_lanes
from sprechzeit.identifiers import ResourceId
from sprechzeit.practices.models import VisitType
from sprechzeit.web.desk.door import cookie_name
from tests.booking.booked import rows
from tests.factories import (
    Made,
    in_days,
    make_person,
    make_practice,
    make_resource,
    make_session,
    make_visit_type,
    open_up,
    type_id,
)
from tests.journeys.conftest import OpenPage

DOCTORS = ("Dr. Vogt", "Dr. Reuter", "Leyla Aydın")
DAY: dict[str, list[tuple[int, int, str, str]]] = {
    "Dr. Vogt": [
        (8, 0, "Berger", "Anna"),
        (8, 30, "Yilmas", "Emre"),
        (9, 0, "Größer", "Käthe"),
        (10, 0, "Nowak", "Piotr"),
        (11, 0, "Lindner", "Paul"),
    ],
    "Dr. Reuter": [(8, 0, "Sommer", "Ida"), (9, 0, "Kraus", "Otto"), (11, 0, "Weiß", "Luise")],
    "Leyla Aydın": [(8, 30, "Franke", "Mia"), (9, 0, "Öztürk", "Jörg"), (11, 30, "Peters", "Tom")],
}
VISITS = sum(len(one) for one in DAY.values())


def a_morning() -> tuple[Made, VisitType]:
    """Tomorrow from eight to twelve, and three days more without anybody."""
    made = make_practice(clinicians=0)
    made.clinicians = [make_resource(made, name=name) for name in DOCTORS]
    for room in ("Raum 1", "Raum 2"):
        make_resource(made, kind="room", name=room)
    visit_type = make_visit_type(made)
    for doctor in made.clinicians:
        with wearing(Role.DESK), acting_for(made.id):
            set_lanes(made.id, doctor, 1, overbooking=True)
        for day in range(1, 5):
            open_up(made, doctor, in_days(day, 8), in_days(day, 12))
        for hour, minute, last, first in DAY[doctor.name]:
            enter(made, visit_type, in_days(1, hour, minute), doctor.id, last_name=last, first_name=first)
    return made, visit_type


def enter(made: Made, visit_type: VisitType, start: datetime, resource: int, **person: Any) -> Appointment:
    fields = {"phone": "+493023125100", "birth_date": date(1970, 5, 4), "email": "", **person}
    with wearing(Role.DESK):
        return book_at_desk(
            made.keys, made.actor, type_id(visit_type), start, make_person(**fields), resource=ResourceId(resource)
        )


def at_reception(open_page: OpenPage, site: str, made: Made, **options: Any) -> Page:
    """A desk of its own, a member logged in, tomorrow on the screen."""
    page = open_page(**options)
    page.context.add_cookies([{"name": cookie_name(), "value": make_session(made), "url": site}])
    page.goto(tomorrow(site, made), wait_until="load")
    expect(page.locator(".entry").first).to_be_visible()
    return page


def tomorrow(site: str, made: Made) -> str:
    return f"{site}/desk/?tag={in_days(1, 9).astimezone(made.practice.zone):%Y-%m-%d}"


def visit_of(made: Made, start: datetime, doctor: str) -> Appointment:
    """Who comes to this clinician at this time."""
    resource = next(one.id for one in made.clinicians if one.name == doctor)
    (found,) = rows(made, Appointment, starts_at=start, resource_ids=[resource])
    return found


def as_stored(made: Made, appointment: Appointment) -> Appointment:
    (found,) = rows(made, Appointment, id=appointment.id)
    return found


def plan(made: Made) -> dict[str, tuple[datetime, list[int], str]]:
    """When, with whom and how far each visit is."""
    return {str(one.id): (one.starts_at, one.resource_ids, one.status) for one in rows(made, Appointment)}
