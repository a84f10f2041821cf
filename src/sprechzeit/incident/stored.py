"""An extent as JSON and back: what was computed is kept with the incident, as it was told to the authority."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sprechzeit.identifiers import PracticeId
from sprechzeit.incident.actions import Category, Effect
from sprechzeit.incident.concerned import Concerned, Extent, Wanted, Why
from sprechzeit.incident.proof import Proof

Values = dict[str, Any]


def to_values(extent: Extent) -> Values:
    """Plain values; nothing in them names anybody but by identifiers."""
    wanted, proof = extent.wanted, extent.proof
    return {
        "practice": extent.practice,
        "since": wanted.since.isoformat(),
        "until": wanted.until.isoformat(),
        "actors": sorted(wanted.actors),
        "sessions": sorted(wanted.sessions),
        "networks": list(wanted.networks),
        "made_at": extent.made_at.isoformat(),
        "proof": {**vars(proof), "begins_at": _text(proof.begins_at)},
        "events": extent.events,
        "categories": [one.value for one in extent.categories],
        "effects": {effect.value: number for effect, number in extent.effects.items()},
        "certain": [_concerned(one) for one in extent.certain],
        "possible": [_concerned(one) for one in extent.possible],
        "excluded": {why.value: number for why, number in extent.excluded},
        "visits_changed": extent.visits_changed,
        "unknown": [str(one) for one in extent.unknown],
        "later": sorted(str(one) for one in extent.later),
    }


def from_values(values: Values) -> Extent:
    """What ``to_values`` made."""
    begins_at = values["proof"]["begins_at"]
    return Extent(
        practice=PracticeId(values["practice"]),
        wanted=Wanted(
            _moment(values["since"]),
            _moment(values["until"]),
            frozenset(values["actors"]),
            frozenset(values["sessions"]),
            tuple(values["networks"]),
        ),
        made_at=_moment(values["made_at"]),
        proof=Proof(**{**values["proof"], "begins_at": _moment(begins_at) if begins_at else None}),
        events=values["events"],
        certain=tuple(_person(one) for one in values["certain"]),
        possible=tuple(_person(one) for one in values["possible"]),
        excluded=tuple((Why(why), number) for why, number in values["excluded"].items()),
        visits_changed=values["visits_changed"],
        unknown=tuple(UUID(one) for one in values["unknown"]),
        later=frozenset(UUID(one) for one in values["later"]),
    )


def _concerned(one: Concerned) -> Values:
    return {
        "id": str(one.id),
        "state": one.state,
        "categories": [category.value for category in Category if category in one.categories],
        "effects": [effect.value for effect in Effect if effect in one.effects],
        "actions": dict(one.actions),
        "first": _text(one.first),
        "last": _text(one.last),
        "known_as": [str(name) for name in one.known_as],
        "reasons": [why.value for why in one.reasons],
    }


def _person(values: Values) -> Concerned:
    return Concerned(
        id=UUID(values["id"]),
        state=values["state"],
        categories=frozenset(Category(one) for one in values["categories"]),
        effects=frozenset(Effect(one) for one in values["effects"]),
        actions=tuple(values["actions"].items()),
        first=_moment(values["first"]) if values["first"] else None,
        last=_moment(values["last"]) if values["last"] else None,
        known_as=tuple(UUID(one) for one in values["known_as"]),
        reasons=tuple(Why(one) for one in values["reasons"]),
    )


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
