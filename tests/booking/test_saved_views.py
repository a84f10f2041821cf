from __future__ import annotations

from typing import Any

import pytest

from sprechzeit.audit.record import Actor
from sprechzeit.booking.models import SavedView
from sprechzeit.booking.saved_view import delete_view, rename_view, save_view, views_of
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.errors import Invalid, NotFound
from sprechzeit.staff.membership import add_membership
from sprechzeit.staff.models import Member, Membership
from tests.booking.booked import events
from tests.factories import Made, make_practice, make_resource


def save(made: Made, name: str = "Vormittag", **changed: Any) -> SavedView:
    wanted = {"shape": "day", "resources": [one.id for one in made.clinicians], "zoom": 15, **changed}
    actor = wanted.pop("actor", made.actor)
    with wearing(Role.DESK):
        return save_view(made.id, actor, name=name, **wanted)


def names(made: Made, actor: Actor | None = None) -> list[str]:
    with wearing(Role.DESK):
        return [one.name for one in views_of(made.id, actor or made.actor)]


def colleague(made: Made) -> Actor:
    with wearing(Role.DESK), acting_for(made.id):
        member = Member.objects.create()
        add_membership(made.keys, member.id, Membership.Role.RECEPTION, "Kollegin")
    return Actor("member", str(member.id))


def test_a_choice_is_kept_under_its_name_and_told_to_the_trail_without_it() -> None:
    made = make_practice(clinicians=2)

    view = save(made, "  Frühdienst   Vogt ", zoom=5)

    assert (view.name, view.shape, view.zoom) == ("Frühdienst Vogt", "day", 5)
    assert view.resource_ids == [one.id for one in made.clinicians]
    (event,) = events(made, "view.save")
    assert (event.actor, event.details) == (str(made.member), {"view": view.id})


def test_the_same_name_replaces_the_earlier_one() -> None:
    made = make_practice(clinicians=2)
    first = save(made)

    second = save(made, shape="week", resources=[made.clinicians[1].id], zoom=30)

    assert second.id == first.id
    with wearing(Role.DESK):
        (only,) = views_of(made.id, made.actor)
    assert (only.shape, only.resource_ids, only.zoom) == ("week", [made.clinicians[1].id], 30)


def test_views_are_the_members_own() -> None:
    made = make_practice()
    view = save(made)
    other = colleague(made)

    assert names(made, other) == []
    with wearing(Role.DESK):
        with pytest.raises(NotFound):
            delete_view(made.id, other, view.id)
        with pytest.raises(NotFound):
            rename_view(made.id, other, view.id, "Meins")
    assert names(made) == ["Vormittag"]
    save(made, actor=other)
    assert names(made, other) == ["Vormittag"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 41, "Eins\x00Zwei"])
def test_a_name_has_one_to_forty_characters(name: str) -> None:
    made = make_practice()

    with pytest.raises(Invalid):
        save(made, name)

    assert names(made) == []


def test_a_name_of_forty_characters_is_kept() -> None:
    made = make_practice()

    assert save(made, "x" * 40).name == "x" * 40


@pytest.mark.parametrize("wrong", [{"shape": "month"}, {"zoom": 7}, {"resources": []}, {"resources": list(range(41))}])
def test_what_no_view_can_be_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        save(make_practice(), **wrong)


def test_only_the_practices_own_columns_in_use_are_taken() -> None:
    made, other = make_practice(), make_practice()

    with pytest.raises(Invalid):
        save(made, resources=[made.clinicians[0].id, other.clinicians[0].id])

    assert names(made) == []


def test_the_twenty_first_is_refused_but_one_of_the_twenty_can_be_replaced() -> None:
    made = make_practice()
    for number in range(20):
        save(made, f"Ansicht {number}")

    with pytest.raises(Invalid):
        save(made, "Eine zu viel")
    save(made, "Ansicht 3", zoom=30)

    assert len(names(made)) == 20


def test_it_is_renamed_but_not_to_the_name_of_another() -> None:
    made = make_practice()
    view = save(made)
    save(made, "Labor")

    with wearing(Role.DESK):
        assert rename_view(made.id, made.actor, view.id, "Empfang").name == "Empfang"
        with pytest.raises(Invalid):
            rename_view(made.id, made.actor, view.id, "Labor")

    assert names(made) == ["Empfang", "Labor"]


def test_deleted_it_is_gone_and_a_second_time_it_is_not_found() -> None:
    made = make_practice()
    make_resource(made, kind="room", name="Raum")
    view = save(made)

    with wearing(Role.DESK):
        delete_view(made.id, made.actor, view.id)
        with pytest.raises(NotFound):
            delete_view(made.id, made.actor, view.id)

    assert names(made) == []
    assert [event.details for event in events(made, "view.delete")] == [{"view": view.id}]


def test_a_program_has_no_views() -> None:
    made = make_practice()

    assert names(made, Actor("token", "1")) == []
    with pytest.raises(NotFound):
        save(made, actor=Actor("token", "1"))
