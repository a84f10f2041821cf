"""What a practice consists of: resources, visit types, opening hours, members, keys."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from sprechzeit.bench.calendar import KINDS, OPEN_DAYS, ROOM_HOURS, Span, milliseconds, moment, week_of
from sprechzeit.bench.lines import Line, bytea, line, uuid7
from sprechzeit.bench.people import person
from sprechzeit.bench.profile import profile_of
from sprechzeit.bench.scale import Plan
from sprechzeit.vault import (
    Context,
    GrantContext,
    PracticeKeys,
    Secret,
    kek_from_prf,
    seal_data_key,
    seal_record,
    wrap,
)

LANE_OFFSET = 1_000_000  # lane = resource + this: a mix-up of the two finds nothing


def visit_type_id(practice: int, kind: int) -> int:
    """Identifier of a visit type by the index of its kind."""
    return (practice - 1) * len(KINDS) + kind + 1


def furniture(plan: Plan, keys: PracticeKeys, today: date) -> Iterator[Line]:
    """The practice's own row, its data key, resources with their lanes, visit types."""
    p = plan.practice
    created = moment(today - timedelta(days=1200), 720)
    public = keys.private_key.public
    profile = profile_of(p)
    yield "practice", line(
        p, plan.slug, f"Praxis {p:04}", "real", "Europe/Berlin", "BE", f"Lindenallee {p}", profile.postal_code,
        profile.city, "", "t", bytea(public), 1, "", "", 60, 12, created, created, *profile.searched,
    )  # fmt: skip  # lines grouped by hand
    yield "sealed_data_key", line(p, 1, bytea(seal_data_key(public, keys.keyring.current_key, p)), created)
    yield "location", line(p, p, "Hauptstelle", "", profile.postal_code, profile.city)
    named = [("clinician", plan.clinician(n), f"Dr. Beispiel {n + 1}") for n in range(plan.clinicians)]
    named += [("room", plan.room(n), f"Raum {n + 1}") for n in range(plan.clinicians)]
    named += [("device", plan.device, "Ultraschall")]
    for position, (what, resource, name) in enumerate(named):
        specialty = profile.specialty if what == "clinician" else ""
        yield "resource", line(resource, p, p, what, name, "", specialty, 1, position)
        yield "lane", line(resource + LANE_OFFSET, p, resource, 1, "f")
        yield "lane", line(resource + 2 * LANE_OFFSET, p, resource, 1, "t")
    for number, kind in enumerate(KINDS):
        visit_type = visit_type_id(p, number)
        yield "visit_type", line(
            visit_type, p, kind.name_de, kind.name_en, number + 1, kind.minutes, 0, kind.after, kind.grid,
            "t", 120, 90, 1440, number,
        )  # fmt: skip  # lines grouped by hand
        who = range(1 if kind.needs == "device" else plan.clinicians)
        for n in who:
            yield "visit_type_need", line(p, visit_type, 1, plan.clinician(n))
            if kind.needs == "room":
                yield "visit_type_need", line(p, visit_type, 2, plan.room(n))
        if kind.needs == "device":
            yield "visit_type_need", line(p, visit_type, 2, plan.device)


def openings(plan: Plan, today: date) -> Iterator[Line]:
    """Weekly rules, and what they come to from yesterday on for 400 days."""
    for index in range(plan.clinicians):
        yield from _hours(plan.practice, plan.clinician(index), week_of(index), today)
    rooms: dict[int, tuple[Span, ...]] = dict.fromkeys(range(5), (ROOM_HOURS,))
    for resource in (*(plan.room(index) for index in range(plan.clinicians)), plan.device):
        yield from _hours(plan.practice, resource, rooms, today)


def _hours(practice: int, resource: int, week: dict[int, tuple[Span, ...]], today: date) -> Iterator[Line]:
    since = today - timedelta(days=365)
    for weekday, spans in week.items():
        for opens, closes in spans:
            clock = [f"{minute // 60:02}:{minute % 60:02}" for minute in (opens, closes)]
            yield "weekly_rule", line(practice, resource, weekday, *clock, since, 1, "f")
    for ahead in range(-1, OPEN_DAYS):
        day = today + timedelta(days=ahead)
        for opens, closes in week.get(day.weekday(), ()):
            yield "opening", f"{practice}\t{resource}\t[{moment(day, opens)},{moment(day, closes)})\n"


def members(plan: Plan, keys: PracticeKeys, random: Random, today: date) -> Iterator[Line]:
    """Members with a grant each, for a passkey that exists nowhere."""
    p = plan.practice
    created = today - timedelta(days=1000)
    text = moment(created, 720)
    for number in range(plan.members):
        member = uuid7(milliseconds(created) + number, random)
        role = "owner" if number == 0 else "reception"
        who = person(random)
        name = f"{who.first_name} {who.last_name}".encode()
        sealed = seal_record(keys.keyring.current_key, name, Context(p, "membership", "name_sealed", str(member)))
        context = GrantContext(p, "passkey-prf", random.randbytes(32))
        kek = kek_from_prf(Secret(os.urandom(32)), context)  # which nothing could make again
        yield "member", line(member, text)
        yield "membership", line(p, member, role, bytea(sealed), text)
        yield (
            "key_grant",
            line(
                p,
                member,
                context.kind,
                bytea(context.credential),
                bytea(wrap(kek, keys.private, context)),
                "{}",
                text,
            ),
        )
