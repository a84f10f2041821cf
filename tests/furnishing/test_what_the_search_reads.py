"""What the owner sets reaches the public row, and whoever keeps copies is told of each change that matters to them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time

import psycopg
import pytest

from sprechzeit.database.connections import direct_parameters
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import wearing
from sprechzeit.furnishing.hours import add_hours
from sprechzeit.furnishing.practice import Profile, change_practice
from sprechzeit.furnishing.resource import Furniture, change_resource, new_resource
from sprechzeit.furnishing.retire import (
    retire_resource,
    retire_visit_type,
    return_resource,
    return_visit_type,
)
from sprechzeit.furnishing.visit_type_rules import Rules, change_rules
from sprechzeit.identifiers import ResourceId
from sprechzeit.practices.changed import CHANNEL
from sprechzeit.practices.models import Practice, VisitType
from sprechzeit.practices.postcodes import coordinates_of
from sprechzeit.timetable.expand import Rule
from tests.factories import Made, make_practice, make_visit_type

Verb = Callable[[Made, VisitType], object]
RULES = Rules("new", [], None, None, None, None, None, "open", None, None, False, "in-person", "")
MONDAY = Rule(0, time(8), time(12), date(2026, 1, 1))


def specialties(made: Made) -> list[str]:
    return Practice.objects.get(id=made.id).specialties


def where(made: Made) -> tuple[float | None, float | None]:
    row = Practice.objects.get(id=made.id)
    return row.latitude, row.longitude


def profile(postal_code: str) -> Profile:
    return Profile("Praxis", "Gasse 1", postal_code, "Ort", "", True, "BE", "Europe/Berlin", "", time(21), time(7), 1)


def furniture(made: Made, specialty: str) -> Furniture:
    return Furniture("Dr. Neu", made.location.id, specialty=specialty)


def test_a_practice_lies_where_its_postal_code_does() -> None:
    made = make_practice()

    with wearing(Role.DESK):
        change_practice(made.id, made.actor, profile("80331"))
        in_munich = where(made)
        change_practice(made.id, made.actor, profile("unbekannt"))

    assert in_munich == coordinates_of("80331")
    assert where(made) == (None, None)


def test_its_specialties_are_those_of_its_clinicians_in_use() -> None:
    made = make_practice(clinicians=0)

    with wearing(Role.DESK):
        ears = new_resource(made.id, made.actor, "clinician", furniture(made, "Ohrenheilkunde"))
        new_resource(made.id, made.actor, "clinician", furniture(made, "Augenheilkunde"))
        new_resource(made.id, made.actor, "room", furniture(made, "Röntgen"))
        added = specialties(made)
        change_resource(made.id, made.actor, ears.id, furniture(made, "Nasenheilkunde"))
        changed = specialties(made)
        retire_resource(made.id, made.actor, ears.id)
        retired = specialties(made)
        return_resource(made.id, made.actor, ears.id)

    assert added == ["Augenheilkunde", "Ohrenheilkunde"]
    assert changed == ["Augenheilkunde", "Nasenheilkunde"]
    assert retired == ["Augenheilkunde"]
    assert specialties(made) == changed


@pytest.mark.parametrize(
    "verb",
    [
        lambda made, _: add_hours(made.id, made.actor, ResourceId(made.clinicians[0].id), [MONDAY]),
        lambda made, _: retire_resource(made.id, made.actor, made.clinicians[0].id),
        lambda made, visit_type: retire_visit_type(made.id, made.actor, visit_type.id),
        lambda made, visit_type: [
            retire_visit_type(made.id, made.actor, visit_type.id),
            return_visit_type(made.id, made.actor, visit_type.id),
        ],
        lambda made, visit_type: change_rules(made.id, made.actor, visit_type.id, RULES),
        lambda made, _: make_visit_type(made),
    ],
    ids=["hours", "resource", "retired type", "returned type", "rules", "new type"],
)
def test_what_changes_the_offer_is_told(verb: Verb) -> None:
    made = make_practice()
    visit_type = make_visit_type(made)

    with psycopg.connect(**direct_parameters("worker"), autocommit=True) as connection:
        connection.execute(f"listen {CHANNEL}")
        with wearing(Role.DESK):
            verb(made, visit_type)
        heard = [one.payload for one in connection.notifies(timeout=3, stop_after=1)]

    assert f"{made.id} 0" in heard
