"""A context's bytes mean one place only."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sprechzeit.vault import Context, GrantContext
from sprechzeit.vault.context import context_prefix
from sprechzeit.vault.framing import frame

# few letters and a zero byte, so that parts often differ only in where one ends and the next begins
parts = st.text(alphabet="ab\0é", max_size=3)
contexts = st.builds(
    Context, practice=st.integers(0, 2) | st.integers(0, 2**63 - 1), table=parts, column=parts, row=parts
)
grants = st.builds(GrantContext, practice=st.integers(0, 2), kind=parts, credential=st.binary(max_size=3))


@given(contexts, contexts)
def test_two_contexts_have_the_same_bytes_only_if_they_are_the_same(one: Context, other: Context) -> None:
    assert (one.encode() == other.encode()) == (one == other)


@given(grants, grants)
def test_two_grant_contexts_have_the_same_bytes_only_if_they_are_the_same(
    one: GrantContext, other: GrantContext
) -> None:
    assert (one.encode() == other.encode()) == (one == other)


@given(st.lists(st.binary(max_size=4), max_size=4), st.lists(st.binary(max_size=4), max_size=4))
def test_frames_differ_when_their_fields_do(one: list[bytes], other: list[bytes]) -> None:
    assert (frame(*one) == frame(*other)) == (one == other)


def test_moving_a_letter_across_the_border_of_two_parts_changes_the_bytes() -> None:
    assert Context(1, "ab", "c", "d").encode() != Context(1, "a", "bc", "d").encode()


def test_a_context_of_a_record_is_never_one_of_a_grant() -> None:
    assert Context(1, "a", "", "").encode() != GrantContext(1, "a", b"").encode()


@given(contexts)
def test_the_shared_part_is_completed_by_the_row(context: Context) -> None:
    prefix = context_prefix(context.practice, context.table, context.column)

    assert prefix + frame(context.row.encode()) == context.encode()


@pytest.mark.parametrize("practice", [-1, 2**63])
def test_a_practice_that_no_bigint_holds_is_refused(practice: int) -> None:
    with pytest.raises(ValueError, match="identifier"):
        Context(practice, "t", "c", "r").encode()
