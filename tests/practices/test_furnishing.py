from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError
from django.utils.translation import override

from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.practices.models import Lane, Resource, VisitType
from tests.factories import Made, make_practice, make_resource, make_visit_type


def count(made: Made, table: Any) -> int:
    with wearing(Role.DESK), acting_for(made.id):
        return table.objects.filter(practice=made.id).count()


@pytest.mark.parametrize("capacity", [1, 2, 99])
def test_a_resource_has_a_lane_for_each_of_its_places(capacity: int) -> None:
    made = make_practice(clinicians=0)

    resource = make_resource(made, kind="room", capacity=capacity)

    with wearing(Role.DESK), acting_for(made.id):
        found = Lane.objects.filter(resource=resource, overbooking=False)
        numbers = list(found.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, capacity + 1))


@pytest.mark.parametrize("capacity", [0, 100])
def test_a_resource_without_places_or_with_too_many_is_refused(capacity: int) -> None:
    made = make_practice(clinicians=0)

    with pytest.raises(IntegrityError, match="resource_capacity"):
        make_resource(made, capacity=capacity)

    assert count(made, Resource) == count(made, Lane) == 0


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("visit_type_duration", {"duration_minutes": 4}),
        ("visit_type_duration", {"duration_minutes": 721}),
        ("visit_type_grid", {"grid_minutes": 7}),
        ("visit_type_tone", {"tone": 9}),
    ],
)
def test_a_visit_type_that_the_calendar_cannot_hold_is_refused(constraint: str, values: dict[str, int]) -> None:
    made = make_practice()

    with pytest.raises(IntegrityError, match=constraint):
        make_visit_type(made, **values)

    assert count(made, VisitType) == 0


def test_a_resource_serves_one_need_of_a_visit_type_only() -> None:
    made = make_practice()

    with pytest.raises(IntegrityError, match="visit_type_need_once"):
        make_visit_type(made, made.clinicians, made.clinicians)


def test_another_practices_resource_serves_no_need_here() -> None:
    made, other = make_practice(), make_practice()

    with pytest.raises(IntegrityError, match="of_practice"):
        make_visit_type(made, other.clinicians)


def test_a_visit_type_is_named_in_the_language_of_the_page() -> None:
    visit_type = VisitType(name_de="Sprechstunde", name_en="Consultation")

    names = []
    for language in ("de", "de-at", "en"):
        with override(language):
            names.append(visit_type.name)

    assert names == ["Sprechstunde", "Sprechstunde", "Consultation"]
