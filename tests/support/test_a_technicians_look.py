"""A host's technician looks for some minutes: recorded, seen by the owners, ended by the database itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connections
from typer.testing import CliRunner

from sprechzeit import clock
from sprechzeit.audit.models import Event
from sprechzeit.audit.record import SYSTEM
from sprechzeit.cli.commands import app
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.practices.models import Practice
from sprechzeit.support.errors import NoSupportSession, SupportRunning
from sprechzeit.support.models import SupportSession
from sprechzeit.support.reports import REPORTS, show
from sprechzeit.support.session import end, open_session, running
from tests.factories import Made, at_desk, book, in_days, make_bookable, make_practice
from tests.guard.watched import alarms


def begin(made: Made, *, minutes: int = 30, reason: str = "Zeiten fehlen auf der Buchungsseite") -> SupportSession:
    with wearing(Role.WORKER):
        return open_session(made.id, technician="tech", reason=reason, minutes=minutes)


def look(made: Made, what: str) -> list[tuple[object, ...]]:
    with wearing(Role.WORKER):
        return show(made.id, what).rows


def seen_by_the_role(made: Made) -> int:
    """What the role reads by itself, past the program's own question whether a session runs."""
    with wearing(Role.SUPPORT), acting_for(made.id), connections["support"].cursor() as cursor:
        cursor.execute("select count(*) from visit_type")
        return int(cursor.fetchone()[0])


def events(made: Made, action: str) -> list[Event]:
    with wearing(Role.DESK), acting_for(made.id):
        return list(Event.objects.filter(practice=made.id, action=action).order_by("number"))


def must_ask(made: Made) -> None:
    with wearing(Role.DESK), acting_for(made.id):
        Practice.objects.filter(id=made.id).update(support_must_ask=True)


def run(*arguments: str) -> tuple[int, str]:
    told = CliRunner().invoke(app, ["support", *arguments])
    return told.exit_code, told.output


def test_the_command_opens_shows_and_ends() -> None:
    made, visit_type = make_bookable()
    slug = made.practice.slug

    assert run("show", "--practice", slug, "visit-types")[0] == 1
    code, told = run("open", "--practice", slug, "--minutes", "30", "--reason", "Zeiten fehlen")
    assert (code, "open until" in told) == (0, True)
    code, told = run("show", "--practice", slug, "visit-types")
    assert (code, visit_type.name in told, "duration" in told or "minutes" in told) == (0, True, True)
    assert run("end", "--practice", slug) == (0, "ended\n")
    assert run("show", "--practice", slug, "visit-types")[0] == 1


@pytest.mark.parametrize("what", REPORTS)
def test_every_report_runs_as_the_role(what: str) -> None:
    made, visit_type = make_bookable()
    book(made, visit_type, in_days(1, 9))
    begin(made)

    rows = look(made, what)

    assert rows or what in {"hours", "exceptions", "jobs", "messages"}


def test_nothing_of_a_patient_is_in_any_report() -> None:
    made, visit_type = make_bookable()
    book(made, visit_type, in_days(1, 9), first_name="Walpurga", last_name="Geheimrat", email="w@example.org")
    begin(made)

    everything = str([look(made, what) for what in REPORTS])

    assert "Geheimrat" not in everything
    assert "w@example.org" not in everything


def test_each_look_stands_in_the_trail_before_it_is_shown() -> None:
    made = make_practice()
    session = begin(made)

    look(made, "practice")
    look(made, "alarms")

    (opened,) = events(made, "support.open")
    assert (opened.subjects, opened.details) == ([session.id], {"minutes": 30})
    assert [one.details for one in events(made, "support.show")] == [{"what": "practice"}, {"what": "alarms"}]


def test_the_database_shows_nothing_before_after_and_of_another_practice() -> None:
    made, _visit_type = make_bookable()
    other, _other_type = make_bookable()
    assert seen_by_the_role(made) == 0

    session = begin(made)
    assert (seen_by_the_role(made), seen_by_the_role(other)) == (1, 0)

    with wearing(Role.DESK), acting_for(made.id):  # the minutes are over
        SupportSession.objects.filter(id=session.id).update(until=clock.now() - timedelta(seconds=1))
    assert seen_by_the_role(made) == 0
    with pytest.raises(NoSupportSession):
        look(made, "practice")


def test_when_its_time_is_up_another_can_begin_and_not_before() -> None:
    made = make_practice()
    first = begin(made)
    with pytest.raises(SupportRunning):
        begin(made)

    with clock.travelled(timedelta(minutes=31)):
        second = begin(made)

    with wearing(Role.DESK), acting_for(made.id):
        assert SupportSession.objects.get(id=first.id).ended_at == first.until
    assert second.id != first.id


def test_the_owner_is_told_at_once_and_ends_it() -> None:
    made = make_practice()
    session = begin(made, reason="Zeiten fehlen")
    desk = at_desk(made)

    (alarm,) = alarms(made, "support-session")
    assert alarm.severity == "notice"
    assert "Der Betreiber sieht gerade nach: Zeiten fehlen" in desk.get("/desk/sicherheit/").content.decode()
    assert desk.post(f"/desk/support/{session.id}/beenden/").status_code == 302

    with pytest.raises(NoSupportSession):
        look(made, "practice")
    assert "beendet" in desk.get("/desk/support/").content.decode()
    assert len(events(made, "support.end")) == 1


def test_where_the_practice_wants_to_be_asked_nothing_is_seen_until_an_owner_allows_it() -> None:
    made, _visit_type = make_bookable()
    desk = at_desk(made)
    assert desk.post("/desk/support/regel/", {"ask": "1"}).status_code == 302
    session = begin(made)
    with pytest.raises(NoSupportSession):
        look(made, "practice")
    assert seen_by_the_role(made) == 0
    assert "bittet darum" in desk.get("/desk/sicherheit/").content.decode()

    desk.post(f"/desk/support/{session.id}/erlauben/")

    assert look(made, "practice")
    assert [one.action for one in events(made, "support.ask") + events(made, "support.allow")] == [
        "support.ask",
        "support.allow",
    ]


def test_what_was_refused_cannot_be_allowed_afterwards() -> None:
    made = make_practice()
    must_ask(made)
    session = begin(made)
    desk = at_desk(made)

    desk.post(f"/desk/support/{session.id}/beenden/")
    desk.post(f"/desk/support/{session.id}/erlauben/")

    with wearing(Role.WORKER):
        assert running(made.id) is None
    with pytest.raises(NoSupportSession):
        look(made, "practice")


@pytest.mark.parametrize(
    "arguments", [("--minutes", "0"), ("--minutes", "241"), ("--reason", ""), ("--reason", "x" * 201)]
)
def test_a_session_without_reason_or_end_is_refused(arguments: tuple[str, str]) -> None:
    made = make_practice()
    given = {"--practice": made.practice.slug, "--minutes": "30", "--reason": "Zeiten fehlen", **dict([arguments])}

    code, _told = run("open", *(part for pair in given.items() for part in pair))

    assert code == 1
    with wearing(Role.WORKER):
        assert running(made.id) is None
        with pytest.raises(NoSupportSession):
            end(made.id, SYSTEM)
