from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from django.test import override_settings

from sprechzeit import clock
from sprechzeit.guard import contacts
from sprechzeit.guard.contacts import MOST, require_contact_left
from sprechzeit.guard.errors import TooMany
from sprechzeit.guard.work import BITS, is_proved, task_of
from sprechzeit.identifiers import new_id
from sprechzeit.vault import Secret, new_link_secret
from tests.factories import in_days, make_bookable, visitor
from tests.web.front.walk import TYPED, details_url


def proof_for(secret: Secret) -> str:
    task = task_of(secret)
    for number in range(2**22):
        digest = hashlib.sha256(f"{task}:{number}".encode()).digest()
        if int.from_bytes(digest[:4], "big") >> (32 - BITS) == 0:
            return str(number)
    raise AssertionError("none found")


def test_a_proof_serves_its_own_hold_and_no_other() -> None:
    mine, other = new_link_secret(), new_link_secret()
    proof = proof_for(mine)

    assert is_proved(mine, proof)
    assert not is_proved(other, proof)


@pytest.mark.parametrize("proof", ["", "0x1", "-1", "1" * 21, "١", "1 "])
def test_what_is_no_number_is_no_proof(proof: str) -> None:
    assert not is_proved(new_link_secret(), proof)


def test_the_task_does_not_tell_the_secret() -> None:
    secret = new_link_secret()

    assert secret.reveal().hex() not in task_of(secret)
    assert task_of(secret) == task_of(Secret(secret.reveal()))


def test_without_proofs_few_bookings_pass_from_one_address() -> None:
    made, visit_type = make_bookable(hours=(9, 18))
    client = visitor(REMOTE_ADDR=f"2001:db8::{new_id().hex[-4:]}")
    with override_settings(RATE_LIMITS=True):
        answers = [
            client.post(details_url(client, made, visit_type, in_days(1, 9 + place)), TYPED).status_code
            for place in range(8)
        ]

    assert answers == [303] * 6 + [429] * 2


def test_one_address_of_mail_books_so_often_a_day_and_again_the_next() -> None:
    contact = f"{new_id().hex}@example.org"
    with override_settings(RATE_LIMITS=True):
        for _ in range(MOST):
            require_contact_left(contact)
        with pytest.raises(TooMany):
            require_contact_left(contact.upper())
        require_contact_left(f"other-{contact}")
        with clock.travelled(timedelta(hours=25)):
            require_contact_left(contact)

    assert contact.encode() not in repr(contacts._hits).encode()
