"""Alarms reach the owner and the host: on the desk, by mail, in the log and as a metric; never with personal data."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from django.test import override_settings
from typer.testing import CliRunner

from sprechzeit.cli.commands import app
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.guard.alarm import raise_alarm
from sprechzeit.guard.mail_alarms import mail_alarms
from sprechzeit.guard.models import Alarm
from sprechzeit.guard.rules import RULES
from sprechzeit.guard.rules_table import rules_table
from sprechzeit.guard.watcher import Watcher
from sprechzeit.practices.models import Practice
from sprechzeit.staff.alarms import settle
from sprechzeit.staff.models import Membership
from tests.audit.mail_server import PASSWORD, USER, Inbox, mail_server, mailing_by, make_certificate
from tests.factories import Made, at_desk, make_practice
from tests.guard.watched import alarms

OWNER, HOST = "inhaberin@example.org", "betrieb@example.org"


@pytest.fixture
def inbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Inbox]:
    """A real mail server that the product sends by; the host's address is set."""
    certificate = make_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    found = Inbox()
    with (
        mail_server(certificate, found) as port,
        mailing_by(f"smtp+starttls://{USER}:{quote(PASSWORD, safe='')}@localhost:{port}"),
        override_settings(OPERATOR_EMAIL=HOST),
    ):
        yield found


def with_owner() -> Made:
    made = make_practice()
    with wearing(Role.DESK), acting_for(made.id):
        Practice.objects.filter(id=made.id).update(email=OWNER)
    return made


def alarm_in(made: Made, rule: str = "mass-changes", cause: str = "") -> Alarm:
    with wearing(Role.DESK):
        raise_alarm(rule, made.id, cause=cause, actor_kind="member", actor=str(made.member))
    return alarms(made, rule)[-1]


def test_every_rule_says_what_to_do_in_a_sentence() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES) >= 10
    for rule in RULES:
        assert str(rule.what_to_do).endswith("."), rule.name
        assert rule.watches
        assert rule.threshold


def test_the_owner_sees_a_banner_on_every_page_and_others_do_not() -> None:
    made = make_practice()
    before = at_desk(made).get("/desk/").content.decode()
    alarm_in(made)

    owners = at_desk(made).get("/desk/").content.decode()
    with wearing(Role.DESK), acting_for(made.id):
        Membership.objects.filter(practice=made.id).update(role="reception")
    receptions = at_desk(made).get("/desk/").content.decode()

    assert ["1 Alarm ist offen" in page for page in (before, owners, receptions)] == [False, True, False]


def test_the_page_tells_what_happened_and_what_to_do() -> None:
    made = make_practice()
    alarm_in(made, "canary")

    page = at_desk(made).get("/desk/alarme/").content.decode()

    assert "Ein Köder wurde berührt" in page
    assert "Ziehen Sie sofort die Notbremse" in page
    assert "dringend" in page


def test_settled_with_a_note_it_leaves_the_banner_and_the_note_is_sealed() -> None:
    made = make_practice()
    alarm = alarm_in(made)
    client = at_desk(made)

    client.post(f"/desk/alarme/{alarm.id}/erledigt/", {"note": "Umzug der Praxis <b>"})

    page = client.get("/desk/alarme/").content.decode()
    assert "Umzug der Praxis &lt;b&gt;" in page
    assert "Alarm ist offen" not in page
    (row,) = alarms(made)
    assert b"Umzug" not in bytes(row.note_sealed or b"")
    assert row.settled_by == str(made.member)


def test_a_note_that_is_too_long_settles_nothing() -> None:
    made = make_practice()
    alarm = alarm_in(made)

    answer = at_desk(made).post(f"/desk/alarme/{alarm.id}/erledigt/", {"note": "x" * 501})

    assert answer.status_code == 422
    assert alarms(made)[0].settled_at is None


