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
    from_groups,
    new_recovery_secret,
    to_groups,
)

secrets = st.binary(min_size=32, max_size=32).map(Secret)
GROUPS = to_groups(Secret(bytes(range(32))))


@given(secrets, st.sampled_from(["", " ", "-", " - ", "\n", "\u00a0", "\u2013"]), st.booleans())
def test_it_comes_back_however_the_groups_are_joined(secret: Secret, joint: str, small: bool) -> None:
    text = joint.join(to_groups(secret))

    assert from_groups(text.lower() if small else text) == secret


def test_it_has_eleven_groups_of_five_that_cannot_be_misread() -> None:
    groups = to_groups(new_recovery_secret())

    assert len(groups) == 11
    assert all(re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{5}", group) for group in groups)


@given(secrets)
def test_o_is_read_as_0_and_i_and_l_as_1(secret: Secret) -> None:
    printed = "-".join(to_groups(secret))

    for typed in ("oi", "OI", "ol", "OL"):
        assert from_groups(printed.replace("0", typed[0]).replace("1", typed[1])) == secret


def test_any_one_wrong_character_is_noticed() -> None:
    printed = "".join(GROUPS)

    for place, right in enumerate(printed):
        for wrong in set("0123456789ABCDEFGHJKMNPQRSTVWXYZ") - {right}:
            with pytest.raises(MalformedRecoveryKey, match="checksum"):
                from_groups(printed[:place] + wrong + printed[place + 1 :])


def test_two_groups_in_the_wrong_order_are_noticed() -> None:
    with pytest.raises(MalformedRecoveryKey, match="checksum"):
        from_groups(" ".join([GROUPS[1], GROUPS[0], *GROUPS[2:]]))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "55 characters"),
        (" - ", "55 characters"),
        ("-".join(GROUPS[:-1]), "55 characters"),
        ("-".join([*GROUPS, "0"]), "55 characters"),
        ("0" * 501, "55 characters"),
        ("U" + "".join(GROUPS)[1:], "no U"),
        ("ß" + "".join(GROUPS)[1:], "digits and letters"),
        ("\uff10" + "".join(GROUPS)[1:], "digits and letters"),
        ("\0" + "".join(GROUPS)[1:], "digits and letters"),
        ("+" + "".join(GROUPS)[1:], "digits and letters"),
    ],
)
def test_what_is_no_recovery_key_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(MalformedRecoveryKey, match=reason):
        from_groups(text)


@given(st.text(max_size=80))
def test_any_other_text_is_refused_and_never_repeated(text: str) -> None:
    with pytest.raises(VaultError) as refusal:
        from_groups(text)
    assert type(refusal.value) is MalformedRecoveryKey
    assert len(text) < 8 or text not in str(refusal.value)


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_only_32_bytes_are_printed(length: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        to_groups(Secret(bytes(length)))
