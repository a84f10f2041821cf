"""Words in braces, ``{day}``: the whole language of the texts that a practice writes.

Python's own parser splits the text, and nothing but whole names from a fixed list is accepted. What ``str.format``
could do besides (attributes, indexes, conversions, format specifications) is refused: by these, texts of others read
a program's memory.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from string import Formatter


class BadPlaceholder(ValueError):
    """``name`` is what stands in the braces; empty when a brace stands alone."""

    def __init__(self, name: str) -> None:
        super().__init__("bad placeholder")
        self.name = name


def names_in(text: str, allowed: Collection[str]) -> set[str]:
    """The names that it uses.

    Raises
    ------
    BadPlaceholder
        It uses another, or a brace stands alone. ``{{`` is a brace.
    """
    return {name for _literal, name in _parsed(text, allowed) if name}


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with the values in place of the names; braces in a value are only braces.

    Raises
    ------
    BadPlaceholder
    """
    return "".join(literal + (values[name] if name else "") for literal, name in _parsed(text, values.keys()))


def _parsed(text: str, allowed: Collection[str]) -> list[tuple[str, str]]:
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        raise BadPlaceholder("") from None
    found = []
    for literal, name, specification, conversion in parts:
        if name is not None and (name not in allowed or specification or conversion):
            raise BadPlaceholder(name)
        found.append((literal, name or ""))
    return found
