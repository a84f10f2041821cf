from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connections

from sprechzeit import clock
from sprechzeit.audit.record import SYSTEM
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import wearing
from sprechzeit.identifiers import new_id
from sprechzeit.staff.challenge import LIFETIME, consume, issue
from sprechzeit.staff.errors import LoginRefused
from sprechzeit.staff.invite import invite
from sprechzeit.staff.join import join_practice
from sprechzeit.staff.passkey import RelyingParty, registration_options
from tests.factories import make_practice
from tests.staff.authenticator import ORIGIN, Authenticator

PARTY = RelyingParty("localhost", ORIGIN)


@pytest.fixture(autouse=True)
def as_desk() -> Iterator[None]:
    with wearing(Role.DESK):
        yield


def test_a_challenge_serves_once() -> None:
    challenge = issue("login")

    value = consume(str(challenge.id), "login")

    assert value == bytes(challenge.value)
    assert len(value) == 32
    with pytest.raises(LoginRefused):
        consume(str(challenge.id), "login")


def test_no_two_are_alike() -> None:
    assert len({bytes(issue("login").value) for _ in range(20)}) == 20


def test_it_expires() -> None:
    challenge = issue("login")

    with clock.travelled(LIFETIME + timedelta(seconds=1)), pytest.raises(LoginRefused):
        consume(str(challenge.id), "login")


def test_one_for_something_else_is_refused_and_used_up() -> None:
    challenge = issue("register")

    for purpose in ("login", "register"):
        with pytest.raises(LoginRefused):
            consume(str(challenge.id), purpose)


@pytest.mark.parametrize("text", ["", "nonsense", None, 5, [], {}, "0192f6c8-1111-7222-8333-444455556666", "\x00" * 36])
def test_one_that_was_never_issued_is_refused(text: object) -> None:
    with pytest.raises(LoginRefused):
        consume(text, "login")


def test_of_two_who_use_it_at_the_same_instant_one_gets_it() -> None:
    for _ in range(5):
        challenge = str(issue("login").id)
        barrier = threading.Barrier(2)
        got: list[bool] = []

        def use(challenge: str = challenge, barrier: threading.Barrier = barrier, got: list[bool] = got) -> None:
            with wearing(Role.DESK):
                barrier.wait()
                try:
                    consume(challenge, "login")
                    got.append(True)
                except LoginRefused:
                    got.append(False)
                finally:
                    connections.close_all()

        threads = [threading.Thread(target=use) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert sorted(got) == [False, True]


def test_a_registration_that_fails_uses_its_challenge_up() -> None:
    made = make_practice()
    invitation = invite(made.keys, SYSTEM)
    options = registration_options(PARTY, new_id())
    elsewhere = Authenticator(origin="https://evil.example").register(options)

    with pytest.raises(LoginRefused):
        join_practice(PARTY, invitation, elsewhere, name="Test")
    with pytest.raises(LoginRefused):
        join_practice(PARTY, invitation, Authenticator().register(options), name="Test")
    again = registration_options(PARTY, new_id())

    assert join_practice(PARTY, invitation, Authenticator().register(again), name="Test")
