"""``sprechzeit incident``: the host computes the extent and tells the practices, without any key."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from click.testing import Result
from typer.testing import CliRunner

from sprechzeit import clock
from sprechzeit.cli.commands import app
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.guard.models import Alarm
from sprechzeit.incident.dump import is_sealed, tables_in_a_dump
from sprechzeit.incident.models import Incident
from sprechzeit.incident.read import incidents_of
from sprechzeit.patients.rotate import UNDER_THE_DATA_KEY
from tests.booking.booked import events, rows
from tests.factories import Made, at_desk, make_practice
from tests.incident.scraped import THIEF, House, by_card, by_search, make_house, name, walk


@pytest.fixture(scope="module")
def house(database: None) -> House:
    house = make_house(patients=4, visits=0)
    house.begun = clock.now()
    walk(house, house.thief, by_card, 0, clock.now(), address=THIEF)
    walk(house, house.thief, by_search, 2, clock.now(), address=THIEF)
    walk(house, house.other, by_card, 1, clock.now())
    return house


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["incident", *arguments])


def span(begun: datetime) -> list[str]:
    return ["--from", begun.isoformat(), "--to", clock.now().isoformat()]


def report(house: House, *more: str) -> Result:
    return run("report", "--practice", house.made.practice.slug, *span(house.begun), *more)


@pytest.mark.parametrize("by", ["member", "session", "address"])
def test_the_report_names_exactly_these_by_their_identifiers(house: House, by: str) -> None:
    value = {"member": house.thief.id, "session": house.thief.session, "address": "203.0.113.0/24"}[by]

    told = report(house, f"--{by}", value, "--json")

    assert told.exit_code == 0
    found = json.loads(told.stdout)
    assert {one["id"] for one in found["certain"]} == {str(house.patients[0]), str(house.patients[2])}
    assert found["possible"] == []


def test_the_report_for_people_says_why_and_names_nobody(house: House) -> None:
    told = report(house, "--session", house.thief.session).stdout

    assert "certain: 2 people" in told
    assert f"{house.patients[0]} | kept | seen | name, birth-date, contact" in told
    assert "excluded: 2 people" in told
    assert "no event names them" in told
    assert "whole" in told
    for one in range(4):
        assert name(one) not in told


def test_it_writes_the_drafts_into_a_folder_of_its_own(house: House, tmp_path: Path) -> None:
    out = tmp_path / "report"

    assert report(house, "--out", str(out)).exit_code == 0

    slug = house.made.practice.slug
    wanted = {f"{slug}-{kind}-{language}.txt" for kind in ("authority", "patient", "host") for language in ("de", "en")}
    assert {one.name for one in out.iterdir()} == wanted | {f"{slug}.json"}
    assert out.stat().st_mode & 0o777 == 0o700
    assert {one.stat().st_mode & 0o777 for one in out.iterdir()} == {0o600}
    assert "Artikel 33 Absatz 3" in (out / f"{slug}-authority-de.txt").read_text()


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--practice", "gibt-es-nicht", "--from", "2026-01-01", "--to", "2026-01-02"],
        ["--practice", "{slug}", "--from", "gestern", "--to", "2026-01-02"],
        ["--practice", "{slug}", "--from", "2026-01-02", "--to", "2026-01-01"],
        ["--practice", "{slug}", "--from", "2026-01-01", "--to", "2026-01-02", "--member", "Erika"],
        ["--practice", "{slug}", "--from", "2026-01-01", "--to", "2026-01-02", "--address", "überall"],
    ],
)
def test_what_cannot_be_is_told_in_one_line(house: House, arguments: list[str]) -> None:
    told = run("report", *(one.format(slug=house.made.practice.slug) for one in arguments))

    assert told.exit_code == 2
    assert told.stderr.startswith("sprechzeit: ")
    assert told.stderr.count("\n") == 1


def test_a_stolen_dump_is_told_table_by_table(house: House) -> None:
    told = json.loads(run("report", "--dump", "--json").stdout)

    tables = {one["name"]: one for one in told["tables"]}
    assert set(tables["patient"]["sealed"]) == {"name_sealed", "record_sealed"}
    assert "starts_at" in tables["appointment"]["clear"]
    assert tables["appointment"]["sealed"] == []
    assert tables["intake"]["sealed"] == ["sealed"]
    assert tables["record_key"]["sealed"] == ["key"]
    assert told["practices"][house.made.practice.slug]["sealed_records"] == 4
    text = run("report", "--dump").stdout
    assert "none of them names a person" in text
    assert house.made.practice.slug in text


def test_every_column_under_the_data_key_counts_as_sealed() -> None:
    assert [one for one in UNDER_THE_DATA_KEY if not is_sealed(one.table, one.column)] == []
    assert len(tables_in_a_dump()) > 20


def notify(made: Made, begun: datetime, *more: str) -> Result:
    return run("notify", "--practice", made.practice.slug, *span(begun), "--facts", "Ein Rechner war befallen.", *more)


def test_a_practice_is_told_in_its_register_by_an_alarm_and_the_clock_begins(house: House) -> None:
    before = clock.now()

    told = notify(house.made, house.begun, "--session", house.thief.session)

    with wearing(Role.DESK):
        (one,) = [row for row in incidents_of(house.made.keys) if row.row.source == Incident.Source.HOST]
    assert told.exit_code == 1  # there is no mail server here
    assert f"call them: {house.made.practice.slug}" in told.stdout
    assert before <= one.row.aware_at <= clock.now()
    assert one.extent is not None
    assert {who.id for who in one.extent.certain} == {house.patients[0], house.patients[2]}
    (event,) = events(house.made, "incident.notify")
    assert (event.subjects, event.actor_kind) == ([one.row.id], "system")
    (alarm,) = rows(house.made, Alarm, rule="incident")
    assert alarm.mailed_at is not None  # the notice is the mail
    page = at_desk(house.made).get(f"/desk/vorfaelle/{one.row.id}/").content.decode()
    assert "Ein Rechner war befallen." in page
    assert "1 Alarm ist offen" in page


def test_told_again_with_the_same_reference_it_is_one_entry() -> None:
    made = make_practice()
    begun = clock.now() - timedelta(hours=1)

    first = notify(made, begun, "--dump")
    reference = first.stdout.splitlines()[0].removeprefix("reference ")
    notify(made, begun, "--dump", "--reference", reference)

    (row,) = _incidents(made)
    assert row.reference == UUID(reference)
    assert row.extent is None
    assert row.told["dump"] is True


def test_a_dump_is_told_to_every_practice_that_is_named() -> None:
    practices = [make_practice() for _ in range(2)]
    stranger = make_practice()

    slugs = [part for one in practices for part in ("--practice", one.practice.slug)]
    run(
        "notify", *slugs, *span(clock.now() - timedelta(hours=1)), "--dump", "--facts", "Kopie der Datenbank gestohlen."
    )

    assert [len(_incidents(one)) for one in (*practices, stranger)] == [1, 1, 0]
    assert len({row.reference for one in practices for row in _incidents(one)}) == 1
    page = at_desk(practices[0]).get(f"/desk/vorfaelle/{_incidents(practices[0])[0].id}/").content.decode()
    assert "kein Schlüssel Ihrer Praxis liegt beim Betreiber" in page


def _incidents(made: Made) -> list[Any]:
    with wearing(Role.DESK), acting_for(made.id):
        return list(Incident.objects.filter(practice=made.id))
