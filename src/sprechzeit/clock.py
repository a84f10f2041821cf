"""The one place that tells the time, so that tests can set it.

Every moment is an aware ``datetime`` in UTC.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

_shift: ContextVar[timedelta] = ContextVar("clock_shift", default=timedelta(0))
_start: list[timedelta] = [timedelta(0)]


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC) + _start[0] + _shift.get()


@contextmanager
def travelled(by: timedelta) -> Iterator[None]:
    """Inside, ``now()`` is ``by`` later (or earlier). For tests only."""
    token = _shift.set(_shift.get() + by)
    try:
        yield
    finally:
        _shift.reset(token)


def begin_at(moment: datetime) -> None:
    """From now on this whole process counts from ``moment``: for a demo that plays on a working day."""
    _start[0] = moment - datetime.now(UTC)
