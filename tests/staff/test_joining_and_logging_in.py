from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from sprechzeit.audit.record import SYSTEM
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.identifiers import PracticeId
from sprechzeit.staff.found import found_with_invitation
from sprechzeit.staff.invite import invite
from sprechzeit.staff.membership import member_name
from sprechzeit.staff.models import Membership
from sprechzeit.staff.session import Session, resume
from tests.factories import Made, make_practice, visitor
from tests.staff.authenticator import ATTESTED, USER_PRESENT, Authenticator


@pytest.fixture(autouse=True)
def as_desk() -> Iterator[None]:
    with wearing(Role.DESK):
        yield


def post(client: Client, path: str, body: dict[str, Any]) -> Any:
    return client.post(f"/desk/{path}", body, "application/json")


def join(client: Client, invitation: str, device: Authenticator, *, name: str = "Dr. Test", **more: Any) -> Any:
    options = post(client, "einladung/beginn/", {"invitation": invitation})
    if options.status_code != 200:
        return options
    answer = device.register(options.json())
    return post(client, "einladung/abschluss/", {**answer, "invitation": invitation, "name": name, **more})


def log_in(client: Client, device: Authenticator, **more: Any) -> Any:
    options = post(client, "anmelden/beginn/", {}).json()
    return post(client, "anmelden/abschluss/", {**device.prove(options), **more})


def session_of(client: Client) -> Session:
    return resume(client.cookies["desk"].value)


def members(practice: PracticeId) -> int:
    with acting_for(practice):
        return Membership.objects.filter(practice=practice).count()


def test_the_first_owner_joins_by_the_link_and_logs_in_with_the_new_passkey() -> None:
    invitation = found_with_invitation(name="Praxis", slug=f"neu-{secrets.token_hex(4)}")
    device = Authenticator()

    joined = visitor()
    response = join(joined, invitation, device, name="Dr. Größer")
    later = visitor()
    answer = log_in(later, device)

    assert (response.status_code, answer.status_code) == (200, 200)
    first, second = session_of(joined), session_of(later)
    assert first.role == Membership.Role.OWNER
    assert first.practice == second.practice
    assert first.keys.private.reveal() == second.keys.private.reveal()
    assert member_name(second.keys, second.member) == "Dr. Größer"


def test_an_invitation_lets_one_in() -> None:
    made = make_practice()
    before = members(made.id)
    invitation = invite(made.keys, SYSTEM)

    first = join(visitor(), invitation, Authenticator())
    second = join(visitor(), invitation, Authenticator())

    assert (first.status_code, second.status_code) == (200, 404)
    assert second.json()["code"] == "invitation-refused"
    assert members(made.id) == before + 1


def test_a_passkey_that_is_known_already_does_not_register_again() -> None:
    made, other = make_practice(), make_practice()
    device = Authenticator()
    join(visitor(), invite(made.keys, SYSTEM), device)
    invitation = invite(other.keys, SYSTEM)

    refused = join(visitor(), invitation, device)
    taken_by_another = join(visitor(), invitation, Authenticator(credential_id=device.credential_id))

    assert (refused.status_code, taken_by_another.status_code) == (403, 403)
    assert members(other.id) == 1
    assert log_in(visitor(), device).status_code == 200


WRONG: list[dict[str, Any]] = [
    {"origin": "https://evil.example"},
    {"rp_id": "evil.example"},
    {"flags": USER_PRESENT},
    {"flags": 0},
    {"flags": USER_PRESENT | ATTESTED},
]


@pytest.mark.parametrize("wrong", WRONG)
def test_an_answer_from_elsewhere_or_without_the_users_proof_is_refused(wrong: dict[str, Any]) -> None:
    made = make_practice()
    invitation = invite(made.keys, SYSTEM)
    device = Authenticator()

    refused = join(visitor(), invitation, Authenticator(**wrong))
    join(visitor(), invitation, device)
    for name, value in wrong.items():
        setattr(device, name, value)
    client = visitor()
    also = log_in(client, device)

    assert (refused.status_code, also.status_code) == (403, 403)
    assert "desk" not in client.cookies


