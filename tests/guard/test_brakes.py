"""Each brake works at once on a running session, and stands in the trail."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client, override_settings
from typer.testing import CliRunner

from sprechzeit.audit.models import Event
from sprechzeit.booking.canaries import lay_canaries, remove_canaries
from sprechzeit.booking.card import card_of
from sprechzeit.booking.models import Appointment
from sprechzeit.booking.move_many import move_many
from sprechzeit.cli.commands import app
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.guard.errors import Frozen
from sprechzeit.guard.read_only import set_read_only
from sprechzeit.identifiers import new_id
from sprechzeit.messages.letter import Letter, open_letter, seal_letter
from sprechzeit.messages.models import Message
from sprechzeit.messages.notifier_key import make_notifier_key, private_key, public_key
from sprechzeit.messages.notifier_keys import NotifierKeys, rotate_notifier_key
from sprechzeit.practices.models import Practice
from sprechzeit.staff.errors import LoginRefused
from sprechzeit.staff.membership import add_membership
from sprechzeit.staff.models import Member, Membership
from sprechzeit.staff.session import begin
from sprechzeit.staff.token import make_token, open_token, tokens_of
from sprechzeit.vault import CannotOpen
from sprechzeit.web.desk.door import cookie_name
from tests.factories import Made, at_desk, book, in_days, make_bookable, make_practice, visitor
from tests.guard.watched import alarms


@pytest.fixture
def read_only() -> Iterator[None]:
    with wearing(Role.WORKER):
        set_read_only(True)
    yield
    with wearing(Role.WORKER):
        set_read_only(False)


def pull(client: Client, was: str, **more: str) -> int:
    return client.post("/desk/notbremse/ziehen/", {"was": was, **more}).status_code


def is_in(client: Client) -> bool:
    return client.get("/desk/sicherheit/").status_code == 200


def colleague_of(made: Made) -> tuple[str, Client]:
    with wearing(Role.DESK):
        with acting_for(made.id):
            member = Member.objects.create()
            add_membership(made.keys, member.id, Membership.Role.RECEPTION, "Empfang")
        cookie = begin(made.id, member.id, made.keys, passkey=None)
    client = visitor()
    client.cookies[cookie_name()] = cookie
    return str(member.id), client


def actions(made: Made) -> set[str]:
    with wearing(Role.DESK), acting_for(made.id):
        return set(Event.objects.filter(practice=made.id).values_list("action", flat=True))


def run(*arguments: str) -> str:
    told = CliRunner().invoke(app, ["brake", *arguments])
    assert told.exit_code == 0, told.output
    return told.stdout


def test_one_member_is_logged_out_and_the_others_stay() -> None:
    made = make_practice()
    member, theirs = colleague_of(made)
    own = at_desk(made)

    assert pull(own, "mitglied", member=member) == 302

    assert (is_in(theirs), is_in(own)) == (False, True)
    assert "brake.sessions" in actions(made)


def test_everybody_is_logged_out_and_another_practice_is_not() -> None:
    made, other = make_practice(), make_practice()
    _member, theirs = colleague_of(made)
    own, elsewhere = at_desk(made), at_desk(other)

    pull(own, "sitzungen")

    assert (is_in(theirs), is_in(own), is_in(elsewhere)) == (False, False, True)


def test_the_host_logs_a_practice_out_without_any_key() -> None:
    made = make_practice()
    own = at_desk(made)

    assert "1 sessions ended" in run("sessions", made.practice.slug)

    assert not is_in(own)


def test_frozen_nothing_is_exported_or_changed_by_the_dozen_until_it_is_released() -> None:
    made = make_practice()
    own = at_desk(made)

    pull(own, "anhalten")
    frozen = own.get("/desk/protokoll/csv/")
    with wearing(Role.DESK), pytest.raises(Frozen):
        move_many(made.id, made.actor, [])
    pull(own, "aufheben")

    assert frozen.status_code == 423
    assert "Ausgaben und Massenänderungen gesperrt" in frozen.content.decode()
    assert own.get("/desk/protokoll/csv/").status_code == 200
    assert {"brake.freeze", "brake.release"} <= actions(made)


def test_frozen_single_appointments_go_on() -> None:
    made, visit_type = make_bookable()
    run("freeze", made.practice.slug, "on")

    assert book(made, visit_type, in_days(1, 9)).appointment_id


def test_no_program_opens_the_practice_any_more() -> None:
    made = make_practice()
    with wearing(Role.DESK):
        token = make_token(
            made.keys, made.actor, name="PVS", scopes=["patients.search"], days=3, member=made.member
        )  # fmt: skip  # lines grouped by hand
        open_token(token)

    pull(at_desk(made), "programme")

    with wearing(Role.DESK), pytest.raises(LoginRefused):
        open_token(token)
    assert "brake.tokens" in actions(made)


def test_a_new_data_key_is_begun_and_the_session_goes_on() -> None:
    made = make_practice()
    own = at_desk(made)

    pull(own, "schluessel")

    with wearing(Role.DESK):
        assert Practice.objects.get(id=made.id).current_data_key == 2
    assert is_in(own)
    assert "key.begin" in actions(made)


def test_an_unknown_brake_or_member_is_refused() -> None:
    own = at_desk(make_practice())

    assert (pull(own, "alles"), pull(own, "mitglied", member="x")) == (422, 422)


def test_read_only_shows_and_changes_nothing(read_only: None) -> None:
    made, visit_type = make_bookable()
    own = at_desk(made)

    seen = own.get("/desk/")
    written = own.post("/desk/sperrzeit/neu/")
    patients = visitor().post(f"/praxis/{made.practice.slug}/termin/{visit_type.id}/")
    program = visitor().post("/api/v1/practices/x/holds", content_type="application/json")

    assert seen.status_code == 200
    assert own.post("/desk/patienten/", {"q": "muster"}).status_code == 200
    assert (written.status_code, patients.status_code, program.status_code) == (503, 503, 503)
    assert "nur an und ändert nichts" in written.content.decode()
    assert written.headers["Retry-After"] == "300"
    assert program.headers["Content-Type"] == "application/problem+json"


def test_in_read_only_mode_one_can_still_log_out_and_pull_the_brake(read_only: None) -> None:
    made = make_practice()
    own = at_desk(made)

    assert pull(own, "anhalten") == 302
    assert own.post("/desk/abmelden/").status_code == 302
    assert not is_in(own)


def test_the_host_switches_read_only_on_and_off_and_it_is_in_the_trail() -> None:
    made = make_practice()
    own = at_desk(made)
    try:
        assert "read-only is on" in run("read-only", "on")
        on = own.post("/desk/sperrzeit/neu/").status_code
    finally:
        run("read-only", "off")

    assert on == 503
    assert own.post("/desk/sperrzeit/neu/").status_code != 503
    assert {"brake.read-only", "brake.writable"} <= actions(made)


def letter_row() -> Message:
    row = Message(id=new_id(), practice_id=1)
    row.sealed = seal_letter(Letter(to="erika@example.org"), 1, "message", row.id)
    return row


def test_after_a_new_notifiers_key_old_letters_open_and_new_ones_only_by_it(tmp_path: Path) -> None:
    make_notifier_key(tmp_path)
    older = private_key(tmp_path)
    with override_settings(ENVIRONMENT=environment_with(tmp_path)):
        keys, before = NotifierKeys(tmp_path), letter_row()

        kept = rotate_notifier_key(tmp_path)
        after = letter_row()

        assert open_letter(keys, before).to == open_letter(keys, after).to == "erika@example.org"
    with pytest.raises(CannotOpen):
        open_letter(older, after)
    with pytest.raises(CannotOpen):
        open_letter(private_key(tmp_path), before)
    assert public_key(tmp_path) == private_key(tmp_path).public == keys.public
    assert kept.stat().st_mode & 0o077 == 0
    assert (tmp_path / "notifier.key").stat().st_mode & 0o077 == 0


def environment_with(folder: Path) -> object:
    from dataclasses import replace

    return replace(settings.ENVIRONMENT, notifier_keys=folder)


def test_a_canary_appointment_raises_the_alarm_when_it_is_opened() -> None:
    made, visit_type = make_bookable()
    ordinary = book(made, visit_type, in_days(1, 9)).appointment_id
    with wearing(Role.DESK):
        lay_canaries(made.id, made.actor)
        with acting_for(made.id):
            bait = Appointment.objects.filter(practice=made.id).exclude(id=ordinary).first()
        assert bait is not None
        card_of(made.keys, made.actor, ordinary)
        before = alarms(made)
        card_of(made.keys, made.actor, bait.id)

    assert before == []
    assert [(one.rule, one.severity) for one in alarms(made)] == [("canary", "critical")]


def test_a_canary_token_opens_nothing_is_not_listed_and_raises_the_alarm() -> None:
    made, _visit_type = make_bookable()
    with wearing(Role.DESK):
        token = lay_canaries(made.id, made.actor)

        assert tokens_of(made.id) == []
        with pytest.raises(LoginRefused):
            open_token(token)

        assert [one.rule for one in alarms(made)] == ["canary"]
        assert remove_canaries(made.id, made.actor) == 4
        assert {"canary.make", "canary.remove"} <= actions(made)
