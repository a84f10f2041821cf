"""A grant opens with its own credential and with no other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sprechzeit.vault import (
    Argon2Parameters,
    GrantContext,
    Secret,
    kek_from_link,
    kek_from_passphrase_and_device,
    kek_from_prf,
    kek_from_recovery,
    kek_from_token,
    unwrap,
    wrap,
)

from .refusal import assert_refused

CHEAP = Argon2Parameters(memory_kib=19 * 1024, iterations=2, lanes=1)
GRANT = GrantContext(practice=7, kind="passkey", credential=b"credential-id")
OTHERS = [
    replace(GRANT, practice=8),
    replace(GRANT, kind="token"),
    replace(GRANT, credential=b"another"),
]
SAME = Secret(bytes(range(32)))


def kek_from_passphrase(secret: Secret, context: GrantContext) -> Secret:
    device = Secret(secret.reveal()[:16])
    return kek_from_passphrase_and_device("ein ganzer Satz", device, b"s" * 16, CHEAP, context)


def kek_from_link_secret(secret: Secret, context: GrantContext) -> Secret:
    return kek_from_link(Secret(secret.reveal()[:16]), context)


DERIVATIONS: list[Callable[[Secret, GrantContext], Secret]] = [
    kek_from_prf,
    kek_from_recovery,
    kek_from_token,
    kek_from_link_secret,
    kek_from_passphrase,
]


@given(st.binary(min_size=1, max_size=200), st.binary(min_size=32, max_size=32))
def test_what_was_wrapped_unwraps_again(material: bytes, kek: bytes) -> None:
    wrapped = wrap(Secret(kek), Secret(material), GRANT)

    assert unwrap(Secret(kek), wrapped, GRANT) == Secret(material)
    assert len(wrapped) == len(material) + 29


@pytest.mark.parametrize("other", OTHERS, ids=["practice", "kind", "credential"])
def test_it_does_not_unwrap_for_another_grant(other: GrantContext) -> None:
    wrapped = wrap(SAME, Secret(b"private key"), GRANT)

    assert_refused(lambda: unwrap(SAME, wrapped, other))


def test_it_does_not_unwrap_with_another_key() -> None:
    wrapped = wrap(SAME, Secret(b"private key"), GRANT)

    assert_refused(lambda: unwrap(Secret(bytes(32)), wrapped, GRANT))


@pytest.mark.parametrize("derive", DERIVATIONS)
def test_the_same_secret_gives_the_same_key_again(derive: Callable[[Secret, GrantContext], Secret]) -> None:
    assert derive(SAME, GRANT) == derive(SAME, GRANT)
    assert len(derive(SAME, GRANT)) == 32


@pytest.mark.parametrize("derive", DERIVATIONS)
@pytest.mark.parametrize("other", OTHERS, ids=["practice", "kind", "credential"])
def test_a_key_is_bound_to_practice_kind_and_credential(
    derive: Callable[[Secret, GrantContext], Secret], other: GrantContext
) -> None:
    assert derive(SAME, GRANT) != derive(SAME, other)


def test_each_kind_of_credential_derives_another_key_from_the_same_secret() -> None:
    keys = {derive(SAME, GRANT).reveal() for derive in DERIVATIONS}

    assert len(keys) == len(DERIVATIONS)


@pytest.mark.parametrize("derive", [kek_from_prf, kek_from_recovery, kek_from_token])
@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_a_secret_of_another_length_is_refused_at_the_door(
    derive: Callable[[Secret, GrantContext], Secret], length: int
) -> None:
    with pytest.raises(ValueError, match="must have 32 bytes"):
        derive(Secret(bytes(length)), GRANT)


@pytest.mark.parametrize("length", [0, 15, 17, 32])
def test_a_link_secret_of_another_length_is_refused_at_the_door(length: int) -> None:
    with pytest.raises(ValueError, match="must have 16 bytes"):
        kek_from_link(Secret(bytes(length)), GRANT)


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_a_key_encryption_key_of_another_length_is_refused_at_the_door(length: int) -> None:
    with pytest.raises(ValueError, match="must have 32 bytes"):
        wrap(Secret(bytes(length)), Secret(b"private key"), GRANT)
    with pytest.raises(ValueError, match="must have 32 bytes"):
        unwrap(Secret(bytes(length)), bytes(60), GRANT)


def test_nothing_is_not_wrapped() -> None:
    with pytest.raises(ValueError, match="nothing to wrap"):
        wrap(SAME, Secret(b""), GRANT)
