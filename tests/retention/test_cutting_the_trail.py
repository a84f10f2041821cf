"""The oldest events go, the rest stays provable; a cut against the rules is noticed."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta

import psycopg
import pytest
from django.db import connections
from django.db.utils import ProgrammingError

from sprechzeit import clock
from sprechzeit.audit.head import Head
from sprechzeit.audit.models import Checkpoint, Event
from sprechzeit.audit.record import SYSTEM, record
from sprechzeit.audit.verify import START, Break, BreakKind, event_bytes, verify
from sprechzeit.database.connections import EMBEDDED_DATABASE
from sprechzeit.database.embedded import EmbeddedServer
from sprechzeit.database.embedded.rules import SUPERUSER
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.retention.models import RetentionRules
from sprechzeit.retention.rules import Rules
from sprechzeit.retention.run import forget_what_is_due
from tests.booking.booked import events
from tests.conftest import FOLDER
from tests.factories import Made, make_practice

DAY = timedelta(days=1)


def trail(*ages: float) -> Made:
    """A practice with events so many days old, the oldest first, then one of today."""
    made = make_practice()
    for age in (*ages, 0):
        with clock.travelled(-age * DAY), wearing(Role.DESK), acting_for(made.id):
            record(made.id, SYSTEM, "day.view", details={"age": int(age)})
    return made


def keep(made: Made, days: int) -> None:
    with wearing(Role.DESK), acting_for(made.id):
        values = {**Rules().__dict__, "keep_trail_days": days}
        RetentionRules.objects.update_or_create(practice_id=made.id, defaults=values)


def night(made: Made) -> dict[str, int]:
    with wearing(Role.WORKER):
        return forget_what_is_due(made.id)


def verdict(made: Made, *heads: Head) -> Break | None:
    with wearing(Role.WORKER):
        return verify(made.id, heads).broken


def numbers(made: Made) -> list[int]:
    with wearing(Role.DESK), acting_for(made.id):
        return list(Event.objects.filter(practice=made.id).order_by("number").values_list("number", flat=True))


def head_at(made: Made, number: int, at: datetime) -> Head:
    with wearing(Role.DESK), acting_for(made.id):
        return Head(made.id, number, bytes(Event.objects.get(practice=made.id, number=number).hash).hex(), at)


def superuser() -> psycopg.Connection:
    return psycopg.connect(EmbeddedServer(FOLDER / "postgres").url(SUPERUSER, EMBEDDED_DATABASE), autocommit=True)


def test_what_is_older_than_three_years_goes_and_the_chain_still_holds() -> None:
    made = trail(1200, 1100, 1000)

    gone = night(made)

    assert gone == {"events": 2}
    assert numbers(made) == [3, 4, 5, 6]  # and two that tell of it
    assert verdict(made) is None
    (cut,) = events(made, "trail.cut")
    assert (cut.details["number"], cut.details["count"]) == (2, 2)
    assert events(made, "retention.run")[0].details == {"fields": ["events"], "count": 2}


def test_the_next_cut_goes_on_from_there() -> None:
    made = trail(1200, 1100, 1000, 500)
    night(made)

    keep(made, 600)

    assert night(made) == {"events": 1}
    assert night(made) == {}
    assert verdict(made) is None
    with wearing(Role.DESK), acting_for(made.id):
        assert Checkpoint.objects.get(practice=made.id).number == 3


def test_less_than_a_year_is_never_cut_whatever_is_asked_for() -> None:
    made = trail(400, 300)
    keep(made, 365)

    with wearing(Role.WORKER), acting_for(made.id), connections["worker"].cursor() as cursor:
        cursor.execute("select number, cut from cut_trail(%s, %s)", [made.id, -5000])
        assert cursor.fetchall() == [(1, 1)]

    assert numbers(made) == [2, 3]


def test_the_practices_period_counts_even_if_the_worker_asks_for_more() -> None:
    made = trail(1000)

    with wearing(Role.WORKER), acting_for(made.id), connections["worker"].cursor() as cursor:
        cursor.execute("select number, cut from cut_trail(%s, %s)", [made.id, 365])
        assert cursor.fetchall() == []


def test_a_younger_event_between_older_ones_keeps_what_comes_after_it() -> None:
    made = trail(1200, 100, 1150)

    night(made)

    assert numbers(made)[0] == 2


def test_the_newest_event_stays_however_old_it_is() -> None:
    made = make_practice()
    for age in (1300, 1200):
        with clock.travelled(-age * DAY), wearing(Role.DESK), acting_for(made.id):
            record(made.id, SYSTEM, "day.view")

    night(made)

    assert numbers(made)[0] == 2
    assert verdict(made) is None


def test_heads_anchored_before_the_cut_and_after_it_still_fit() -> None:
    made = trail(1200, 1100, 1000)
    now = clock.now()
    heads = [
        head_at(made, 1, now - 1200 * DAY),
        head_at(made, 2, now - 1100 * DAY),
        head_at(made, 3, now - 1000 * DAY),
        head_at(made, 4, now),
    ]

    night(made)

    assert verdict(made, *heads) is None


def forge_cut(made: Made, number: int) -> None:
    """As somebody who owns the database: take the first events away and set a checkpoint that fits."""
    with superuser() as connection:
        connection.execute("set session_replication_role = replica")
        connection.execute(
            "insert into audit_checkpoint (practice_id, number, hash)"
            " select practice_id, number, hash from audit_event where practice_id = %s and number = %s"
            " on conflict (practice_id) do update set number = excluded.number, hash = excluded.hash",
            [made.id, number],
        )
        connection.execute("delete from audit_event where practice_id = %s and number <= %s", [made.id, number])


def test_a_cut_that_the_chain_does_not_tell_of_is_noticed() -> None:
    made = trail(3, 2, 1)

    forge_cut(made, 2)

    assert verdict(made) == Break(2, BreakKind.CUT_OFF)


def test_a_checkpoint_that_was_moved_on_is_noticed() -> None:
    made = trail(1200, 1100, 1000)
    night(made)

    forge_cut(made, 4)

    assert verdict(made) == Break(4, BreakKind.CUT_OFF)


def test_a_checkpoint_that_was_taken_away_is_noticed() -> None:
    made = trail(1200, 1100, 1000)
    night(made)
    with superuser() as connection:
        connection.execute("delete from audit_checkpoint where practice_id = %s", [made.id])

    assert verdict(made) == Break(1, BreakKind.GAP)


def test_a_cut_of_young_events_that_the_chain_tells_of_is_noticed_by_the_heads_of_before() -> None:
    """The strongest forger: cuts yesterday's events off and lets the product's own event tell of it."""
    made = trail(3, 2, 1)
    head = head_at(made, 1, clock.now() - 2.5 * DAY)
    with wearing(Role.DESK), acting_for(made.id):
        hash_ = bytes(Event.objects.get(practice=made.id, number=3).hash).hex()
    forge_cut(made, 3)
    with wearing(Role.WORKER), acting_for(made.id):
        record(made.id, SYSTEM, "trail.cut", details={"number": 3, "hash": hash_, "count": 3})

    assert verdict(made) is None  # the chain alone cannot know it
    assert verdict(made, head) == Break(3, BreakKind.CUT_OFF)


def test_a_chain_written_anew_behind_a_forged_checkpoint_is_noticed_by_the_heads_of_before() -> None:
    made = trail(1200, 1100, 1000)
    night(made)
    head = head_at(made, 4, clock.now())
    with superuser() as connection:
        connection.execute("set session_replication_role = replica")
        forged = hashlib.sha256(b"forged").digest()
        connection.execute("update audit_checkpoint set hash = %s where practice_id = %s", [forged, made.id])
        found = connection.execute(
            "select number, (extract(epoch from at) * 1000000)::bigint::text, actor_kind, actor, address, action,"
            " array_to_string(subjects, ' '), details from audit_event where practice_id = %s order by number",
            [made.id],
        ).fetchall()
        before = forged
        for number, *parts, details in found:
            if parts[4] == "trail.cut":
                details["hash"] = forged.hex()
            (text,) = connection.execute("select %s::jsonb::text", [json.dumps(details)]).fetchone() or ("",)
            hash_ = hashlib.sha256(before + event_bytes(made.id, number, [*parts, text])).digest()
            connection.execute(
                "update audit_event set details = %s, previous = %s, hash = %s where practice_id = %s and number = %s",
                [json.dumps(details), before, hash_, made.id, number],
            )
            before = hash_

    assert verdict(made) is None  # consistent in itself
    assert verdict(made, head) == Break(4, BreakKind.REWRITTEN)


def test_a_head_of_the_last_event_that_went_must_fit_the_checkpoint() -> None:
    made = trail(1200, 1100, 1000)
    night(made)

    wrong = Head(made.id, 2, START.hex(), clock.now() - 1100 * DAY)

    assert verdict(made, wrong) == Break(2, BreakKind.REWRITTEN)


@pytest.mark.parametrize("role", [Role.DESK, Role.FRONT])
def test_only_the_worker_may_cut(role: Role) -> None:
    made = trail(1200)

    with wearing(role), pytest.raises(ProgrammingError, match="permission denied"), acting_for(made.id):  # noqa: SIM117 - the transaction is what must fail
        with connections["desk" if role == Role.DESK else "default"].cursor() as cursor:
            cursor.execute("select cut_trail(%s, 365)", [made.id])


@pytest.mark.parametrize("statement", ["delete from audit_event", "insert into audit_checkpoint values (1, 1, '')"])
def test_the_worker_cannot_cut_by_hand(statement: str) -> None:
    made = trail(1200)

    with wearing(Role.WORKER), pytest.raises(ProgrammingError, match="permission denied"), acting_for(made.id):  # noqa: SIM117 - the transaction is what must fail
        with connections["worker"].cursor() as cursor:
            cursor.execute(statement)


def test_another_practices_trail_is_out_of_reach() -> None:
    made, other = trail(1200), trail(1200)

    with wearing(Role.WORKER), acting_for(made.id), connections["worker"].cursor() as cursor:
        cursor.execute("select number from cut_trail(%s, 1095)", [other.id])
        assert cursor.fetchall() == []

    assert numbers(other) == [1, 2]
