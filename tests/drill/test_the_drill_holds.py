"""The whole drill at the small scale: nothing opens, what must be noticed is, and each control sees."""

from __future__ import annotations

import json

import pytest

from sprechzeit.drill.inside import STEPS
from sprechzeit.drill.outcome import NOTHING, Step
from sprechzeit.drill.table import Drill
from tests.drill.playing import play_all


@pytest.fixture(scope="module")
def drill() -> Drill:
    return play_all(STEPS)


@pytest.fixture
def played(drill: Drill) -> dict[str, Step]:
    return {step.letter: step for step in drill.steps}


@pytest.mark.parametrize("letter", STEPS)
def test_the_step_holds_and_each_of_its_controls_saw_what_was_planted(played: dict[str, Step], letter: str) -> None:
    assert played[letter].reasons == ()
    assert all(one.is_sound for one in played[letter].tried)


def test_credentials_without_what_belongs_to_them_open_nothing(played: dict[str, Step]) -> None:
    step = played["d"]

    assert step.opened == NOTHING
    assert len(step.tried) == 6
    assert sum(one.times for one in step.tried) > 10_000
    assert [one.by for one in step.noticed] == ["many-tries"]


def test_a_live_session_sees_no_more_than_the_stated_limit_and_is_noticed_within_a_minute(
    played: dict[str, Step],
) -> None:
    step = played["e"]

    assert 100 < step.opened.patients <= step.allowed.patients
    assert 1000 < step.opened.appointments <= step.allowed.appointments
    assert len(step.noticed) == 4
    assert all(0 <= one.seconds < 60 for one in step.noticed)


def test_further_log_ins_of_who_was_stopped_give_nothing_new(played: dict[str, Step]) -> None:
    first, later = played["e"].tried[:2]

    assert later.opened.patients <= first.opened.patients + played["e"].allowed.patients * 0.03


def test_every_door_of_another_practice_was_tried_and_shows_nothing(played: dict[str, Step]) -> None:
    step = played["f"]
    desk, api, roles, sealed = step.tried

    assert step.opened == NOTHING
    assert desk.times > 200
    assert api.times > 20
    assert roles.times > 500
    assert sealed.times > 10


def test_canaries_are_heard_of_at_once(played: dict[str, Step]) -> None:
    step = played["h"]

    assert [one.by for one in step.noticed] == ["canary", "canary"]
    assert all(0 <= one.seconds < 10 for one in step.noticed)


def test_no_record_is_readable_with_the_loot(drill: Drill) -> None:
    told = json.loads(json.dumps(drill.as_dict()))

    assert told["passed"] is True
    assert told["records"] > 10_000
    assert told["readable"] == 0
    assert told["scraped"] <= told["allowed"]
    assert told["seconds_to_alarm"] < 60
    assert [one["step"] for one in told["steps"]] == list("abcdefgh")
