"""What is said where no time is free: the next ones under other conditions, so that nobody looks in vain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from sprechzeit.booking.offer import offered
from sprechzeit.identifiers import ResourceId
from sprechzeit.practices.models import Resource

if TYPE_CHECKING:
    from sprechzeit.web.front.choose import Choice

MOST = 6  # other clinicians who are looked through


@dataclass(frozen=True)
class Instead:
    """A next free start, and the list that shows it. ``clinician``: with whom, when that is what differs."""

    starts_at: datetime
    url: str
    clinician: Resource | None = None


@dataclass(frozen=True)
class NothingFree:
    """``at_all``: at another time of the day or sooner than the day asked for. ``others``: with somebody else."""

    at_all: Instead | None
    others: tuple[Instead, ...]


def nothing_free(choice: Choice, clinicians: Sequence[Resource], *, with_code: bool) -> NothingFree:
    """Look again: without the part of the day and the first day, then with each other clinician, earliest first."""
    wider = replace(choice, since=None, part=None)
    narrowed = choice.since is not None or choice.part is not None
    others = [one for one in clinicians if one != choice.clinician] if choice.clinician else []
    found = [_first(replace(wider, clinician=one), with_code=with_code) for one in others[:MOST]]
    return NothingFree(
        at_all=_first(wider, with_code=with_code) if narrowed else None,
        others=tuple(sorted(filter(None, found), key=lambda one: one.starts_at)),
    )


def _first(choice: Choice, *, with_code: bool) -> Instead | None:
    resource = ResourceId(choice.clinician.id) if choice.clinician else None
    offer = offered(choice.practice, choice.visit_type, since=None, days=1, resource=resource, with_code=with_code)
    if not offer.days:
        return None
    return Instead(offer.days[0].slots[0].start, choice.address(), choice.clinician)
