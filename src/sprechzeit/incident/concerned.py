"""What is asked of the trail after a breach, and the answer: who is concerned, and how surely."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sprechzeit.identifiers import PracticeId
from sprechzeit.incident.actions import Category, Effect
from sprechzeit.incident.proof import Proof


class Why(StrEnum):
    """Why somebody is possible or excluded."""

    TRAIL_BROKEN = "trail-broken"
    TRAIL_CUT = "trail-cut"
    TAKEN_OUT = "taken-out"
    SEALED_FILE = "sealed-file"
    NO_SESSION = "no-session"
    NO_ADDRESS = "no-address"
    UNKNOWN_ACTION = "unknown-action"
    MERGED = "merged"
    NOT_NAMED = "not-named"
    CAME_LATER = "came-later"


@dataclass(frozen=True)
class Wanted:
    """Whose work is looked at, in ``[since, until)`` (aware). Nothing named: that of all members and programs.

    ``actors`` are ids of members and programs, ``sessions`` of log-ins, ``networks`` addresses or networks (CIDR). An
    event must fit each of the three that is given.
    """

    since: datetime
    until: datetime
    actors: frozenset[str] = frozenset()
    sessions: frozenset[str] = frozenset()
    networks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Concerned:
    """One person, by the id that they have now (``state``: ``kept``, ``booking`` or ``gone``).

    ``known_as`` are the ids that events named, ``actions`` how often which action did.
    """

    id: UUID
    state: str
    categories: frozenset[Category] = frozenset()
    effects: frozenset[Effect] = frozenset()
    actions: tuple[tuple[str, int], ...] = ()
    first: datetime | None = None
    last: datetime | None = None
    known_as: tuple[UUID, ...] = ()
    reasons: tuple[Why, ...] = ()


@dataclass(frozen=True)
class Extent:
    """The answer for one practice. ``unknown`` are ids of which nothing is kept that tells whose they are."""

    practice: PracticeId
    wanted: Wanted
    made_at: datetime
    proof: Proof
    events: int
    certain: tuple[Concerned, ...]
    possible: tuple[Concerned, ...]
    excluded: tuple[tuple[Why, int], ...]
    visits_changed: int
    unknown: tuple[UUID, ...]
    later: frozenset[UUID] = field(default=frozenset(), repr=False)

    @property
    def categories(self) -> list[Category]:
        """Of everybody who is certain, in the order of the table."""
        found = {one for person in self.certain for one in person.categories}
        return [one for one in Category if one in found]

    @property
    def effects(self) -> dict[Effect, int]:
        """How many people each effect reached, certainly."""
        counted = Counter(effect for person in self.certain for effect in person.effects)
        return {one: counted[one] for one in Effect if counted[one]}

    @property
    def records(self) -> int:
        """About how many records: people, and appointments that were changed (Art. 33(3)(a))."""
        return len(self.certain) + self.visits_changed

    def verdict(self, person: UUID) -> tuple[str, tuple[Why, ...]]:
        """``certain``, ``possible`` or ``excluded``, and why."""
        for word, group in (("certain", self.certain), ("possible", self.possible)):
            for one in group:
                if person == one.id or person in one.known_as:
                    return word, one.reasons
        return "excluded", (Why.CAME_LATER if person in self.later else Why.NOT_NAMED,)