def test_a_log_in_by_an_unknown_passkey_or_with_another_key_is_refused_alike() -> None:
    made = make_practice()
    device = Authenticator()
    join(visitor(), invite(made.keys, SYSTEM), device)

    unknown = log_in(visitor(), Authenticator())
    forged = log_in(visitor(), Authenticator(credential_id=device.credential_id, prf=device.prf))
    other_prf = log_in(visitor(), device, prf=bytes_to_base64url(bytes(32)))

    assert {one.status_code for one in (unknown, forged, other_prf)} == {403}
    assert unknown.json() == forged.json() == other_prf.json()


def test_an_answer_cannot_be_sent_twice() -> None:
    made = make_practice()
    device = Authenticator()
    join(visitor(), invite(made.keys, SYSTEM), device)
    options = post(visitor(), "anmelden/beginn/", {}).json()
    answer = device.prove(options)

    first = post(visitor(), "anmelden/abschluss/", answer)
    second = post(visitor(), "anmelden/abschluss/", answer)

    assert (first.status_code, second.status_code) == (200, 403)


def test_a_counter_that_goes_back_is_refused() -> None:
    made = make_practice()
    device = Authenticator(counter=5)
    join(visitor(), invite(made.keys, SYSTEM), device)

    device.counter = 2

    assert log_in(visitor(), device).status_code == 403


def test_the_cookie_of_a_log_in_is_out_of_scripts_reach() -> None:
    made: Made = make_practice()
    client = visitor()

    response = join(client, invite(made.keys, SYSTEM), Authenticator())

    cookie = response.cookies["desk"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/"
    assert not cookie["domain"]


JUNK = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just([]) | st.just({})


@settings(max_examples=150)
@given(
    registering=st.booleans(),
    depth=st.integers(0, 2),
    number=st.integers(0, 9),
    flip=st.booleans(),
    at=st.integers(0, 10_000),
    cut=st.integers(0, 2),
    put=st.binary(max_size=3),
    junk=JUNK,
)
def test_a_malformed_answer_is_refused_and_never_a_defect(
    registering: bool, depth: int, number: int, flip: bool, at: int, cut: int, put: bytes, junk: object
) -> None:
    _, invitation, device = _place()
    client = visitor()
    if registering:
        answer = Authenticator().register(post(client, "einladung/beginn/", {"invitation": invitation}).json())
        answer["invitation"] = invitation
    else:
        answer = device.prove(post(client, "anmelden/beginn/", {}).json())
    part = [answer, answer["credential"], answer["credential"]["response"]][depth]
    name = sorted(part)[number % len(part)]
    if flip and isinstance(part[name], str) and name not in {"challenge", "invitation", "type"}:
        raw = bytearray(base64url_to_bytes(part[name]))
        raw[at % len(raw) : at % len(raw) + cut] = put
        part[name] = bytes_to_base64url(bytes(raw))
    else:
        part[name] = junk

    path = "einladung/abschluss/" if registering else "anmelden/abschluss/"
    response = client.generic("POST", f"/desk/{path}", json.dumps(answer), "application/json")

    assert response.status_code < 500


_cache: list[tuple[Made, str, Authenticator]] = []


def _place() -> tuple[Made, str, Authenticator]:
    if not _cache or _used(_cache[0]):
        made = make_practice()
        device = Authenticator()
        join(visitor(), invite(made.keys, SYSTEM), device)
        _cache[:] = [(made, invite(made.keys, SYSTEM), device)]
    return _cache[0]


def _used(place: tuple[Made, str, Authenticator]) -> bool:
    return bool(post(visitor(), "einladung/beginn/", {"invitation": place[1]}).status_code != 200)
