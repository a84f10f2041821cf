from __future__ import annotations

import pytest
from django.db import DatabaseError

from sprechzeit import clock
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.errors import NotFound
from sprechzeit.practices.directory import (
    bookable_visit_types,
    clinicians_of,
    listed_practices,
    practice_by_slug,
    resources_of,
    visit_type_by_id,
    visit_types,
)
from sprechzeit.practices.models import Practice, Resource, VisitType
from tests.factories import make_practice, make_resource, make_visit_type, type_id


def test_a_practice_is_found_by_its_address() -> None:
    made = make_practice()

    assert practice_by_slug(made.practice.slug) == made.practice


@pytest.mark.parametrize("slug", ["", "no-such-practice", "nul\0", "' or 1=1 --", "x" * 500])
def test_an_address_that_nobody_has_is_not_found(slug: str) -> None:
    with pytest.raises(NotFound):
        practice_by_slug(slug)


def test_only_practices_that_want_to_be_found_are_listed() -> None:
    shown, hidden = make_practice(), make_practice(listed=False)

    listed = listed_practices(count=10_000)

    assert shown.practice in listed
    assert hidden.practice not in listed
    assert [one.name for one in listed] == sorted(one.name for one in listed)


def test_patients_see_the_visit_types_that_are_online_and_in_use_in_the_practices_order() -> None:
    made = make_practice()
    last = make_visit_type(made, position=2)
    first = make_visit_type(made, position=1)
    hidden = make_visit_type(made, online=False, position=3)
    retired = make_visit_type(made)
    with wearing(Role.DESK), acting_for(made.id):
        VisitType.objects.filter(id=retired.id).update(retired_at=clock.now())

    assert bookable_visit_types(made.id) == [first, last]
    assert visit_types(made.id) == [first, last, hidden]


def test_a_visit_type_of_another_practice_or_a_retired_one_is_not_found() -> None:
    made, other = make_practice(), make_practice()
    foreign, retired = make_visit_type(other), make_visit_type(made)
    with wearing(Role.DESK), acting_for(made.id):
        VisitType.objects.filter(id=retired.id).update(retired_at=clock.now())

    for visit_type in (foreign.id, retired.id, 0, -1, 2**63):
        with pytest.raises(NotFound):
            visit_type_by_id(made.id, visit_type)


def test_resources_in_use_are_listed_clinicians_first() -> None:
    made = make_practice(clinicians=2)
    device = make_resource(made, kind="device", name="A")
    room = make_resource(made, kind="room", name="B")
    with wearing(Role.DESK), acting_for(made.id):
        Resource.objects.filter(id=made.clinicians[1].id).update(retired_at=clock.now())

    assert resources_of(made.id) == [made.clinicians[0], room, device]
    assert clinicians_of(made.id) == made.clinicians[:1]


def test_clinicians_can_be_asked_for_by_what_they_offer() -> None:
    made = make_practice(clinicians=3)
    room = make_resource(made, kind="room", name="Raum")
    visit_type = make_visit_type(made, made.clinicians[1:], [room])

    assert clinicians_of(made.id, type_id(visit_type)) == made.clinicians[1:]


def test_the_front_cannot_found_or_change_a_practice() -> None:
    made = make_practice()

    for change in ({"name": "Andere"}, {"public_key": b"x" * 32}):
        with pytest.raises(DatabaseError), acting_for(made.id):
            Practice.objects.filter(id=made.id).update(**change)

    assert practice_by_slug(made.practice.slug).name == made.practice.name
