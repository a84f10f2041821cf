from __future__ import annotations

import pytest
from cryptography.exceptions import InvalidTag

from sprechzeit.audit.models import Event
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.staff.day_sheet_key import (
    day_sheet_keys,
    remove_day_sheet_passphrase,
    set_day_sheet_passphrase,
    way_of,
)
from sprechzeit.staff.errors import WeakDaySheetPassphrase
from sprechzeit.staff.models import DaySheetKey
from sprechzeit.staff.sheet import PrintedSheet, confirm_sheet, make_sheet, words_asked
from sprechzeit.vault import day_sheet_key, from_words
from sprechzeit.vault.day_sheet import ITERATIONS
from tests.factories import Made, make_practice
from tests.vault.day_sheet_reader import LABEL, framed, hkdf, unboxed

PASSPHRASE = "sperling nordwind gurke leuchtturm"


def printed(made: Made, *, confirmed: bool = True) -> PrintedSheet:
    with wearing(Role.DESK):
        sheet = make_sheet(made.keys, made.actor)
        if confirmed:
            confirm(made, sheet)
    return sheet


def confirm(made: Made, sheet: PrintedSheet) -> None:
    with wearing(Role.DESK):
        confirm_sheet(made.id, made.actor, sheet.id, [sheet.words[place - 1] for place in words_asked(sheet.id)])


def keys_of(made: Made) -> dict[str, DaySheetKey]:
    with wearing(Role.DESK):
        return {key.kind: key for key in day_sheet_keys(made.id)}


def opened_by(sheet: PrintedSheet, key: DaySheetKey) -> bytes:
    place = way_of(key).encode()
    kek = hkdf(from_words(" ".join(sheet.words)).reveal(), framed(LABEL + b"recovery", place))
    return unboxed(kek, bytes(key.wrapped), place)


def test_a_confirmed_recovery_sheet_opens_day_sheets() -> None:
    made = make_practice()

    sheet = printed(made)

    key = keys_of(made)["recovery"]
    assert opened_by(sheet, key) == day_sheet_key(made.keys.private, way_of(key)).reveal()


def test_an_unconfirmed_sheet_takes_nothing_from_the_one_that_counts() -> None:
    made = make_practice()
    old = printed(made)

    new = printed(made, confirmed=False)

    assert opened_by(old, keys_of(made)["recovery"])
    confirm(made, new)
    key = keys_of(made)["recovery"]
    assert opened_by(new, key)
    with pytest.raises(InvalidTag):
        opened_by(old, key)


def test_before_the_first_sheet_is_confirmed_there_is_no_way() -> None:
    made = make_practice()

    printed(made, confirmed=False)

    assert keys_of(made) == {}


def test_of_two_printed_sheets_the_later_one_counts() -> None:
    made = make_practice()
    printed(made, confirmed=False)
    later = printed(made, confirmed=False)

    confirm(made, later)

    assert opened_by(later, keys_of(made)["recovery"])


def test_a_passphrase_is_stretched_and_kept_nowhere() -> None:
    made = make_practice()

    with wearing(Role.DESK):
        set_day_sheet_passphrase(made.keys, made.actor, PASSPHRASE)

    key = keys_of(made)["passphrase"]
    assert key.iterations == ITERATIONS
    assert PASSPHRASE.encode() not in bytes(key.wrapped) + bytes(key.salt)
    with wearing(Role.DESK), acting_for(made.id):
        last = Event.objects.filter(practice=made.id).order_by("number").last()
        assert last is not None
        assert (last.action, last.details) == ("day-sheet.set-passphrase", {})


def test_a_new_passphrase_is_a_new_way() -> None:
    made = make_practice()
    with wearing(Role.DESK):
        set_day_sheet_passphrase(made.keys, made.actor, PASSPHRASE)
        before = way_of(keys_of(made)["passphrase"])
        set_day_sheet_passphrase(made.keys, made.actor, PASSPHRASE)

    after = way_of(keys_of(made)["passphrase"])
    assert day_sheet_key(made.keys.private, before) != day_sheet_key(made.keys.private, after)


def test_it_can_be_removed_and_removing_it_twice_is_one_event() -> None:
    made = make_practice()
    with wearing(Role.DESK):
        set_day_sheet_passphrase(made.keys, made.actor, PASSPHRASE)
        remove_day_sheet_passphrase(made.id, made.actor)
        remove_day_sheet_passphrase(made.id, made.actor)

    assert keys_of(made) == {}
    with wearing(Role.DESK), acting_for(made.id):
        assert Event.objects.filter(practice=made.id, action="day-sheet.remove-passphrase").count() == 1


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "kurz",
        "passwort passwort passwort",
        "aaaaaaaaaaaaaaaaaaaaaaaa",
        "123456789012345678901234",
        "Lindenallee 12 Berlin",
        "sperling nordwind\ngurke leuchtturm",
        "sperling nordwind gurke leuchtturm " * 3,
    ],
)
def test_what_can_be_guessed_is_refused(typed: str) -> None:
    made = make_practice(city="Berlin", street="Lindenallee 12", phone="+49 30 23125000")

    with pytest.raises(WeakDaySheetPassphrase) as error, wearing(Role.DESK):
        set_day_sheet_passphrase(made.keys, made.actor, typed)

    assert not typed or typed not in str(error.value)
    assert keys_of(made) == {}


def test_another_practice_has_its_own() -> None:
    made, other = make_practice(), make_practice()
    with wearing(Role.DESK):
        set_day_sheet_passphrase(made.keys, made.actor, PASSPHRASE)

    assert keys_of(other) == {}
