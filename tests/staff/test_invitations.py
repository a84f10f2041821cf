from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connections

from sprechzeit import clock
from sprechzeit.audit.record import SYSTEM
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.errors import Invalid
from sprechzeit.practices.models import Practice
from sprechzeit.staff.errors import InvitationRefused
from sprechzeit.staff.forget import forget_ended
from sprechzeit.staff.found import found_with_invitation
from sprechzeit.staff.invite import LIFETIME, invite, read_invitation, take_up
from sprechzeit.staff.models import Enrolment, KeyGrant
from sprechzeit.vault import CannotOpen
from tests.factories import Made, make_practice


@pytest.fixture(autouse=True)
def as_desk() -> Iterator[None]:
    with wearing(Role.DESK):
        yield


def left(made: Made) -> tuple[int, int]:
    """How many invitations and grants of invitations there are."""
    with acting_for(made.id):
        grants = KeyGrant.objects.filter(practice=made.id, kind=KeyGrant.Kind.INVITATION)
        return Enrolment.objects.filter(practice=made.id).count(), grants.count()


def test_an_invitation_opens_the_practices_keys_once() -> None:
    made = make_practice()
    text = invite(made.keys, SYSTEM)

    invitation = read_invitation(text)
    keys = take_up(invitation)

    assert keys.private.reveal() == made.keys.private.reveal()
    assert left(made) == (0, 0)
    with pytest.raises(InvitationRefused):
        read_invitation(text)
    with pytest.raises(InvitationRefused):
        take_up(invitation)


def test_reading_an_invitation_does_not_use_it() -> None:
    made = make_practice()
    text = invite(made.keys, SYSTEM)

    for _ in range(3):
        read_invitation(text)

    assert left(made) == (1, 1)


def test_of_two_who_use_it_at_the_same_instant_one_gets_it() -> None:
    for _ in range(5):
        made = make_practice()
        invitation = read_invitation(invite(made.keys, SYSTEM))
        barrier = threading.Barrier(2)
        got: list[bool] = []

        def use(invitation: object = invitation, barrier: threading.Barrier = barrier, got: list[bool] = got) -> None:
            with wearing(Role.DESK):
                barrier.wait()
                try:
                    take_up(invitation)
                    got.append(True)
                except InvitationRefused:
                    got.append(False)
                finally:
                    connections.close_all()

        threads = [threading.Thread(target=use) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert sorted(got) == [False, True]
        assert left(made) == (0, 0)


def test_it_expires() -> None:
    made = make_practice()
    text = invite(made.keys, SYSTEM)

    with clock.travelled(LIFETIME - timedelta(seconds=1)):
        read_invitation(text)
    with clock.travelled(LIFETIME + timedelta(seconds=1)), pytest.raises(InvitationRefused):
        read_invitation(text)


def test_it_is_for_its_own_practice_only() -> None:
    made, other = make_practice(), make_practice()
    _, secret = invite(made.keys, SYSTEM).split(".")

    with pytest.raises(InvitationRefused):
        read_invitation(f"{other.id}.{secret}")


@pytest.mark.parametrize(
    "text", ["", ".", "1", "1.", ".abc", "-1." + "A" * 22, "²." + "A" * 22, "9" * 30 + "." + "A" * 22, "1." + "é" * 22,
             "1." + "A" * 22, "0." + "A" * 22, "1." + "A" * 22 + ".x"]
)  # fmt: skip  # lines grouped by hand
def test_a_text_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(InvitationRefused):
        read_invitation(text)


def test_the_database_knows_only_the_hash_of_its_secret() -> None:
    made = make_practice()
    _, secret = invite(made.keys, SYSTEM).split(".")

    with acting_for(made.id):
        (row,) = Enrolment.objects.filter(practice=made.id)
        (granted,) = KeyGrant.objects.filter(practice=made.id)

    stored = bytes(row.secret_hash) + bytes(granted.credential) + bytes(granted.wrapped)
    assert secret.encode() not in stored
    assert made.keys.private.reveal() not in stored


def test_a_grant_that_was_swapped_opens_nothing() -> None:
    made, other = make_practice(), make_practice()
    invitation = read_invitation(invite(made.keys, SYSTEM))
    invite(other.keys, SYSTEM)

    with acting_for(other.id):
        (foreign,) = KeyGrant.objects.filter(practice=other.id).values_list("wrapped", flat=True)
    with acting_for(made.id):
        (mine,) = KeyGrant.objects.filter(practice=made.id)
        KeyGrant.objects.filter(id=mine.id).delete()
        KeyGrant.objects.create(practice_id=made.id, kind=mine.kind, credential=mine.credential, wrapped=foreign)

    with pytest.raises((InvitationRefused, CannotOpen)):
        take_up(invitation)


def test_founding_a_practice_gives_the_invitation_of_its_first_owner() -> None:
    slug = f"neu-{secrets.token_hex(4)}"

    invitation = read_invitation(found_with_invitation(name=" Praxis Neu ", slug=slug))
    keys = take_up(invitation)

    practice = Practice.objects.get(slug=slug)
    assert (practice.name, practice.kind, practice.id) == ("Praxis Neu", "real", keys.practice)


@pytest.mark.parametrize(
    ("name", "slug", "field"),
    [
        ("Praxis", "", "slug"),
        ("Praxis", "ab", "slug"),
        ("Praxis", "-abc", "slug"),
        ("Praxis", "abc-", "slug"),
        ("Praxis", "Abc", "slug"),
        ("Praxis", "äöü", "slug"),
        ("Praxis", "a/b", "slug"),
        ("Praxis", "a" * 61, "slug"),
        ("Praxis", "abc\n", "slug"),
        ("", "abc-def", "name"),
        ("   ", "abc-def", "name"),
        ("x" * 121, "abc-def", "name"),
        ("a\x00b", "abc-def", "name"),
    ],
)
def test_a_malformed_name_or_address_founds_nothing(name: str, slug: str, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        found_with_invitation(name=name, slug=slug)

    assert refusal.value.field == field
    assert refusal.value.message
    assert not Practice.objects.filter(slug="abc-def").exists()


def test_an_address_that_is_taken_is_refused() -> None:
    made = make_practice()

    with pytest.raises(Invalid) as refusal:
        found_with_invitation(name="Andere", slug=made.practice.slug)

    assert refusal.value.field == "slug"
    assert Practice.objects.get(slug=made.practice.slug).name == made.practice.name


def test_an_expired_invitation_is_forgotten_with_its_wrapped_key() -> None:
    made = make_practice()
    invite(made.keys, SYSTEM)
    with clock.travelled(timedelta(hours=71)):
        still_good = invite(made.keys, SYSTEM)

    with clock.travelled(LIFETIME + timedelta(minutes=1)):
        with wearing(Role.WORKER):
            forget_ended(made.id)
        assert read_invitation(still_good)

    assert left(made) == (1, 1)
