from __future__ import annotations

import secrets
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result
from django.conf import settings
from django.test import override_settings
from typer.testing import CliRunner

from sprechzeit.cli.commands import app
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import wearing
from sprechzeit.practices.models import Practice
from sprechzeit.staff.invite import read_invitation, take_up
from tests.factories import make_practice


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def test_help_lists_every_command_with_its_sentence() -> None:
    told = run("--help")

    assert told.exit_code == 0
    for command in ("demo", "migrate", "worker", "serve", "practice", "bench"):
        assert command in told.stdout
    assert "prepare-demo" not in told.stdout


@pytest.mark.parametrize("arguments", [[], ["practice"]])
def test_without_a_command_the_help_is_told(arguments: list[str]) -> None:
    assert "Usage" in run(*arguments).output


def test_creating_a_practice_prints_the_link_of_its_first_owner() -> None:
    slug = f"neu-{secrets.token_hex(4)}"

    told = run("practice", "create", "Praxis Dr. Neu", "--slug", slug)

    assert told.exit_code == 0
    (link,) = [line for line in told.stdout.splitlines() if line.startswith("http")]
    address, _, secret = link.partition("#")
    assert address == f"{settings.PUBLIC_URL}/desk/einladung/"
    with wearing(Role.DESK):
        keys = take_up(read_invitation(secret))
    assert Practice.objects.get(slug=slug).id == keys.practice


def test_a_practice_that_cannot_be_created_is_told_in_one_line() -> None:
    taken = make_practice().practice.slug

    for slug in (taken, "A B", ""):
        told = run("practice", "create", "Praxis", "--slug", slug)

        assert told.exit_code == 2
        assert told.stderr.startswith("sprechzeit: ")
        assert len(told.stderr.splitlines()) == 1
        assert "http" not in told.stdout


@pytest.mark.parametrize("arguments", [["nonsense"], ["serve", "--port", "viele"], ["practice", "create", "Praxis"]])
def test_a_call_that_makes_no_sense_is_refused(arguments: list[str]) -> None:
    told = run(*arguments)

    assert told.exit_code == 2
    assert "Traceback" not in told.output


def test_the_notifiers_key_is_made_once(tmp_path: Path) -> None:
    with override_settings(ENVIRONMENT=replace(settings.ENVIRONMENT, notifier_keys=tmp_path / "keys")):
        first, second = run("notifier-key"), run("notifier-key")

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "Made:" in first.stdout
    assert "already" in second.stdout
    assert str(tmp_path / "keys" / "notifier.key") in first.stdout
