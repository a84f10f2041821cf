"""What the apps above keep of a patient goes along when records are merged, parted or erased.

They say how, once, at start; each is called within the transaction of that change.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from uuid import UUID

from sprechzeit.identifiers import PracticeId


@dataclass(frozen=True)
class Follower:
    """``move`` from one record to another tells which rows moved, ``move_back`` undoes it, ``forget`` is for good."""

    move: Callable[[PracticeId, UUID, UUID], list[UUID]]
    move_back: Callable[[PracticeId, Collection[UUID], UUID, UUID], None]
    forget: Callable[[PracticeId, UUID], None]


_followers: list[Follower] = []


def follow(follower: Follower) -> None:
    """From now on it goes along."""
    _followers.append(follower)


def move_followers(practice: PracticeId, source: UUID, target: UUID) -> list[UUID]:
    """What hangs on one record hangs on another; tell which rows. Needs ``acting_for``."""
    return [row for one in _followers for row in one.move(practice, source, target)]


def move_followers_back(practice: PracticeId, moved: Collection[UUID], kept: UUID, patient: UUID) -> None:
    """Undo that. Needs ``acting_for``."""
    for one in _followers:
        one.move_back(practice, moved, kept, patient)


def forget_followers(practice: PracticeId, patient: UUID) -> None:
    """The record is about to go. Needs ``acting_for``."""
    for one in _followers:
        one.forget(practice, patient)