def test_after_it_is_settled_the_same_cause_raises_a_new_one() -> None:
    made = make_practice()
    first = alarm_in(made)
    with wearing(Role.DESK):
        settle(made.keys, made.actor, first.id, "")

    second = alarm_in(made)

    assert second.id != first.id
    assert [one.count for one in alarms(made)] == [1, 1]


def test_owner_and_host_get_a_mail_once_with_what_to_do_and_nothing_personal(inbox: Inbox) -> None:
    made = with_owner()
    alarm_in(made)

    with wearing(Role.WORKER):
        assert mail_alarms(made.id)
        assert mail_alarms(made.id)

    assert [mail["To"] for mail in inbox.mails] == [OWNER, HOST]
    text = inbox.mails[0].get_content()
    assert "Sehr viele Termine oder Daten geändert" in text
    assert "/desk/notbremse/" in text
    assert str(made.member) in text


def test_a_mere_notice_goes_to_the_owner_alone_and_the_hosts_own_to_the_host(inbox: Inbox) -> None:
    made = with_owner()
    alarm_in(made, "new-device")
    with wearing(Role.WORKER):
        Alarm.objects.filter(practice=None).update(mailed_at="2026-01-01T00:00:00Z")
        raise_alarm("probe", cause=str(made.id))

        mail_alarms(made.id)
        mail_alarms(None)

    assert [mail["To"] for mail in inbox.mails] == [OWNER, HOST]


def test_a_mail_server_that_is_away_is_asked_again() -> None:
    made = with_owner()
    alarm_in(made)

    with mailing_by(f"smtp+starttls://{USER}:x@localhost:1", patience=1), wearing(Role.WORKER):
        assert not mail_alarms(made.id)

    assert alarms(made)[0].mailed_at is None


def test_the_workers_thread_mails_within_seconds_of_the_alarm(inbox: Inbox) -> None:
    made = with_owner()
    with wearing(Role.WORKER):
        for number in Practice.objects.values_list("id", flat=True):
            with acting_for(number):
                Alarm.objects.filter(practice=number).update(mailed_at="2026-01-01T00:00:00Z")
        Alarm.objects.filter(practice=None).update(mailed_at="2026-01-01T00:00:00Z")
    watcher = Watcher()
    watcher.start()
    try:
        assert watcher.is_listening.wait(10)
        time.sleep(1)
        begun = time.monotonic()
        alarm_in(made)
        while not inbox.mails and time.monotonic() - begun < 30:
            time.sleep(0.1)
    finally:
        watcher.stop()

    assert inbox.mails
    assert time.monotonic() - begun < 30


def test_the_log_has_the_rule_and_the_practice_and_nothing_else(capfd: pytest.CaptureFixture[str]) -> None:
    from sprechzeit.logs import configure_logs

    configure_logs()
    made = make_practice()
    alarm_in(made)

    lines = [json.loads(line) for line in capfd.readouterr().err.splitlines() if '"alarm"' in line]
    assert [(line["code"], line["practice"], line["level"]) for line in lines] == [("mass-changes", made.id, "warning")]
    assert str(made.member) not in json.dumps(lines)


def test_the_metric_counts_by_rule() -> None:
    def count() -> int:
        told = CliRunner().invoke(app, ["metrics"])
        assert told.exit_code == 0
        mark = 'sprechzeit_alarms_total{rule="mass-exports",severity="warning"} '
        return next((int(line.removeprefix(mark)) for line in told.stdout.splitlines() if line.startswith(mark)), 0)

    before, made = count(), make_practice()
    alarm_in(made, "mass-exports", "a")
    alarm_in(made, "mass-exports", "a")

    assert count() == before + 2


def test_no_address_of_the_server_tells_the_metric() -> None:
    client = at_desk(make_practice())

    assert {client.get(path).status_code for path in ("/metrics", "/metrics/", "/desk/metrics/")} == {404}


def test_the_rules_in_the_documents_are_the_rules_in_the_code() -> None:
    written = (Path(__file__).parents[2] / "docs" / "noticing.md").read_text(encoding="utf-8")

    assert rules_table() in written
