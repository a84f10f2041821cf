from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from sprechzeit import clock
from sprechzeit.audit.models import Event
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.errors import Invalid, NotFound
from sprechzeit.practices.models import Resource
from sprechzeit.timetable.models import Opening, ScheduleException
from sprechzeit.timetable.schedule_exceptions import remove_exception
from tests.factories import Made, at, make_practice
from tests.timetable.calendar import except_in, open_weekly, weekly

MORNING, NOON = at(date(2030, 3, 4), 8), at(date(2030, 3, 4), 12)


def everything(made: Made) -> list[Any]:
    with wearing(Role.DESK), acting_for(made.id):
        tables = (ScheduleException, Opening, Event)
        return [list(table.objects.filter(practice=made.id).order_by("id").values()) for table in tables]


@pytest.fixture
def made() -> Made:
    made = make_practice()
    open_weekly(made, weekly(0))
    return made


def test_a_span_that_does_not_end_after_it_began_is_refused(made: Made) -> None:
    before = everything(made)

    for end in (MORNING, at(date(2030, 3, 3), 8)):
        with pytest.raises(Invalid) as refusal:
            except_in(made, "absence", MORNING, end, made.clinicians[0])
        assert refusal.value.field == "until"

    assert everything(made) == before


def test_a_closure_has_no_resource_and_all_else_has_one(made: Made) -> None:
    before = everything(made)

    for kind, resource in (("closure", made.clinicians[0]), ("absence", None), ("extra", None)):
        with pytest.raises(Invalid) as refusal:
            except_in(made, kind, MORNING, NOON, resource)
        assert refusal.value.field == "resource"

    assert everything(made) == before


@pytest.mark.parametrize("label", ["x" * 81, "two\nlines", "nul\0", "\x1b[31m", "\u202e"])
def test_a_label_is_one_short_line(made: Made, label: str) -> None:
    before = everything(made)

    with pytest.raises(Invalid) as refusal:
        except_in(made, "closure", MORNING, NOON, label=label)

    assert refusal.value.field == "label"
    assert everything(made) == before


def test_a_label_of_eighty_letters_is_kept(made: Made) -> None:
    assert except_in(made, "closure", MORNING, NOON, label="ü" * 80).label == "ü" * 80


def test_a_resource_that_is_not_in_use_here_gets_no_exception(made: Made) -> None:
    other = make_practice()
    with wearing(Role.DESK), acting_for(other.id):
        Resource.objects.filter(practice=other.id).update(retired_at=clock.now())

    for practice in (made, other):
        before = everything(practice)
        with pytest.raises(NotFound):
            except_in(practice, "absence", MORNING, NOON, other.clinicians[0])
        assert everything(practice) == before


def test_another_practices_exception_cannot_be_removed(made: Made) -> None:
    closure = except_in(made, "closure", MORNING, NOON)
    other = make_practice()
    before = everything(made)

    for practice, number in ((other, closure.id), (made, closure.id + 1_000_000)):
        with wearing(Role.DESK), pytest.raises(NotFound):
            remove_exception(practice.id, practice.actor, number)

    assert everything(made) == before


def test_the_trail_tells_the_kind_and_never_the_label(made: Made) -> None:
    closure = except_in(made, "closure", MORNING, NOON, label="Hochzeit von Dr. Beispiel")
    with wearing(Role.DESK):
        remove_exception(made.id, made.actor, closure.id)

    with wearing(Role.DESK), acting_for(made.id):
        told = list(Event.objects.filter(practice=made.id).order_by("number").values_list("action", "details"))

    details = {"exception": closure.id, "kind": "closure"}
    assert told[1:] == [("exception.add", details), ("exception.remove", details)]
