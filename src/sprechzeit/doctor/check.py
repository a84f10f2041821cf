"""The answer of one check."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    OK = "ok"
    WRONG = "wrong"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True)
class Check:
    """``is_fatal``: production does not start with it when it is wrong."""

    name: str
    state: State
    seen: str
    mend: str = ""
    is_fatal: bool = False


def ok(name: str, seen: str) -> Check:
    return Check(name, State.OK, seen)


def wrong(name: str, seen: str, mend: str, *, is_fatal: bool = False) -> Check:
    return Check(name, State.WRONG, seen, mend, is_fatal)


def not_checked(name: str, why: str) -> Check:
    return Check(name, State.NOT_CHECKED, why)
