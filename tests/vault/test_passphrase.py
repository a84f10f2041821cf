"""A passphrase opens only together with the device's secret, and never cheaply."""

from __future__ import annotations

import pytest

from sprechzeit.vault import Argon2Parameters, GrantContext, Secret, kek_from_passphrase_and_device

CHEAP = Argon2Parameters(memory_kib=19 * 1024, iterations=2, lanes=1)
DEVICE = Secret(b"d" * 16)
TYPED = "Grüße aus Köln"
SALT = b"s" * 16


def kek(
    grant: GrantContext,
    passphrase: str = TYPED,
    device: Secret = DEVICE,
    salt: bytes = SALT,
    parameters: Argon2Parameters = CHEAP,
) -> Secret:
    return kek_from_passphrase_and_device(passphrase, device, salt, parameters, grant)


def test_it_needs_passphrase_device_salt_and_parameters(grant: GrantContext) -> None:
    right = kek(grant)

    assert kek(grant) == right
    assert kek(grant, passphrase="Grüße aus Kölle") != right
    assert kek(grant, device=Secret(b"e" * 16)) != right
    assert kek(grant, salt=b"t" * 16) != right
    assert kek(grant, parameters=Argon2Parameters(19 * 1024, 3, 1)) != right


@pytest.mark.parametrize("typed", ["Gru\u0308ße aus Ko\u0308ln", "Grüße\u00a0aus\u3000Köln", "Grüße aus Kö\uff4cn"])
def test_the_same_passphrase_from_another_keyboard_is_the_same(grant: GrantContext, typed: str) -> None:
    assert kek(grant, passphrase=typed) == kek(grant)


def test_capital_letters_and_spaces_still_count(grant: GrantContext) -> None:
    assert kek(grant, passphrase="grüße aus köln") != kek(grant)
    assert kek(grant, passphrase="Grüße aus Köln ") != kek(grant)


@pytest.mark.parametrize(
    ("memory_kib", "iterations", "lanes"),
    [
        (19 * 1024 - 1, 2, 1),
        (19 * 1024, 1, 1),
        (19 * 1024, 2, 0),
        (1024 * 1024 + 1, 2, 1),
        (19 * 1024, 17, 1),
        (19 * 1024, 2, 17),
    ],
)
def test_parameters_below_the_floor_or_above_the_ceiling_are_refused(
    memory_kib: int, iterations: int, lanes: int
) -> None:
    with pytest.raises(ValueError, match="below the floor or above the ceiling"):
        Argon2Parameters(memory_kib, iterations, lanes)


def test_the_default_is_the_recommendation_of_rfc_9106() -> None:
    assert Argon2Parameters() == Argon2Parameters(memory_kib=65536, iterations=3, lanes=4)


@pytest.mark.parametrize("passphrase", ["", "x" * 1025, "geheim\ud800"])
def test_a_passphrase_that_cannot_be_used_is_refused_without_being_repeated(
    grant: GrantContext, passphrase: str
) -> None:
    with pytest.raises(ValueError, match="the passphrase must") as refusal:
        kek(grant, passphrase=passphrase)
    assert type(refusal.value) is ValueError  # a UnicodeEncodeError would carry the passphrase
    assert refusal.value.__context__ is None
    assert "geheim" not in str(refusal.value)


@pytest.mark.parametrize("length", [0, 15, 17, 32])
def test_device_secret_and_salt_have_16_bytes(grant: GrantContext, length: int) -> None:
    with pytest.raises(ValueError, match="device secret must have 16 bytes"):
        kek(grant, device=Secret(bytes(length)))
    with pytest.raises(ValueError, match="salt must have 16 bytes"):
        kek(grant, salt=bytes(length))
