"""The checklist names what is missing, and each line really looks."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from typer.testing import CliRunner

from sprechzeit.booking.models import Hold
from sprechzeit.cli.commands import app
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.doctor.check import Check, State
from sprechzeit.doctor.maintenance import after, before
from sprechzeit.environment import Environment
from sprechzeit.guard.alarm import raise_alarm
from sprechzeit.guard.maintenance import close, open_again
from sprechzeit.guard.models import Alarm
from tests.backed_up import backed_up
from tests.factories import make_bookable, make_practice


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[Environment]:
    folder = tmp_path / "backups"
    folder.mkdir()
    yield dataclasses.replace(settings.ENVIRONMENT, backup_folder=folder)
    open_again(settings.ENVIRONMENT.data_folder)


def state(checks: list[Check], name: str) -> State:
    return next(one.state for one in checks if one.name == name)


def make_dump(environment: Environment) -> Path:
    assert environment.backup_folder is not None
    backed_up(environment.backup_folder)
    (dump,) = environment.backup_folder.glob("data-*.dump")
    return dump


def jobs(statement: str) -> None:
    with wearing(Role.WORKER), connections["worker"].cursor() as cursor:
        cursor.execute(statement)


def test_before_names_an_open_server_and_a_missing_backup(environment: Environment) -> None:
    checks = before(environment)

    assert (state(checks, "maintenance mode"), state(checks, "backup")) == (State.WRONG, State.WRONG)

    close(environment.data_folder)
    dump = make_dump(environment)
    checks = before(environment)
    assert (state(checks, "maintenance mode"), state(checks, "backup")) == (State.OK, State.OK)

    os.utime(dump, (0, 0))
    assert state(before(environment), "backup") is State.WRONG


def test_a_backup_that_is_not_even_configured_is_missing(environment: Environment) -> None:
    checks = before(dataclasses.replace(environment, backup_folder=None))

    assert state(checks, "backup") is State.WRONG


def test_a_worker_that_runs_and_a_job_in_hand_are_named(environment: Environment) -> None:
    assert state(before(environment), "worker") is State.OK
    assert state(after(environment, look=False), "worker") is State.WRONG

    jobs("insert into procrastinate_workers default values")
    jobs("insert into procrastinate_jobs (queue_name, task_name, status) values ('default', 'probe', 'doing')")
    try:
        checks = before(environment)
        assert (state(checks, "worker"), state(checks, "jobs in hand")) == (State.WRONG, State.WRONG)
        assert state(after(environment, look=False), "worker") is State.OK
    finally:
        jobs("delete from procrastinate_jobs where task_name = 'probe'")
        jobs("delete from procrastinate_workers")

    assert state(before(environment), "jobs in hand") is State.OK


def test_a_critical_alarm_is_named_and_a_notice_is_not(environment: Environment) -> None:
    made = make_practice()
    with wearing(Role.DESK):
        raise_alarm("new-device", made.id)
        told = next(one.seen for one in before(environment) if one.name == "open alarms")
        assert f"practice {made.id}" not in told
        raise_alarm("canary", made.id)

    try:
        assert state(before(environment), "open alarms") is State.WRONG
    finally:
        with wearing(Role.WORKER), acting_for(made.id):
            from sprechzeit import clock

            Alarm.objects.filter(practice=made.id).update(settled_at=clock.now())


def test_after_tries_a_booking_and_leaves_nothing_of_it(environment: Environment) -> None:
    made, _visit_type = make_bookable(kind="demo")

    checks = after(environment, look=False)

    assert state(checks, "booking") is State.OK
    assert (state(checks, "migrations"), state(checks, "trails")) == (State.OK, State.OK)
    with wearing(Role.DESK), acting_for(made.id):
        assert not Hold.objects.filter(practice=made.id).exists()


def test_after_names_an_address_at_which_nothing_answers(environment: Environment) -> None:
    checks = after(dataclasses.replace(environment, public_url="http://localhost:9"), look=False)

    assert state(checks, "own address") is State.WRONG


def test_the_command_ends_with_an_error_that_names_what_is_missing() -> None:
    told = CliRunner().invoke(app, ["maintenance", "check", "before"])

    assert told.exit_code == 1
    assert "not ready: maintenance mode, backup" in told.stdout
