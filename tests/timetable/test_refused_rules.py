from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest

from sprechzeit import clock
from sprechzeit.audit.models import Event
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.errors import Invalid, NotFound
from sprechzeit.identifiers import ResourceId
from sprechzeit.practices.models import Resource
from sprechzeit.timetable.models import Opening, WeeklyRule
from sprechzeit.timetable.rules import add_rule, end_rule
from tests.factories import Made, make_practice
from tests.timetable.calendar import open_weekly, weekly

SOUND = weekly(0)


def everything(made: Made) -> list[Any]:
    with wearing(Role.DESK), acting_for(made.id):
        return [
            list(table.objects.filter(practice=made.id).order_by("id").values())
            for table in (WeeklyRule, Opening, Event)
        ]


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("weekday", {"weekday": 7}),
        ("weekday", {"weekday": -1}),
        ("closes", {"opens": time(12), "closes": time(12)}),
        ("closes", {"opens": time(12), "closes": time(8)}),
        ("valid_until", {"valid_until": date(2019, 12, 31)}),
        ("every_weeks", {"every_weeks": 0}),
        ("every_weeks", {"every_weeks": 53}),
        ("every_weeks", {"every_weeks": -2}),
    ],
)
def test_what_would_open_never_is_refused_in_words_and_nothing_changes(field: str, values: dict[str, Any]) -> None:
    made = make_practice()
    open_weekly(made, weekly(2))
    before = everything(made)

    with wearing(Role.DESK), pytest.raises(Invalid) as refusal:
        add_rule(made.id, made.actor, ResourceId(made.clinicians[0].id), replace(SOUND, **values))

    assert refusal.value.field == field
    assert len(refusal.value.message) > 20
    assert everything(made) == before


@pytest.mark.parametrize(
    "values",
    [
        {"closes": time()},
        {"opens": time(), "closes": time()},
        {"valid_until": SOUND.valid_from},
        {"every_weeks": 52},
        {"weekday": 6},
    ],
)
def test_what_is_just_within_the_bounds_is_taken(values: dict[str, Any]) -> None:
    made = make_practice()

    assert open_weekly(made, replace(SOUND, **values)).id


def test_a_resource_that_is_not_in_use_here_gets_no_rule() -> None:
    made, other = make_practice(clinicians=2), make_practice()
    retired = made.clinicians[1]
    with wearing(Role.DESK), acting_for(made.id):
        Resource.objects.filter(id=retired.id).update(retired_at=clock.now())
    before = everything(made)

    for resource in (other.clinicians[0].id, retired.id, 0, 2**63):
        with wearing(Role.DESK), pytest.raises(NotFound):
            add_rule(made.id, made.actor, ResourceId(resource), SOUND)

    assert everything(made) == before


def test_another_practices_rule_cannot_be_ended() -> None:
    made, other = make_practice(), make_practice()
    rule = open_weekly(other, SOUND)
    before = everything(other)

    with wearing(Role.DESK), pytest.raises(NotFound):
        end_rule(made.id, made.actor, rule.id, date(2026, 1, 1))

    assert everything(other) == before


def test_each_change_is_told_in_the_trail() -> None:
    made = make_practice()
    rule = open_weekly(made, SOUND)
    with wearing(Role.DESK):
        end_rule(made.id, made.actor, rule.id, date(2030, 1, 1))

    with wearing(Role.DESK), acting_for(made.id):
        told = list(Event.objects.filter(practice=made.id).order_by("number").values_list("action", "actor"))

    assert told == [("rule.add", str(made.member)), ("rule.end", str(made.member))]
