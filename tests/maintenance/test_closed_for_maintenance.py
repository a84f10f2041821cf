"""Maintenance: every address says so, in the visitor's language and without the database; the command line goes on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connections
from typer.testing import CliRunner

from sprechzeit import clock
from sprechzeit.audit.models import Event
from sprechzeit.cli.commands import app
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.guard.maintenance import NAME, close, maintenance, open_again
from tests.factories import at_desk, make_practice, visitor

FOLDER = settings.ENVIRONMENT.data_folder


@pytest.fixture(autouse=True)
def open_afterwards() -> Iterator[None]:
    yield
    open_again(FOLDER)


def run(*arguments: str) -> str:
    told = CliRunner().invoke(app, ["maintenance", *arguments])
    assert told.exit_code == 0, told.output
    return told.stdout


@pytest.mark.parametrize(
    "path", ["/", "/praxis/irgendeine/", "/desk/", "/desk/anmelden/", "/suche/", "/gibt-es-nicht/"]
)
def test_every_page_says_so_without_a_single_query(path: str) -> None:
    close(FOLDER)
    asked: list[str] = []

    def note(execute, sql, params, many, context):
        asked.append(sql)
        return execute(sql, params, many, context)

    with connections["default"].execute_wrapper(note), connections["desk"].execute_wrapper(note):
        answer = visitor().get(path)

    assert answer.status_code == 503
    assert "Wir sind gleich wieder da" in answer.content.decode()
    assert answer.headers["Retry-After"] == "300"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Content-Security-Policy" in answer.headers
    assert asked == []


@pytest.mark.parametrize(
    ("path", "accepted", "language"),
    [("/", "", "de"), ("/tr/", "", "tr"), ("/ar/", "de", "ar"), ("/", "uk,de;q=0.5", "uk"), ("/", "fr", "de")],
)
def test_the_page_speaks_the_visitors_language(path: str, accepted: str, language: str) -> None:
    close(FOLDER)

    answer = visitor().get(path, headers={"Accept-Language": accepted})

    assert answer.headers["Content-Language"] == language
    direction = "rtl" if language == "ar" else "ltr"
    assert f'<html lang="{language}" dir="{direction}">' in answer.content.decode()


def test_the_api_answers_with_a_problem_document_and_the_state_says_so() -> None:
    client = visitor()
    before = client.get("/api/v1/state")

    close(FOLDER, until=clock.now() + timedelta(minutes=10))
    answer, state = client.get("/api/v1/practices"), client.get("/api/v1/state")

    assert (before.status_code, before.json()) == (200, {"state": "open"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (503, "application/problem+json")
    assert answer.json()["type"].endswith("maintenance")
    assert 590 <= int(answer.headers["Retry-After"]) <= 600
    assert (state.status_code, state.json()) == (503, {"state": "maintenance"})


def test_the_command_closes_and_opens_and_the_trail_tells_of_it() -> None:
    made = make_practice()
    desk = at_desk(made)

    run("on", "--message", "Wir ziehen um.", "--until", "23:59")
    closed = desk.get("/desk/")
    run("off")

    assert closed.status_code == 503
    assert "Wir ziehen um." in closed.content.decode()
    assert "23:59" in closed.content.decode()
    assert desk.get("/desk/").status_code == 200
    with wearing(Role.DESK), acting_for(made.id):
        told = set(Event.objects.filter(practice=made.id).values_list("action", flat=True))
    assert {"maintenance.begin", "maintenance.end"} <= told


def test_another_process_knows_within_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    assert maintenance(FOLDER) is None
    (FOLDER / NAME).write_text('{"since": "2026-01-01T00:00:00+00:00", "until": "", "message": ""}', encoding="utf-8")

    import time

    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + 1.01)

    assert maintenance(FOLDER) is not None


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"since": 1, "until": "", "message": ""}', "\0"])
def test_a_file_that_cannot_be_read_keeps_the_server_closed(content: str) -> None:
    (FOLDER / NAME).write_text(content, encoding="utf-8")
    from sprechzeit.guard.maintenance import _seen

    _seen.clear()

    assert visitor().get("/").status_code == 503


@pytest.mark.parametrize(
    "arguments", [["--until", "gleich"], ["--until", "2020-01-01T10:00"], ["--message", "x" * 301]]
)
def test_what_makes_no_sense_is_refused_and_nothing_closes(arguments: list[str]) -> None:
    told = CliRunner().invoke(app, ["maintenance", "on", *arguments])

    assert told.exit_code == 2
    assert maintenance(FOLDER) is None


def test_what_was_written_by_the_host_is_shown_as_text() -> None:
    close(FOLDER, message="<b>bald</b>")

    assert "&lt;b&gt;bald&lt;/b&gt;" in visitor().get("/").content.decode()
