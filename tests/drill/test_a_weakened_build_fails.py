"""One protection is switched off at a time: the step that relies on it must say so, or it proves nothing."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest

from sprechzeit.bench.errors import BenchError
from sprechzeit.drill.outcome import Step
from sprechzeit.drill.scene import Scene
from tests.drill.playing import play


def statement(text: str) -> Callable[[Scene], None]:
    """As the superuser, before anything of the instance runs."""

    def prepare(scene: Scene) -> None:
        with psycopg.connect(scene.url(), autocommit=True) as connection:
            connection.execute(text.encode())

    return prepare


def reasons(step: Step) -> str:
    assert not step.passed
    return "\n".join(step.reasons)


def test_without_quotas_the_live_session_scrapes_on() -> None:
    step = play("e", switch="quota-off")["e"]

    assert "nobody stopped it" in reasons(step)
    assert step.opened.patients > step.allowed.patients
    assert step.noticed == ()


def test_a_session_that_needs_no_row_is_found_out() -> None:
    step = play("d", switch="session-half")["d"]

    assert "members were opened" in reasons(step)
    assert step.tried[0].opened.members > 0


def test_a_passkey_that_counts_from_any_page_is_found_out() -> None:
    step = play("d", switch="origin-off")["d"]

    assert step.tried[-1].opened.members > 0
    assert "members were opened" in reasons(step)


def test_guessing_that_nobody_hears_of_is_found_out() -> None:
    step = play("d", switch="guessing-silent")["d"]

    assert "0 of 1 attacks were noticed" in reasons(step)


def test_canaries_that_nobody_hears_of_are_found_out() -> None:
    step = play("h", switch="canary-silent")["h"]

    assert "0 of 2 attacks were noticed" in reasons(step)


def test_without_row_level_security_the_server_does_not_even_start() -> None:
    with pytest.raises(BenchError, match="does not start"):
        play("f", prepare=statement("alter table patient disable row level security"))


@pytest.mark.parametrize(
    "text",
    [
        "alter policy tenant on patient using (true)",
        "grant select (name_sealed) on patient to sprechzeit_front",
        "alter policy tenant on api_token using (true) with check (true)",
    ],
)
def test_a_right_or_policy_that_is_gone_is_found_out(text: str) -> None:
    step = play("f", prepare=statement(text))["f"]

    told = reasons(step)
    table = "patient" if " patient" in text else "api_token"
    if "with check" in text:
        assert f"may insert in {table}" in told
    assert f"may read in {table}" in told or f"FRONT may read {table}.name_sealed" in told
