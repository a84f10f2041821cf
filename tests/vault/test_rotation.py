"""A rotation moves record after record to the new key and can be resumed at any point."""

from __future__ import annotations

from sprechzeit.vault import (
    Context,
    Keyring,
    key_id_of,
    new_data_key,
    open_record,
    reseal,
    seal_record,
    with_new_key,
)

from .refusal import assert_refused, elsewhere


def test_a_new_key_becomes_current_and_the_old_ones_still_open(keyring: Keyring, context: Context) -> None:
    sealed = seal_record(keyring.current_key, b"Erika", context)

    rotated = with_new_key(keyring)

    assert rotated.current == 3
    assert set(rotated.keys) == {1, 2, 3}
    assert set(keyring.keys) == {1, 2}
    assert open_record(rotated, sealed, context) == b"Erika"


def test_a_new_keys_id_is_above_all_others_even_when_an_older_one_is_current() -> None:
    keyring = Keyring(keys={4: new_data_key(4), 9: new_data_key(9)}, current=4)

    assert with_new_key(keyring).current == 10


def test_a_record_under_an_old_key_is_resealed_under_the_current_one(keyring: Keyring, context: Context) -> None:
    rotated = with_new_key(keyring)
    resealed = reseal(rotated, seal_record(keyring.keys[1], b"Erika", context), context)

    assert resealed is not None
    assert key_id_of(resealed) == rotated.current
    assert open_record(rotated, resealed, context) == b"Erika"
    assert_refused(lambda: open_record(keyring, resealed, context))


def test_a_record_under_the_current_key_stays_as_it_is(keyring: Keyring, context: Context) -> None:
    assert reseal(keyring, seal_record(keyring.current_key, b"Erika", context), context) is None


def test_a_record_is_never_resealed_into_another_place(keyring: Keyring, context: Context) -> None:
    sealed = seal_record(keyring.keys[1], b"Erika", context)

    for place in elsewhere(context):
        assert_refused(lambda place=place: reseal(keyring, sealed, place))


def test_a_rotation_that_was_interrupted_goes_on_where_it_stopped(keyring: Keyring) -> None:
    rows = {
        str(row): seal_record(keyring.current_key, b"%d" % row, Context(7, "t", "c", str(row))) for row in range(10)
    }
    rotated = with_new_key(keyring)

    def run(names: list[str]) -> int:
        """Resealed rows; each may have been done by an earlier run."""
        done = 0
        for name in names:
            again = reseal(rotated, rows[name], Context(7, "t", "c", name))
            if again is not None:
                rows[name], done = again, done + 1
        return done

    def opened(ring: Keyring) -> list[bytes]:
        return [open_record(ring, sealed, Context(7, "t", "c", name)) for name, sealed in rows.items()]

    assert run(list(rows)[:4]) == 4
    assert opened(rotated) == [b"%d" % row for row in range(10)]
    assert run(list(rows)) == 6
    assert run(list(rows)) == 0

    only_new = Keyring(keys={rotated.current: rotated.current_key}, current=rotated.current)
    assert opened(only_new) == [b"%d" % row for row in range(10)]
