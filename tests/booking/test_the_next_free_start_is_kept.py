"""The keeper with its real listener: what changes is seen by the search within five seconds."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime, timedelta

import psycopg
import pytest
from django.db import connections

from sprechzeit import clock
from sprechzeit.booking.cancel import cancel_managed
from sprechzeit.booking.hold import hold
from sprechzeit.booking.keeper import Keeper
from sprechzeit.booking.live import CHANNEL as OF_THE_DESKS
from sprechzeit.booking.models import Hold
from sprechzeit.booking.next_free import renew
from sprechzeit.database.connections import EMBEDDED_DATABASE
from sprechzeit.database.embedded import EmbeddedServer
from sprechzeit.database.embedded.rules import SUPERUSER
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.furnishing.exception import enter_exception
from sprechzeit.furnishing.retire import retire_visit_type
from sprechzeit.practices.changed import CHANNEL
from sprechzeit.practices.models import NextFree, VisitType
from sprechzeit.timetable.expand import Exceptional
from sprechzeit.timetable.spans import Span
from tests.conftest import FOLDER
from tests.factories import Made, book, in_days, make_bookable, make_practice, make_visit_type, open_up, type_id

WITHIN = 5.0  # seconds


@pytest.fixture(scope="module")
def keeper(database: None) -> Iterator[Keeper]:
    begun = Keeper()
    begun.start()
    assert begun.is_listening.wait(10)
    yield begun
    begun.stop()


def kept(visit_type: VisitType) -> datetime | None:
    return NextFree.objects.filter(visit_type=visit_type).values_list("starts_at", flat=True).first()


def become(visit_type: VisitType, expected: datetime | None, seconds: float = WITHIN) -> float:
    """Wait until the kept start is this one; tell how long it took."""
    begun = time.monotonic()
    while kept(visit_type) != expected:
        assert time.monotonic() - begun < seconds, f"it is still {kept(visit_type)}, not {expected}"
        time.sleep(0.02)
    return time.monotonic() - begun


def renewed(made: Made) -> datetime | None:
    with wearing(Role.WORKER):
        return renew(made.id)


def shut(made: Made, start: datetime, end: datetime) -> None:
    with wearing(Role.DESK):
        enter_exception(made.id, made.actor, Exceptional("closure", Span(start, end)), resource=None)


def test_a_booking_moves_it_and_a_cancellation_brings_it_back(keeper: Keeper) -> None:
    made, visit_type = make_bookable()
    become(visit_type, in_days(1, 9))

    booked = book(made, visit_type, in_days(1, 9))
    become(visit_type, in_days(1, 9, 30))

    cancel_managed(made.id, booked.manage_secret)
    become(visit_type, in_days(1, 9))


def test_a_hold_and_an_absence_move_it(keeper: Keeper) -> None:
    made, visit_type = make_bookable()
    become(visit_type, in_days(1, 9))

    hold(made.id, type_id(visit_type), in_days(1, 9))
    become(visit_type, in_days(1, 9, 30))

    shut(made, in_days(0, 0), in_days(2, 0))  # rewritten from the rules, of which there are none
    become(visit_type, None)


def test_a_retired_visit_type_goes(keeper: Keeper) -> None:
    made, visit_type = make_bookable()
    become(visit_type, in_days(1, 9))

    with wearing(Role.DESK):
        retire_visit_type(made.id, made.actor, visit_type.id)

    end = time.monotonic() + WITHIN
    while NextFree.objects.filter(visit_type=visit_type).exists():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_it_survives_a_lost_connection(keeper: Keeper) -> None:
    made, visit_type = make_bookable()
    become(visit_type, in_days(1, 9))

    url = EmbeddedServer(FOLDER / "postgres").url(SUPERUSER, EMBEDDED_DATABASE)
    with psycopg.connect(url, autocommit=True) as superuser:
        killed = superuser.execute(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity where usename = 'sprechzeit_worker'"
        ).fetchone()
    connections["worker"].close()  # this thread's own was among them
    assert killed is not None
    assert killed[0] >= 1
    book(made, visit_type, in_days(1, 9))  # while nobody listens

    become(visit_type, in_days(1, 9, 30), 20)
    assert keeper.is_listening.wait(10)
    book(made, visit_type, in_days(1, 9, 30))
    become(visit_type, in_days(1, 10))


def test_bookings_and_settings_are_told_on_the_same_channel() -> None:
    assert CHANNEL == OF_THE_DESKS


def test_lead_time_and_releases_count() -> None:
    made = make_practice()
    for day in (1, 2, 3):  # no opening lasts longer than a day
        open_up(made, made.clinicians[0], in_days(day, 9), in_days(day, 12))
    near = make_visit_type(made, lead_minutes=48 * 60)
    released = make_visit_type(made, released_hours=1)
    reserved = make_visit_type(made, reserved_hours=1)
    with_code = make_visit_type(made, access="code")
    offline = make_visit_type(made, online=False)

    renewed(made)

    first = kept(near)
    assert first is not None
    assert first >= clock.now() + timedelta(hours=47, minutes=59)
    assert [kept(one) for one in (released, reserved, with_code)] == [None, None, None]
    assert not NextFree.objects.filter(visit_type=offline).exists()


def test_it_is_looked_at_again_when_the_start_comes_too_near() -> None:
    made, visit_type = make_bookable(lead_minutes=60)

    assert renewed(made) == in_days(1, 8)

    with clock.travelled(in_days(1, 8) - clock.now() + timedelta(minutes=1)):
        renewed(made)
    assert kept(visit_type) == in_days(1, 9, 30)


def test_it_is_looked_at_again_when_a_hold_ends() -> None:
    made, visit_type = make_bookable()
    hold(made.id, type_id(visit_type), in_days(1, 9))
    with acting_for(made.id):
        ends = Hold.objects.get(practice=made.id).expires_at

    assert renewed(made) == ends
    assert kept(visit_type) == in_days(1, 9, 30)


def test_nothing_free_is_kept_as_nothing() -> None:
    made = make_practice()
    visit_type = make_visit_type(made)

    assert renewed(made) is None
    assert NextFree.objects.get(visit_type=visit_type).starts_at is None
