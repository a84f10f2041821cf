"""Which role a piece of work wears, and which practice it acts for.

The role decides the database connection: the pages of patients use ``front``, which cannot SELECT a sealed column
at all. The practice is set inside each transaction with ``set_config(..., true)``, the only form that is safe
behind a pooler in transaction mode, and row-level security shows nothing else.
"""

from __future__ import annotations

import functools
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import ParamSpec, TypeVar
from uuid import UUID

from django.db import InternalError, OperationalError, connections, transaction
from psycopg.errors import DeadlockDetected, ReadOnlySqlTransaction, SerializationFailure

from sprechzeit.database.roles import Role
from sprechzeit.identifiers import PracticeId

P = ParamSpec("P")
R = TypeVar("R")

ALIASES = {
    Role.FRONT: "default",
    Role.DESK: "desk",
    Role.WORKER: "worker",
    Role.OWNER: "owner",
    Role.SUPPORT: "support",
}
RETRIED = (DeadlockDetected, SerializationFailure, ReadOnlySqlTransaction)

_role: ContextVar[Role] = ContextVar("role", default=Role.FRONT)
_practice: ContextVar[PracticeId | None] = ContextVar("practice", default=None)


def current_alias() -> str:
    """The Django connection of the role worn now."""
    return ALIASES[_role.get()]


def current_role() -> Role:
    """The role worn now; ``front``, the weakest, unless somebody put on another."""
    return _role.get()


@contextmanager
def wearing(role: Role) -> Iterator[None]:
    """Inside, database work is done as ``role``."""
    token = _role.set(role)
    try:
        yield
    finally:
        _role.reset(token)


@contextmanager
def acting_for(practice: PracticeId, *, member: UUID | None = None) -> Iterator[None]:
    """Open a transaction that sees and changes this practice's rows only.

    Inside a transaction for the same practice it joins that one.

    Raises
    ------
    RuntimeError
        Inside a transaction for another practice: no transaction spans two.
    """
    outer = _practice.get()
    if outer is not None:
        if outer != practice:
            raise RuntimeError("a transaction acts for one practice only")
        yield
        return
    alias = current_alias()
    token = _practice.set(practice)
    try:
        with transaction.atomic(using=alias):
            with connections[alias].cursor() as cursor:
                cursor.execute(
                    "select set_config('sprechzeit.practice', %s, true), set_config('sprechzeit.member', %s, true)",
                    [str(practice), str(member or "")],
                )
            yield
    finally:
        _practice.reset(token)


@contextmanager
def acting_as_member(member: UUID) -> Iterator[None]:
    """Open a transaction that sees the memberships and grants of one member over all practices (log-in)."""
    alias = current_alias()
    with transaction.atomic(using=alias):
        with connections[alias].cursor() as cursor:
            cursor.execute("select set_config('sprechzeit.member', %s, true)", [str(member)])
        yield


def retrying(verb: Callable[P, R]) -> Callable[P, R]:
    """Run a verb again, up to five times, when the database chose it as the victim of a deadlock or failed over.

    Nothing was committed in these cases, so a second run cannot do anything twice.
    """

    @functools.wraps(verb)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if _practice.get() is not None:  # the outermost verb retries, with a new transaction
            return verb(*args, **kwargs)
        for attempt in range(5):
            try:
                return verb(*args, **kwargs)
            except (OperationalError, InternalError) as error:  # psycopg's read-only error is an internal one
                if attempt == 4 or not isinstance(error.__cause__, RETRIED):
                    raise
                time.sleep(0.01 * 2**attempt * (0.5 + random.random()))  # noqa: S311 - spreads victims, guards nothing
        raise AssertionError("unreachable")

    return run
