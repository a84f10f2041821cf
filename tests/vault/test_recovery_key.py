"""The recovery key survives being printed, read out and typed."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sprechzeit.vault import (
    MalformedRecoveryKey,
    Secret,
    VaultError,
    from_words,
    new_recovery_secret,
    to_words,
)

secrets = st.binary(min_size=32, max_size=32).map(Secret)
WORDS = to_words(Secret(bytes(range(32))))


@given(secrets, st.sampled_from(["", " ", "-", ", ", "\n", "\u00a0", "\u2013"]), st.booleans())
def test_it_comes_back_however_the_words_are_joined(secret: Secret, joint: str, large: bool) -> None:
    text = joint.join(to_words(secret))

    assert from_words(text.upper() if large else text) == secret


def test_it_has_seventeen_words_that_can_be_spoken() -> None:
    words = to_words(new_recovery_secret())

    assert len(words) == 17
    assert all(re.fullmatch(r"([bdfghjklmnprstvz][aiou]){2}[bdfghjklmnprstvz]", word) for word in words)


def test_a_word_is_the_one_of_the_proquint_paper() -> None:
    loopback = Secret(bytes([127, 0, 0, 1]) + bytes(28))

    assert to_words(loopback)[:2] == ["lusab", "babad"]


def test_any_one_wrong_letter_is_noticed() -> None:
    printed = "".join(WORDS)

    for place, right in enumerate(printed):
        for wrong in set("abcdefghijklmnopqrstuvwxyz") - {right}:
            with pytest.raises(MalformedRecoveryKey):
                from_words(printed[:place] + wrong + printed[place + 1 :])


def test_two_words_in_the_wrong_order_are_noticed() -> None:
    with pytest.raises(MalformedRecoveryKey, match="checksum"):
        from_words(" ".join([WORDS[1], WORDS[0], *WORDS[2:]]))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "17 words"),
        (" - ", "17 words"),
        ("-".join(WORDS[:-1]), "17 words"),
        ("-".join([*WORDS, "babab"]), "17 words"),
        ("b" * 501, "17 words"),
        ("e" + "".join(WORDS)[1:], "no recovery key has"),
        ("ß" + "".join(WORDS)[1:], "no recovery key has"),
        ("\0" + "".join(WORDS)[1:], "no recovery key has"),
        ("İ" + "".join(WORDS)[1:], "17 words"),
    ],
)
def test_what_is_no_recovery_key_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(MalformedRecoveryKey, match=reason):
        from_words(text)


@given(st.text(max_size=100))
def test_any_other_text_is_refused_and_never_repeated(text: str) -> None:
    with pytest.raises(VaultError) as refusal:
        from_words(text)
    assert type(refusal.value) is MalformedRecoveryKey
    assert len(text) < 8 or text not in str(refusal.value)


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_only_32_bytes_are_printed(length: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        to_words(Secret(bytes(length)))
