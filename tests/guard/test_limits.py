"""Whoever tries too often is told to wait, and until when; everybody else never notices."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.test import override_settings

from sprechzeit import clock
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import wearing
from sprechzeit.guard.errors import TooMany
from sprechzeit.guard.limits import (
    BOOKING_BY_ADDRESS,
    LOGIN_BY_ADDRESS,
    MANAGE_BY_ADDRESS,
    SECRET_BY_ADDRESS,
    Limit,
    forget_counters,
    require_left,
    spend,
)
from sprechzeit.identifiers import new_id
from sprechzeit.vault import link_to_text, new_link_secret
from tests.factories import in_days, make_bookable, make_practice, visitor

THREE = Limit("test", 3, timedelta(minutes=1))


@pytest.fixture(autouse=True)
def limits_on() -> Iterator[None]:
    with override_settings(RATE_LIMITS=True):
        yield


@pytest.fixture
def address() -> str:
    """An address of this test's own (RFC 4193)."""
    digits = new_id().hex[-16:]
    return "fd00::" + ":".join(digits[at : at + 4] for at in range(0, 16, 4))


def test_the_limit_passes_and_one_more_is_refused() -> None:
    who = str(new_id())

    for _ in range(3):
        spend(THREE, who)

    with pytest.raises(TooMany) as refusal:
        spend(THREE, who)
    assert 1 <= refusal.value.retry_after <= 60


def test_after_its_time_it_begins_anew() -> None:
    who = str(new_id())
    for _ in range(3):
        spend(THREE, who)

    with clock.travelled(timedelta(minutes=1, seconds=1)):
        spend(THREE, who)
        require_left(THREE, who)


def test_one_does_not_use_up_the_others() -> None:
    first, second = str(new_id()), str(new_id())
    for _ in range(3):
        spend(THREE, first)

    spend(THREE, second)
    with pytest.raises(TooMany):
        require_left(THREE, first)


def test_fifty_at_once_get_through_exactly_as_often_as_allowed() -> None:
    who = str(new_id())

    def attempt(_: int) -> bool:
        try:
            spend(THREE, who)
        except TooMany:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(8) as pool:
        passed = list(pool.map(attempt, range(50)))

    assert passed.count(True) == 3


def test_the_table_knows_no_address(address: str) -> None:
    spend(THREE, address)

    with connections["owner"].cursor() as cursor:
        cursor.execute("select encode(bucket, 'escape') from rate_counter")
        assert all(address not in text for (text,) in cursor.fetchall())


def test_what_has_run_out_is_forgotten() -> None:
    who = str(new_id())
    spend(THREE, who)

    with clock.travelled(timedelta(minutes=2)), wearing(Role.WORKER):
        assert forget_counters() >= 1


def test_log_in_is_limited_by_address_and_says_when_to_come_back(address: str) -> None:
    client = visitor(REMOTE_ADDR=address)
    answers = [client.post("/desk/anmelden/beginn/") for _ in range(LOGIN_BY_ADDRESS.most + 1)]

    assert {answer.status_code for answer in answers[:-1]} == {200}
    assert answers[-1].status_code == 429
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 300
    assert "zu viele Versuche" in answers[-1].json()["message"]


def test_wrong_invitations_and_sheets_are_limited(address: str) -> None:
    client = visitor(REMOTE_ADDR=address)
    made = make_practice()
    wrong = {"invitation": f"{made.id}.{link_to_text(new_link_secret())}"}

    statuses = [
        client.post("/desk/einladung/beginn/", wrong, "application/json").status_code
        for _ in range(SECRET_BY_ADDRESS.most)
    ]
    sheet = client.post("/desk/notfall/", {"slug": made.practice.slug, "words": "babab " * 17})

    assert set(statuses) == {404}
    assert sheet.status_code == 429
    assert int(sheet.headers["Retry-After"]) > 0


def test_guessing_manage_links_is_limited_and_a_right_one_is_not_counted(address: str) -> None:
    client = visitor(REMOTE_ADDR=address)
    made = make_practice()

    def guess() -> int:
        secret = link_to_text(new_link_secret())
        return client.get(f"/praxis/{made.practice.slug}/mein-termin/{secret}/").status_code

    assert {guess() for _ in range(MANAGE_BY_ADDRESS.most)} == {404}
    assert guess() == 429


@pytest.mark.parametrize("door", ["page", "api"])
def test_holding_slots_is_limited(address: str, door: str) -> None:
    client = visitor(REMOTE_ADDR=address)
    made, visit_type = make_bookable()

    def hold() -> int:
        if door == "api":
            asked = {"visit_type": visit_type.id, "start": in_days(1, 9).isoformat()}
            url = f"/api/v1/practices/{made.practice.slug}/holds"
            return client.post(url, asked, "application/json").status_code
        asked = {"art": visit_type.id, "zeit": in_days(1, 9).isoformat()}
        return client.post(f"/praxis/{made.practice.slug}/halten/", asked).status_code

    statuses = [hold() for _ in range(BOOKING_BY_ADDRESS.most + 1)]

    assert 429 not in statuses[:-1]
    assert statuses[-1] == 429
