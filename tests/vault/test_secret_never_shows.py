"""A secret shows itself to ``reveal()`` and to nothing else."""

from __future__ import annotations

import copy
import json
import pickle
import traceback
from dataclasses import asdict

import pytest

from sprechzeit.vault import (
    DataKey,
    KeyPair,
    Keyring,
    PracticeKeys,
    PrivateKey,
    Secret,
    generate_key_pair,
    new_data_key,
    split,
)

MARKER = b"MARKER-that-must-never-be-seen-0"
FORMS = [MARKER.decode(), MARKER.hex(), repr(MARKER), str(list(MARKER))]
LONG = Secret(MARKER * 3)


def shown(text: str) -> bool:
    return any(form in text for form in FORMS) or "MARKER" in text


HOLDERS = [
    Secret(MARKER),
    DataKey(1, Secret(MARKER)),
    Keyring({1: DataKey(1, Secret(MARKER))}, 1),
    KeyPair(b"public", Secret(MARKER)),
    PracticeKeys(1, LONG, Keyring({1: DataKey(1, Secret(MARKER))}, 1)),
    split(Secret(MARKER), b"session"),
    PrivateKey(LONG),
]


def named(holder: object) -> str:
    return type(holder).__name__


@pytest.mark.parametrize("holder", HOLDERS, ids=named)
def test_no_holder_shows_it_in_any_text(holder: object) -> None:
    texts = [
        repr(holder),
        str(holder),
        f"{holder}",
        f"{holder!r}",
        f"{holder!s}",
        format(holder),
    ]
    texts += [repr([holder]), repr({"key": holder}), ascii(holder)]

    assert not any(shown(text) for text in texts)


@pytest.mark.parametrize("holder", HOLDERS, ids=named)
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_no_holder_can_be_pickled(holder: object, protocol: int) -> None:
    with pytest.raises(TypeError) as refusal:
        pickle.dumps(holder, protocol)
    assert not shown(str(refusal.value))


@pytest.mark.parametrize("holder", HOLDERS, ids=named)
def test_no_holder_can_be_written_as_json(holder: object) -> None:
    with pytest.raises(TypeError) as refusal:
        json.dumps(holder)
    assert not shown(str(refusal.value))


def test_keys_made_ready_stay_out_of_the_text_and_the_pickle() -> None:
    pair = generate_key_pair()
    keys = PracticeKeys(1, pair.private, Keyring({1: new_data_key(1)}, 1))

    assert keys.private_key.public == pair.public

    assert "hidden" in repr(keys)
    assert pair.private.reveal().hex() not in repr(keys)
    with pytest.raises(TypeError):
        pickle.dumps(keys)


def test_an_exception_or_a_traceback_around_it_does_not_show_it() -> None:
    secret = Secret(MARKER)
    try:
        raise RuntimeError("went wrong with", secret, DataKey(1, secret))
    except RuntimeError as error:
        lines = traceback.TracebackException.from_exception(error, capture_locals=True).format()

    assert not shown("".join(line for line in lines if "MARKER =" not in line and "FORMS =" not in line))


def test_it_does_not_turn_into_bytes_text_or_a_sequence() -> None:
    secret = Secret(MARKER)

    with pytest.raises(TypeError):
        bytes(secret)
    with pytest.raises(TypeError):
        iter(secret)
    with pytest.raises(TypeError):
        memoryview(secret)
    with pytest.raises(TypeError):
        f"{secret:>40}"
    assert not hasattr(secret, "__dict__")


def test_copies_and_asdict_keep_it_wrapped() -> None:
    secret = Secret(MARKER)

    assert copy.copy(secret) is secret
    assert copy.deepcopy(secret) is secret
    assert not shown(repr(asdict(DataKey(1, secret))))


def test_it_cannot_be_changed_or_hashed() -> None:
    secret = Secret(MARKER)

    for name in ("value", "_Secret__value"):
        with pytest.raises(AttributeError):
            setattr(secret, name, b"other")
        with pytest.raises(AttributeError):
            delattr(secret, name)
    with pytest.raises(TypeError):
        hash(secret)
    assert secret.reveal() == MARKER


def test_it_equals_another_with_the_same_bytes_only() -> None:
    assert Secret(b"same") == Secret(b"same")
    assert Secret(b"same") != Secret(b"else")
    assert Secret(b"same") != Secret(b"longer")
    assert Secret(b"same") != b"same"


@pytest.mark.parametrize("value", ["text", 7, None, bytearray(b"changeable")])
def test_it_is_made_of_bytes_only_and_the_refusal_does_not_repeat_them(value: object) -> None:
    with pytest.raises(TypeError, match=r"^a secret is made of bytes$"):
        Secret(value)
