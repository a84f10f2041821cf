"""What every refusal must look like, so that it tells nobody anything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from sprechzeit.vault import CannotOpen, Context

WORDS = "cannot be opened: wrong key, wrong place, or damaged"


def assert_refused(opening: Callable[[], object]) -> None:
    """The one error type, the one message, no detail and no cause attached."""
    with pytest.raises(CannotOpen) as refusal:
        opening()
    assert type(refusal.value) is CannotOpen
    assert str(refusal.value) == WORDS
    assert refusal.value.args == ()
    assert refusal.value.__cause__ is None
    assert refusal.value.__context__ is None or refusal.value.__suppress_context__


def elsewhere(context: Context) -> list[Context]:
    """The same place but for one part, for each part."""
    return [
        replace(context, practice=context.practice + 1),
        replace(context, table=context.table + "x"),
        replace(context, column=context.column + "x"),
        replace(context, row=context.row + "x"),
    ]
