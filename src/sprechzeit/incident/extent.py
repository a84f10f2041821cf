"""Whose data were disclosed or changed in a span, computed from the trail: certain, possible, excluded, and why.

Certain is whom an event names. Possible is whoever may have been concerned although no event says so, each with its
reason. Excluded is everybody else, and only as far as the trail proves it (``proof.py``).
"""

from __future__ import annotations

import ipaddress
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from uuid import UUID

from sprechzeit import clock
from sprechzeit.audit.head import Head
from sprechzeit.audit.models import Event
from sprechzeit.audit.record import SESSION
from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import PracticeId
from sprechzeit.incident.actions import DISCLOSED, NOTHING, Category, Disclosure, Effect, Names, Sureness
from sprechzeit.incident.concerned import Concerned, Extent, Wanted, Why
from sprechzeit.incident.people import People, people_of, whose
from sprechzeit.incident.proof import Proof, proof_of

KINDS = ("member", "token")  # patients and visitors see and change their own appointment only
BATCH = 1_000


@dataclass
class _Tally:
    categories: set[Category] = field(default_factory=set)
    effects: set[Effect] = field(default_factory=set)
    actions: Counter[str] = field(default_factory=Counter)
    known_as: set[UUID] = field(default_factory=set)
    reasons: set[Why] = field(default_factory=set)
    first: datetime | None = None
    last: datetime | None = None


@dataclass
class _Count:
    people: People
    certain: dict[UUID, _Tally] = field(default_factory=dict)
    possible: dict[UUID, _Tally] = field(default_factory=dict)
    everybody: set[Why] = field(default_factory=set)
    visits: set[UUID] = field(default_factory=set)
    unknown: set[UUID] = field(default_factory=set)
    events: int = 0

    def add(self, event: Event, disclosure: Disclosure, ids: Iterable[UUID], reasons: Collection[Why]) -> None:
        for one in ids:
            group = self.possible if reasons else self.certain
            self._note(group, self.people.who(one), one, event, disclosure, reasons)
            for parted in self.people.parted:
                if one == parted.kept and parted.since <= event.at < parted.until:
                    self._note(self.possible, self.people.who(parted.absorbed), one, event, disclosure, {Why.MERGED})

    def _note(
        self,
        group: dict[UUID, _Tally],
        person: UUID,
        named: UUID,
        event: Event,
        disclosure: Disclosure,
        reasons: Collection[Why],
    ) -> None:
        tally = group.setdefault(person, _Tally())
        tally.categories |= disclosure.categories
        tally.effects.add(disclosure.effect)
        tally.actions[event.action] += 1
        tally.known_as.add(named)
        tally.reasons.update(reasons)
        tally.first = min(tally.first or event.at, event.at)
        tally.last = max(tally.last or event.at, event.at)


def extent_of(practice: PracticeId, wanted: Wanted, heads: Iterable[Head] = ()) -> Extent:
    """Compute it, as the role ``desk`` or ``worker``; no key is needed, and no name is opened.

    ``heads`` are those anchored of this practice, where the caller can read them.
    """
    with acting_for(practice):
        proof = proof_of(practice, wanted.since, wanted.until, heads)
        count = _Count(people_of(practice))
        if not proof.holds:
            count.everybody.add(Why.TRAIL_BROKEN)
        if proof.begins_at is not None:
            count.everybody.add(Why.TRAIL_CUT)
        found = Event.objects.filter(practice=practice, at__gte=wanted.since, at__lt=wanted.until, actor_kind__in=KINDS)
        if wanted.actors:
            found = found.filter(actor__in=wanted.actors)
        networks = [ipaddress.ip_network(one, strict=False) for one in wanted.networks]
        for some in batched_events(found.order_by("number").iterator(chunk_size=BATCH)):
            fitting = [(event, doubts) for event in some if (doubts := _doubts(event, wanted, networks)) is not None]
            _tally_up(practice, count, fitting)
    return _extent(practice, wanted, proof, count)


def batched_events(events: Iterator[Event]) -> Iterator[list[Event]]:
    """So many at a time that their appointments are looked up together."""
    while some := list(islice(events, BATCH)):
        yield some


Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def _doubts(event: Event, wanted: Wanted, networks: Collection[Network]) -> set[Why] | None:
    """None when it was somebody else's; otherwise why it is not certain that it was theirs."""
    doubts: set[Why] = set()
    if wanted.sessions and event.actor_kind == "member":
        session = event.details.get(SESSION, "")
        if not session:
            doubts.add(Why.NO_SESSION)
        elif session not in wanted.sessions:
            return None
    elif wanted.sessions and event.actor not in wanted.actors:
        return None  # a program has no session; it is meant only where it is named
    if networks:
        if not event.address:
            doubts.add(Why.NO_ADDRESS)
        elif not any(ipaddress.ip_address(event.address) in network for network in networks):
            return None
    return doubts


