"""Words in braces: whole names from a list, and nothing else that Python's formatting could do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sprechzeit.messages.placeholders import BadPlaceholder, fill, names_in

VALUES = {"day": "Montag", "time": "09:00", "link": "https://example.org/{day}/"}


def test_names_are_replaced_and_double_braces_are_braces() -> None:
    assert fill("Am {day} um {time} {{so}}", VALUES) == "Am Montag um 09:00 {so}"


def test_braces_in_a_value_are_only_braces() -> None:
    assert fill("{link}", VALUES) == "https://example.org/{day}/"


@pytest.mark.parametrize(
    "text",
    [
        "{name}", "{day.__class__}", "{day[0]}", "{day!r}", "{day:>9}", "{day:{time}}", "{0}", "{}", "{", "}", "{day",
        "{ day }", "{DAY}", "{day.__init__.__globals__}", "{!}", "{day!x}", "{day:}}",
    ],
)  # fmt: skip  # lines grouped by hand
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(BadPlaceholder):
        names_in(text, VALUES)
    with pytest.raises(BadPlaceholder):
        fill(text, VALUES)


def test_the_refusal_tells_the_name() -> None:
    with pytest.raises(BadPlaceholder) as refused:
        names_in("Liebe {patient}", VALUES)

    assert refused.value.name == "patient"


@given(st.text(alphabet="{}!:.[]dayx0 \n", max_size=30))
def test_no_text_does_more_than_fill_in_or_be_refused(text: str) -> None:
    try:
        filled = fill(text, {"day": "D"})
    except BadPlaceholder:
        return

    assert (
        filled
        == text.replace("{{", "\0").replace("}}", "\1").replace("{day}", "D").replace("\0", "{").replace("\1", "}")
        or "{{" in text
    )


@given(st.text(max_size=60))
def test_text_without_braces_stays_as_it_is(text: str) -> None:
    plain = text.replace("{", "").replace("}", "")

    assert fill(plain, VALUES) == plain
