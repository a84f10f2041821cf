from __future__ import annotations

from datetime import timedelta

import pytest

from sprechzeit import clock
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.staff.models import DeskSession, Membership
from tests.factories import Made, at_desk, make_bookable, make_session, visitor

LOGIN = "/desk/anmelden/"


def sessions(made: Made) -> int:
    with wearing(Role.DESK), acting_for(made.id):
        return DeskSession.objects.filter(practice=made.id).count()


def opens(cookie: str) -> bool:
    client = visitor()
    client.cookies["desk"] = cookie
    return client.get("/desk/").status_code == 200


def test_the_cookie_with_its_row_opens_the_desk() -> None:
    made, _ = make_bookable()

    assert opens(make_session(made))


def test_the_cookie_without_its_row_opens_nothing() -> None:
    made, _ = make_bookable()
    cookie = make_session(made)

    with wearing(Role.DESK), acting_for(made.id):
        DeskSession.objects.filter(practice=made.id).delete()

    assert not opens(cookie)


def test_the_row_without_the_cookies_key_opens_nothing() -> None:
    made, _ = make_bookable()
    cookie = make_session(made)
    other = make_session(made)
    practice, session, key = cookie.split(".")
    _, other_session, other_key = other.split(".")

    for forged in (
        f"{practice}.{session}.{other_key}",
        f"{practice}.{other_session}.{key}",
        f"{practice}.{session}.{'A' * 43}",
        f"{practice}.{session}.",
        f"{practice}.{session}",
        f"{practice}..{key}",
    ):
        assert not opens(forged)
    assert opens(cookie)


def test_a_cookie_does_not_open_another_practice() -> None:
    made, _ = make_bookable()
    other, _ = make_bookable()
    _, session, key = make_session(made).split(".")

    assert not opens(f"{other.id}.{session}.{key}")


@pytest.mark.parametrize(
    "cookie", ["", ".", "..", "...", "1.2.3", "-1.a.b", "²." + "A" * 22 + "." + "A" * 43, "x" * 4000]
)
def test_a_cookie_that_is_none_leads_to_the_log_in(cookie: str) -> None:
    assert not opens(cookie)


def test_logging_out_deletes_the_row_and_the_cookie_opens_nothing_any_more() -> None:
    made, _ = make_bookable()
    client = at_desk(made)
    cookie = client.cookies["desk"].value

    response = client.post("/desk/abmelden/")

    assert (response.status_code, response.headers["Location"]) == (302, LOGIN)
    assert response.cookies["desk"]["max-age"] == 0
    assert sessions(made) == 0
    assert not opens(cookie)


def test_logging_out_again_or_without_a_session_is_no_error_and_get_does_not_log_out() -> None:
    made, _ = make_bookable()
    client = at_desk(made)

    looked = client.get("/desk/abmelden/")
    answers = [client.post("/desk/abmelden/"), client.post("/desk/abmelden/"), visitor().post("/desk/abmelden/")]

    assert looked.status_code == 405
    assert [one.status_code for one in answers] == [302, 302, 302]


def test_a_session_ends_when_nobody_used_it() -> None:
    made, _ = make_bookable()
    client = at_desk(made)
    idle = timedelta(minutes=made.practice.idle_minutes)

    with clock.travelled(idle - timedelta(minutes=1)):
        used = client.get("/desk/")
    with clock.travelled(idle * 2 - timedelta(minutes=2)):
        still = client.get("/desk/")
    with clock.travelled(idle * 3):
        ended = client.get("/desk/")

    assert [one.status_code for one in (used, still, ended)] == [200, 200, 302]


def test_a_session_ends_in_the_evening_however_much_it_is_used() -> None:
    made, _ = make_bookable()
    client = at_desk(made)
    longest = timedelta(hours=made.practice.session_hours)
    step = timedelta(minutes=made.practice.idle_minutes) / 2

    used = []
    for number in range(1, longest // step):
        with clock.travelled(step * number):
            used.append(client.get("/desk/").status_code)
    with clock.travelled(longest + timedelta(seconds=1)):
        ended = client.get("/desk/")

    assert used
    assert set(used) == {200}
    assert ended.status_code == 302


def test_who_is_no_member_any_more_is_out_at_once() -> None:
    made, _ = make_bookable()
    client = at_desk(made)

    with wearing(Role.DESK), acting_for(made.id):
        Membership.objects.filter(practice=made.id).delete()

    assert client.get("/desk/").status_code == 302


def test_the_row_holds_neither_the_keys_nor_the_cookie_in_clear() -> None:
    made, _ = make_bookable()
    cookie = make_session(made)

    with wearing(Role.DESK), acting_for(made.id):
        (row,) = DeskSession.objects.filter(practice=made.id)
    stored = bytes(row.keys_sealed) + bytes(row.id_hash)

    assert made.keys.private.reveal() not in stored
    assert all(part.encode() not in stored for part in cookie.split(".")[1:])