def _tally_up(practice: PracticeId, count: _Count, events: list[tuple[Event, set[Why]]]) -> None:
    things: set[UUID] = set()
    for event, _ in events:
        row = DISCLOSED.get(event.action)
        is_short = row is not None and row.names is Names.CARD and len(event.subjects) == 1
        if row and (row.names in {Names.VISITS, Names.MIXED} or is_short):
            things.update(event.subjects)
    owners = whose(practice, things) if things else {}
    for event, doubts_of_event in events:
        count.events += 1
        doubts = set(doubts_of_event)
        row = DISCLOSED.get(event.action)
        if row is None:
            if event.action not in NOTHING:
                _unknown_action(count, event)
            continue
        ids = _people_in(count, event, row, owners)
        if row.sureness is Sureness.SEALED:
            doubts.add(Why.SEALED_FILE)
            ids = ids or _last_sheet(practice, event)
        elif row.sureness is Sureness.EVERYBODY and not event.subjects:
            count.everybody.add(Why.TAKEN_OUT)
        if row.effect is Effect.CHANGED and not doubts and row.names in {Names.VISITS, Names.CARD}:
            count.visits.update(event.subjects[:1] if row.names is Names.CARD else event.subjects)
        count.add(event, row, ids, doubts)


def _people_in(count: _Count, event: Event, row: Disclosure, owners: dict[UUID, UUID]) -> set[UUID]:
    """The people that an event names, each once."""
    subjects = event.subjects
    if row.names is Names.PEOPLE:
        return set(subjects)
    if row.names is Names.CARD:
        return set(subjects[1:]) or {owners[one] for one in subjects if one in owners}
    people = {one for one in subjects if one not in owners and row.names is Names.MIXED and count.people.knows(one)}
    count.unknown |= {one for one in subjects if one not in owners and one not in people}
    return people | {owners[one] for one in subjects if one in owners}


def _unknown_action(count: _Count, event: Event) -> None:
    """An action that is not in the table may have shown anything of whom it names."""
    everything = Disclosure(Names.PEOPLE, frozenset(Category))
    count.add(event, everything, [one for one in event.subjects if count.people.knows(one)], {Why.UNKNOWN_ACTION})


def _last_sheet(practice: PracticeId, event: Event) -> set[UUID]:
    """Who stands on the day sheet that was handed out: those on the newest that was made before."""
    made = Event.objects.filter(practice=practice, action="day-sheet.make", number__lt=event.number)
    return set(made.order_by("-number").values_list("subjects", flat=True).first() or [])


def _extent(practice: PracticeId, wanted: Wanted, proof: Proof, count: _Count) -> Extent:
    people = count.people
    everybody = people.everybody
    later = people.came_after(wanted.until) - count.certain.keys()
    if count.everybody:
        for one in everybody - later:
            count.possible.setdefault(one, _Tally()).reasons |= count.everybody
    for one in count.certain:
        count.possible.pop(one, None)
    left = everybody - count.certain.keys() - count.possible.keys()
    reasons = ((Why.NOT_NAMED, len(left - later)), (Why.CAME_LATER, len(left & later)))
    return Extent(
        practice=practice,
        wanted=wanted,
        made_at=clock.now(),
        proof=proof,
        events=count.events,
        certain=_concerned(people, count.certain),
        possible=_concerned(people, count.possible),
        excluded=tuple((why, number) for why, number in reasons if number),
        visits_changed=len(count.visits),
        unknown=tuple(sorted(count.unknown)),
        later=frozenset(later),
    )


def _concerned(people: People, group: dict[UUID, _Tally]) -> tuple[Concerned, ...]:
    """The first that were looked at first, the others by their ids."""
    found = [
        Concerned(
            id=person,
            state=people.state(person),
            categories=frozenset(tally.categories),
            effects=frozenset(tally.effects),
            actions=tuple(sorted(tally.actions.items())),
            first=tally.first,
            last=tally.last,
            known_as=tuple(sorted(tally.known_as)),
            reasons=tuple(why for why in Why if why in tally.reasons),
        )
        for person, tally in group.items()
    ]
    return tuple(sorted(found, key=lambda one: (one.first is None, one.first or clock.now(), one.id)))
