"""A day sheet opens with its recovery key or passphrase, in its own place, and with nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cryptography.exceptions import InvalidTag

from sprechzeit.vault import (
    DaySheetWay,
    KeyPair,
    Secret,
    close_day_sheet,
    day_sheet_key,
    generate_key_pair,
    new_salt,
    wrap_for_passphrase,
    wrap_for_recovery,
)
from sprechzeit.vault.day_sheet import ITERATIONS, ITERATIONS_FLOOR, PADDED_TO
from tests.vault.day_sheet_reader import SheetFile, encoded, hkdf

SALT = bytes(range(16))
PRIVATE = Secret(bytes(range(96)))
RECOVERY = Secret(bytes(range(32)))
WAY = DaySheetWay(7, "recovery", SALT)
TYPED = DaySheetWay(7, "passphrase", SALT, ITERATIONS_FLOOR)
HEAD = b'{"practice":7}'
CONTENT = b'[{"day":"2026-11-25"}]'
OPENED = [{"day": "2026-11-25"}]
PASSPHRASE = "Grüße aus dem leeren Köln"
# Written down once, by hmac alone: a sheet in a drawer must open with every later version.
WAY_KEY = "3dbb23c289821515e9b09a5cddd7805b162ab6a0c2f90c8e435a405af8ac32bc"


def sheet(private: Secret = PRIVATE, content: bytes = CONTENT, head: bytes = HEAD) -> SheetFile:
    closed = close_day_sheet(content, head, private, [WAY, TYPED])
    wraps = {
        WAY: wrap_for_recovery(RECOVERY, private, WAY),
        TYPED: wrap_for_passphrase(PASSPHRASE, private, TYPED),
    }
    ways = {
        way.kind: {"salt": way.salt, "iterations": way.iterations, "wrapped": wraps[way], "key": closed.keys[way]}
        for way in wraps
    }
    return SheetFile(head, closed.content, ways)


@pytest.fixture(scope="module")
def closed() -> SheetFile:
    return sheet()


def test_the_recovery_key_opens_it(closed: SheetFile) -> None:
    assert closed.open_with_secret("recovery", RECOVERY.reveal()) == OPENED


@pytest.mark.parametrize(
    "typed", [PASSPHRASE, "  Gru\u0308ße aus  dem leeren Köln ", "Grüße\u00a0aus dem leeren Ko\u0308ln"]
)
def test_the_passphrase_opens_it_however_it_is_typed(closed: SheetFile, typed: str) -> None:
    assert closed.open_with_passphrase(typed) == OPENED


@pytest.mark.parametrize("typed", ["", "grüße aus dem leeren Köln", "Grüße aus dem leeren Kölnn"])
def test_another_passphrase_does_not(closed: SheetFile, typed: str) -> None:
    with pytest.raises(InvalidTag):
        closed.open_with_passphrase(typed)


def test_another_recovery_key_or_the_key_of_its_grant_does_not(closed: SheetFile) -> None:
    for secret in (bytes(32), RECOVERY.reveal()[::-1], hkdf(RECOVERY.reveal(), b"sprechzeit/v1/grant/recovery")):
        with pytest.raises(InvalidTag):
            closed.open_with_secret("recovery", secret)


def test_whoever_holds_the_private_key_can_derive_the_key_of_a_way(closed: SheetFile) -> None:
    for way in (WAY, TYPED):
        assert closed.open_with_key(way.kind, day_sheet_key(PRIVATE, way).reveal()) == OPENED


def test_the_format_is_the_one_that_was_written_down() -> None:
    assert WAY.encode() == encoded(7, "recovery", SALT, 0)
    assert day_sheet_key(PRIVATE, WAY).reveal().hex() == WAY_KEY


def test_another_practices_key_opens_nothing(closed: SheetFile, key_pair: KeyPair) -> None:
    other = generate_key_pair().private
    for way in (WAY, TYPED):
        with pytest.raises(InvalidTag):
            closed.open_with_key(way.kind, day_sheet_key(other, way).reveal())


def test_each_way_has_a_key_of_its_own_so_that_a_new_passphrase_is_a_new_key() -> None:
    ways = [
        WAY,
        TYPED,
        replace(TYPED, salt=new_salt()),
        replace(WAY, practice=8),
        replace(TYPED, iterations=ITERATIONS),
    ]

    assert len({day_sheet_key(PRIVATE, way).reveal() for way in ways}) == len(ways)


def test_two_sheets_have_different_keys_and_no_key_of_one_fits_the_other(closed: SheetFile) -> None:
    mixed = replace(sheet(), content=closed.content)

    with pytest.raises(InvalidTag):
        mixed.open_with_secret("recovery", RECOVERY.reveal())


def test_a_changed_head_is_noticed(closed: SheetFile) -> None:
    with pytest.raises(InvalidTag):
        replace(closed, head=b'{"practice":7,"phone":"0900"}').open_with_secret("recovery", RECOVERY.reveal())


@pytest.mark.parametrize("name", ["wrapped", "key", "salt"])
def test_any_changed_byte_is_noticed(closed: SheetFile, name: str) -> None:
    value = closed.ways["recovery"][name]
    for at in range(0, len(value), 7):
        changed = value[:at] + bytes([value[at] ^ 1]) + value[at + 1 :]
        ways = {**closed.ways, "recovery": {**closed.ways["recovery"], name: changed}}
        with pytest.raises((InvalidTag, AssertionError)):
            replace(closed, ways=ways).open_with_secret("recovery", RECOVERY.reveal())


def test_a_changed_content_is_noticed(closed: SheetFile) -> None:
    for at in range(0, len(closed.content), 997):
        changed = closed.content[:at] + bytes([closed.content[at] ^ 1]) + closed.content[at + 1 :]
        with pytest.raises((InvalidTag, AssertionError)):
            replace(closed, content=changed).open_with_secret("recovery", RECOVERY.reveal())


def test_its_length_does_not_tell_how_many_come() -> None:
    lengths = {len(sheet(content=b'["' + b"x" * size + b'"]').content) for size in (0, 1, 999, PADDED_TO - 4)}

    assert len(lengths) == 1


@pytest.mark.parametrize("salt", [b"", bytes(15), bytes(17), bytes(32)])
def test_a_salt_of_another_length_is_a_mistake(salt: bytes) -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        DaySheetWay(7, "recovery", salt)


@pytest.mark.parametrize("iterations", [1, 1000, ITERATIONS_FLOOR - 1, 10**9])
def test_a_passphrase_cannot_be_made_cheap_to_guess(iterations: int) -> None:
    with pytest.raises(ValueError, match="iterations"):
        DaySheetWay(7, "passphrase", SALT, iterations)


def test_the_wrong_wrapping_for_a_way_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="stretched"):
        wrap_for_passphrase(PASSPHRASE, PRIVATE, WAY)
    with pytest.raises(ValueError, match="stretched"):
        wrap_for_recovery(RECOVERY, PRIVATE, TYPED)
    with pytest.raises(ValueError, match="32 bytes"):
        wrap_for_recovery(Secret(bytes(16)), PRIVATE, WAY)
    with pytest.raises(ValueError, match="96 bytes"):
        day_sheet_key(Secret(bytes(32)), WAY)
    with pytest.raises(ValueError, match="nobody"):
        close_day_sheet(CONTENT, HEAD, PRIVATE, [])


@pytest.mark.parametrize("typed", ["", "   ", "x" * 101, "zwei\nZeilen", "\ud800"])
def test_what_nobody_can_type_is_no_passphrase(typed: str) -> None:
    with pytest.raises(ValueError, match="printable") as error:
        wrap_for_passphrase(typed, PRIVATE, TYPED)
    assert not typed.strip() or typed not in str(error.value)
