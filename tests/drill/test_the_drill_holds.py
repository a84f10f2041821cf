"""The whole drill at the small scale: nothing opens, and what must be noticed is."""

from __future__ import annotations

import json

import pytest

from sprechzeit.drill.inside import STEPS
from sprechzeit.drill.table import Drill
from tests.drill.playing import play


@pytest.fixture(scope="module")
def drill() -> Drill:
    return play(*STEPS)


@pytest.mark.parametrize("letter", STEPS)
def test_each_step_holds_and_its_controls_see(drill: Drill, letter: str) -> None:
    (step,) = [one for one in drill.steps if one.letter == letter]

    assert step.reasons == ()
    assert all(one.is_sound for one in step.tried)


def test_no_record_is_readable_with_the_loot(drill: Drill) -> None:
    told = json.loads(json.dumps(drill.as_dict()))

    assert told["passed"] is True
    assert told["records"] > 10_000
    assert told["readable"] == 0
    assert [one["step"] for one in told["steps"]] == list(STEPS)
