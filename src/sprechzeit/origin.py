"""Where the present request comes from, for the trail and the rate limits. Set by the outermost middleware.

A context variable, because the verbs know no request: like the role and the practice it belongs to the work, not to
its arguments. Members' addresses stand in the trail (Art. 32 GDPR: who looked, from where); visitors' never do.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Origin:
    """The client's network address, and its browser as ``Firefox · Windows``."""

    address: str = ""
    device: str = ""


NOWHERE = Origin()
_origin: ContextVar[Origin] = ContextVar("origin", default=NOWHERE)


def current_origin() -> Origin:
    """Where the present work comes from; ``NOWHERE`` for jobs and the command line."""
    return _origin.get()


@contextmanager
def coming_from(origin: Origin) -> Iterator[None]:
    """Inside, what is recorded comes from there."""
    token = _origin.set(origin)
    try:
        yield
    finally:
        _origin.reset(token)
