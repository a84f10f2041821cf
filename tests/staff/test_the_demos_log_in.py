"""The one log-in without a passkey: only for a demo practice, only while the demo runs, only with its key file."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError
from django.http import HttpResponse
from django.test import override_settings

from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.environment import EnvironmentRefused, read_environment
from sprechzeit.staff.demo import CREDENTIAL, KEY_FILE, grant_demo, log_in_demo, make_demo_key
from sprechzeit.staff.errors import LoginRefused
from sprechzeit.staff.models import KeyGrant
from sprechzeit.staff.session import resume
from tests.factories import Made, make_practice, visitor

LOGIN = "/desk/anmelden/"


@pytest.fixture(autouse=True)
def as_desk() -> Iterator[None]:
    with wearing(Role.DESK):
        yield


def make_demo(folder: Path) -> Made:
    made = make_practice(kind="demo")
    grant_demo(made.keys, make_demo_key(folder), "Demo")
    return made


def press_the_button(folder: Path, *, demo_runs: bool) -> HttpResponse:
    with override_settings(DEMO=demo_runs, ENVIRONMENT=replace(settings.ENVIRONMENT, data_folder=folder)):
        return visitor().post(f"{LOGIN}demo/")


def has_button(folder: Path, *, demo_runs: bool) -> bool:
    with override_settings(DEMO=demo_runs, ENVIRONMENT=replace(settings.ENVIRONMENT, data_folder=folder)):
        return f"{LOGIN}demo/".encode() in visitor().get(LOGIN).content


def test_while_the_demo_runs_its_button_opens_the_demo_practice(tmp_path: Path) -> None:
    made = make_demo(tmp_path)

    session = resume(log_in_demo(tmp_path, demo_runs=True))

    assert session.practice == made.id
    assert session.keys.private.reveal() == made.keys.private.reveal()


def test_it_does_not_exist_where_the_demo_does_not_run(tmp_path: Path) -> None:
    make_demo(tmp_path)

    with pytest.raises(LoginRefused):
        log_in_demo(tmp_path, demo_runs=False)


def test_it_does_not_exist_without_the_key_file(tmp_path: Path) -> None:
    make_demo(tmp_path)
    (tmp_path / KEY_FILE).unlink()

    with pytest.raises(LoginRefused):
        log_in_demo(tmp_path, demo_runs=True)


def test_another_key_opens_nothing(tmp_path: Path) -> None:
    make_demo(tmp_path)

    for content in (b"", b"\x00" * 32, make_demo_key(tmp_path).reveal()):
        (tmp_path / KEY_FILE).write_bytes(content)
        with pytest.raises(LoginRefused):
            log_in_demo(tmp_path, demo_runs=True)


def test_the_key_file_is_for_this_user_only(tmp_path: Path) -> None:
    make_demo_key(tmp_path)

    assert stat.S_IMODE((tmp_path / KEY_FILE).stat().st_mode) == 0o600


def test_the_database_refuses_a_demo_grant_for_a_real_practice(tmp_path: Path) -> None:
    made = make_practice()

    with pytest.raises(IntegrityError) as refusal:
        grant_demo(made.keys, make_demo_key(tmp_path), "Demo")

    assert "demo grants are for demo practices" in str(refusal.value)
    with acting_for(made.id):
        assert not KeyGrant.objects.filter(practice=made.id).exists()


def test_the_database_refuses_it_in_a_plain_insert_too() -> None:
    made = make_practice()
    row = KeyGrant(
        practice_id=made.id, member_id=made.member, kind=KeyGrant.Kind.DEMO, credential=CREDENTIAL, wrapped=b"x"
    )

    with pytest.raises(IntegrityError), acting_for(made.id):
        row.save(force_insert=True)


def test_the_button_is_there_while_the_demo_runs_and_logs_in(tmp_path: Path) -> None:
    make_demo(tmp_path)

    response = press_the_button(tmp_path, demo_runs=True)

    assert has_button(tmp_path, demo_runs=True)
    assert (response.status_code, response.headers["Location"]) == (302, "/desk/")
    cookie = response.cookies["desk"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_otherwise_there_is_no_button_and_its_address_does_not_exist(tmp_path: Path) -> None:
    make_demo(tmp_path)

    response = press_the_button(tmp_path, demo_runs=False)

    assert not has_button(tmp_path, demo_runs=False)
    assert response.status_code == 404
    assert not response.cookies


def test_the_button_says_so_when_there_is_no_demo_practice(tmp_path: Path) -> None:
    response = press_the_button(tmp_path, demo_runs=True)

    assert response.status_code == 403
    assert "desk" not in response.cookies


def test_production_refuses_to_run_with_the_demo(tmp_path: Path) -> None:
    values = {
        "SPRECHZEIT_ENV": "production",
        "SECRET_KEY": "x" * 60,
        "PUBLIC_URL": "https://termine.example.org",
        "DATABASE_URL": "postgresql:///sprechzeit?host=/run/postgresql",
    }
    read_environment(values, tmp_path)

    with pytest.raises(EnvironmentRefused, match="SPRECHZEIT_DEMO"):
        read_environment({**values, "SPRECHZEIT_DEMO": "1"}, tmp_path)
