"""Each rule fires at its threshold and not one below."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.test import override_settings

from sprechzeit import clock
from sprechzeit.audit.record import SYSTEM, Actor
from sprechzeit.audit.watch_trails import watch_trails
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import wearing
from sprechzeit.guard.alarm import raise_alarm
from sprechzeit.guard.doors import failures_limited
from sprechzeit.guard.errors import TooMany
from sprechzeit.guard.habits import network_of
from sprechzeit.guard.limits import Limit, spend
from sprechzeit.guard.models import Alarm
from sprechzeit.guard.rules import MOST_EXPORTS, MOST_FAILURES, Size, hour_word, is_new_place, is_unusual, limits_of
from sprechzeit.identifiers import new_id
from sprechzeit.origin import Origin, coming_from
from sprechzeit.staff.errors import LoginRefused
from sprechzeit.staff.session import begin
from tests.audit.forging import forge
from tests.factories import make_practice
from tests.guard.watched import alarms, people, rules_fired, tell

FLOOR = limits_of(Size())


@pytest.fixture(autouse=True)
def limits_on() -> Iterator[None]:
    with override_settings(RATE_LIMITS=True):
        yield


@pytest.mark.parametrize(
    ("action", "most", "rule"),
    [
        ("appointment.move", FLOOR.changes, "mass-changes"),
        ("appointment.cancel", FLOOR.changes, "mass-changes"),
        ("patient.erase", FLOOR.changes, "mass-changes"),
        ("trail.export", MOST_EXPORTS, "mass-exports"),
        ("login.failed", MOST_FAILURES, "failures"),
        ("permission.refused", MOST_FAILURES, "failures"),
    ],
)
def test_many_within_an_hour(action: str, most: int, rule: str) -> None:
    made = make_practice()

    tell(made, action, times=most)
    before = rules_fired(made)
    tell(made, action)

    assert before == set()
    assert rules_fired(made) == {rule}


def test_the_same_over_two_hours_is_normal() -> None:
    made = make_practice()

    tell(made, "appointment.move", times=FLOOR.changes)
    with clock.travelled(timedelta(minutes=80)):
        tell(made, "appointment.move", times=FLOOR.changes)

    assert rules_fired(made) == set()


def test_one_cause_is_one_alarm_that_counts_on() -> None:
    made = make_practice()

    tell(made, "trail.export", times=MOST_EXPORTS + 3)

    (alarm,) = alarms(made)
    assert alarm.count == 3
    assert alarm.actor == str(made.member)


def test_what_a_passkey_or_the_recovery_sheet_adds_is_told() -> None:
    made = make_practice()

    tell(made, "passkey.remove", people(1))
    before = rules_fired(made)
    tell(made, "passkey.add", people(1))
    tell(made, "sheet.use", people(1), actor=SYSTEM)

    assert before == set()
    assert [(one.rule, one.cause) for one in alarms(made)] == [
        ("new-passkey", "passkey.add"),
        ("new-passkey", "sheet.use"),
    ]


def days_at(hour: int, count: int) -> Iterator[timedelta]:
    """Working days from next Monday on, at this hour in Berlin."""
    now = clock.now()
    monday = (now + timedelta(days=7 - now.weekday())).astimezone(ZoneInfo("Europe/Berlin"))
    for day in range(count):
        moment = (monday + timedelta(days=day + 2 * (day // 5))).replace(hour=hour, minute=20)
        yield moment - now


def test_work_at_an_hour_at_which_the_member_never_works() -> None:
    made = make_practice()
    for by in days_at(10, 5):
        with clock.travelled(by):
            tell(made, "day.view", people(3))

    (*_, by) = days_at(11, 6)
    with clock.travelled(by):
        tell(made, "day.view", people(3))
    beside = rules_fired(made)
    (*_, by) = days_at(22, 6)
    with clock.travelled(by):
        tell(made, "day.view", people(3))

    assert beside == set()
    assert rules_fired(made) == {"unusual-hours"}


def test_who_is_new_has_no_usual_hours_yet() -> None:
    made = make_practice()
    for by in days_at(10, 4):
        with clock.travelled(by):
            tell(made, "day.view", people(3))

    (*_, by) = days_at(22, 5)
    with clock.travelled(by):
        tell(made, "day.view", people(3))

    assert rules_fired(made) == set()


def test_hours_are_told_apart_by_working_day_and_weekend_and_wrap_at_midnight() -> None:
    berlin = ZoneInfo("Europe/Berlin")

    assert hour_word(datetime(2026, 11, 25, 22, 30, tzinfo=UTC), berlin) == "w23"
    assert hour_word(datetime(2026, 11, 28, 9, 0, tzinfo=UTC), berlin) == "e10"
    assert not is_unusual("w00", {"w23"}, 9)
    assert is_unusual("e23", {"w23"}, 9)


def log_in_from(made: object, address: str, device: str) -> None:
    with coming_from(Origin(address, device)), wearing(Role.DESK):
        begin(made.id, made.member, made.keys, passkey=None)


def test_a_log_in_from_a_new_device_and_from_a_new_network() -> None:
    made = make_practice()
    log_in_from(made, "203.0.113.7", "Firefox · Windows")
    log_in_from(made, "203.0.99.1", "Firefox · Windows")
    known = rules_fired(made)

    log_in_from(made, "203.0.113.7", "Chrome · Android")
    device = rules_fired(made)
    log_in_from(made, "2001:db8::1", "Firefox · Windows")

    assert known == set()
    assert device == {"new-device"}
    assert rules_fired(made) == {"new-device", "new-network"}


def test_networks_are_as_wide_as_a_providers() -> None:
    assert network_of("203.0.113.7") == network_of("203.0.1.1") == "203.0.0.0/16"
    assert network_of("2001:db8:1::1") == "2001:db8::/32"
    assert network_of("") == ""
    assert not is_new_place("", {"other"})


def test_a_limit_at_the_doors_that_is_reached_is_told_to_the_host() -> None:
    limit, who = Limit(f"t-{new_id().hex}", 3, timedelta(minutes=1)), "fd00::1"
    for _ in range(3):
        spend(limit, who)
    with wearing(Role.WORKER):
        before = Alarm.objects.filter(rule="many-tries", cause=limit.name).count()
    with pytest.raises(TooMany):
        spend(limit, who)

    with wearing(Role.WORKER):
        assert before == 0
        assert Alarm.objects.get(rule="many-tries", cause=limit.name).practice_id is None


def test_secrets_that_are_guessed_are_told_to_the_host() -> None:
    limit = Limit(f"t-{new_id().hex}", 3, timedelta(minutes=1))

    def guess() -> None:
        with failures_limited(limit, LoginRefused):
            raise LoginRefused

    for _ in range(limit.most):
        with pytest.raises(LoginRefused):
            guess()
    with wearing(Role.WORKER):
        before = Alarm.objects.filter(rule="many-tries", cause=limit.name).count()
    for _ in range(2):
        with pytest.raises(TooMany):
            guess()

    with wearing(Role.WORKER):
        assert before == 0
        assert Alarm.objects.get(rule="many-tries", cause=limit.name).count == 1


def test_a_broken_trail_and_a_whole_one(tmp_path: Path) -> None:
    whole, broken = make_practice(), make_practice()
    for made in (whole, broken):
        tell(made, "appointment.move", people(1), times=3)
    forge(broken, "update audit_event set action = 'x.y' where practice_id = %(practice)s and number = 2")

    with wearing(Role.WORKER):
        assert watch_trails(tmp_path) >= 1

    assert rules_fired(whole) == set()
    (alarm,) = alarms(broken, "trail-broken")
    assert alarm.severity == "critical"
    assert alarm.details["number"] == 2


def test_a_finding_of_the_probe_is_the_hosts() -> None:
    cause = new_id().hex
    with wearing(Role.WORKER):
        raise_alarm("probe", cause=cause, details={"count": 2})

        assert Alarm.objects.get(rule="probe", cause=cause).practice_id is None


def test_patients_and_jobs_are_not_counted() -> None:
    made = make_practice()

    tell(made, "appointment.cancel", actor=Actor("patient"), times=FLOOR.changes + 5)

    assert rules_fired(made) == set()


def test_an_alarm_is_seen_by_its_own_practice_alone_and_changed_by_nobody() -> None:
    made, other = make_practice(), make_practice()
    tell(made, "trail.export", times=MOST_EXPORTS + 1)

    assert len(alarms(made)) == 1
    assert alarms(other) == []
