"""What a look found: once for each kind, with the places where it was seen and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from threading import Lock
from typing import Any

PLACES = 8  # told of each finding; more do not help


class Severity(StrEnum):
    FATAL = "fatal"  # data or secrets can be fetched now
    SERIOUS = "serious"  # a barrier is missing
    NOTICE = "notice"  # helps an attacker, or a second barrier is missing


ORDER = list(Severity)


@dataclass(frozen=True)
class Kind:
    """One kind of finding. ``code`` is stable and made for programs."""

    code: str
    severity: Severity
    what: str
    mend: str


@dataclass(frozen=True)
class Finding:
    """``seen`` never quotes a secret or a body, only what a signature is called, a status, a header."""

    code: str
    severity: Severity
    what: str
    seen: str
    where: tuple[str, ...]
    mend: str


@dataclass(frozen=True)
class Report:
    """``complete`` is false when requests or time ran out, so that no finding does not mean that none is there."""

    address: str
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]
    requests: int
    unanswered: int
    seconds: float
    complete: bool

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass
class Found:
    """Collects findings from several threads."""

    _kinds: dict[str, Kind] = field(default_factory=dict)
    _seen: dict[str, str] = field(default_factory=dict)
    _where: dict[str, list[str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def add(self, kind: Kind, seen: str, where: str) -> None:
        """One more place; what was seen is told of the first."""
        with self._lock:
            self._kinds[kind.code] = kind
            self._seen.setdefault(kind.code, seen)
            places = self._where.setdefault(kind.code, [])
            if where not in places:
                places.append(where)

    def note(self, text: str) -> None:
        """Something that was not looked at, or hinders looking."""
        with self._lock:
            if text not in self.notes:
                self.notes.append(text)

    def findings(self) -> tuple[Finding, ...]:
        """The worst first."""
        kinds = sorted(self._kinds.values(), key=lambda kind: (ORDER.index(kind.severity), kind.code))
        return tuple(
            Finding(
                kind.code, kind.severity, kind.what, self._seen[kind.code], _first(self._where[kind.code]), kind.mend
            )
            for kind in kinds
        )


def _first(places: Iterable[str]) -> tuple[str, ...]:
    told = sorted(places)
    more = len(told) - PLACES
    return (*told[:PLACES], f"and {more} more") if more > 0 else tuple(told)
