"""The register of incidents (Art. 33(5) GDPR): what is kept, by whom, and what must be there before one is closed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest

from sprechzeit import clock
from sprechzeit.database.connections import EMBEDDED_DATABASE
from sprechzeit.database.embedded import EmbeddedServer
from sprechzeit.database.embedded.rules import SUPERUSER
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.errors import Invalid
from sprechzeit.incident.begin import begin_incident
from sprechzeit.incident.change import change_incident
from sprechzeit.incident.close import close_incident, open_again, still_open
from sprechzeit.incident.compute import compute_again
from sprechzeit.incident.concerned import Wanted
from sprechzeit.incident.errors import IncidentChanged, IncidentClosed, IncidentNotFound
from sprechzeit.incident.extent import extent_of
from sprechzeit.incident.models import Incident
from sprechzeit.incident.read import incident_of, incidents_of
from sprechzeit.incident.stored import from_values, to_values
from sprechzeit.incident.tell import Whom, note_told
from sprechzeit.incident.texts import LONGEST, Texts
from sprechzeit.patients.rotate import rotate_some
from sprechzeit.staff.keys import open_keyring
from sprechzeit.staff.leave import begin_new_data_key
from tests.booking.booked import events
from tests.conftest import FOLDER
from tests.factories import Made, make_practice
from tests.incident.registered import FULL, enter, shown
from tests.incident.scraped import by_card, make_house, walk

RISK = Incident.Risk


@pytest.fixture
def made() -> Made:
    return make_practice()


def change(made: Made, incident: object, texts: Texts, risk: str) -> None:
    with wearing(Role.DESK):
        change_incident(
            made.keys, made.actor, incident, texts, risk, version=shown(made, incident).row.version
        )  # fmt: skip  # lines grouped by hand


def tell(made: Made, incident: object, whom: Whom, at: object) -> None:
    with wearing(Role.DESK):
        note_told(made.id, made.actor, incident, whom, at, version=shown(made, incident).row.version)


def test_what_is_written_stands_there_again_and_is_sealed(made: Made) -> None:
    incident = enter(made)

    assert shown(made, incident).texts == FULL
    with psycopg.connect(EmbeddedServer(FOLDER / "postgres").url(SUPERUSER, EMBEDDED_DATABASE)) as connection:
        (text,) = connection.execute(
            "select to_jsonb(incident)::text from incident where id = %s", [incident]
        ).fetchone()
        assert "Empfang" not in text
        assert b"Empfang".hex() not in text


def test_the_extent_is_kept_as_it_was_computed() -> None:
    house = make_house(patients=3, visits=0)
    since = clock.now()
    walk(house, house.thief, by_card, 0, since)
    with wearing(Role.DESK):
        found = extent_of(house.made.id, Wanted(since, clock.now()))

    assert from_values(json.loads(json.dumps(to_values(found)))) == found
    assert shown(house.made, enter(house.made, since)).extent.certain == found.certain


def test_the_same_key_enters_one_incident(made: Made) -> None:
    wanted = Wanted(clock.now() - timedelta(hours=1), clock.now())
    aware = clock.now()
    with wearing(Role.DESK):
        one, other = (begin_incident(made.keys, made.actor, wanted, aware, FULL, key="k") for _ in range(2))
        assert one == other
        assert len(incidents_of(made.keys)) == 1


@pytest.mark.parametrize(
    ("since", "until", "aware", "field"),
    [(2, 3, 0, "until"), (2, 2, 0, "until"), (2, -1, 0, "until"), (2, 1, 3, "aware"), (2, 1, -1, "aware")],
)
def test_spans_that_cannot_be_are_refused(made: Made, since: int, until: int, aware: int, field: str) -> None:
    now = clock.now()

    wanted = Wanted(now - timedelta(hours=since), now - timedelta(hours=until))

    with wearing(Role.DESK), pytest.raises(Invalid) as refused:
        begin_incident(made.keys, made.actor, wanted, now - timedelta(hours=aware), FULL)

    assert refused.value.field == field


@pytest.mark.parametrize(
    ("texts", "networks", "field"),
    [
        (Texts(facts="x" * (LONGEST + 1)), (), "facts"),
        (Texts(measures_en="a\0"), (), "measures_en"),
        (Texts(), ("überall",), "networks"),
        (Texts(), tuple(f"10.0.0.{n}" for n in range(21)), "networks"),
    ],
)
def test_what_cannot_be_kept_is_told_at_its_field(
    made: Made, texts: Texts, networks: tuple[str, ...], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        enter(made, texts=texts, networks=networks)

    assert refused.value.field == field
    with wearing(Role.DESK):
        assert incidents_of(made.keys) == []


def test_each_step_stands_in_the_trail_without_its_words(made: Made) -> None:
    incident = enter(made)
    change(made, incident, replace(FULL, facts="Neu."), RISK.SOME)
    tell(made, incident, Whom.AUTHORITY, clock.now())
    with wearing(Role.DESK):
        compute_again(made.id, made.actor, incident, Wanted(clock.now() - timedelta(1), clock.now()), version=3)
        close_incident(made.keys, made.actor, incident, version=4)
        open_again(made.id, made.actor, incident)

    steps = ["begin", "change", "tell", "compute", "close", "open-again"]
    assert [[one.subjects for one in events(made, f"incident.{step}")] for step in steps] == [[[incident]]] * 6
    (changed,) = events(made, "incident.change")
    assert changed.details == {"fields": ["facts", "risk"]}


def test_a_change_of_what_somebody_else_changed_is_refused(made: Made) -> None:
    incident = enter(made)
    change(made, incident, replace(FULL, facts="Neu."), RISK.SOME)

    with wearing(Role.DESK), pytest.raises(IncidentChanged):
        change_incident(made.keys, made.actor, incident, FULL, RISK.NONE, version=1)


def test_a_closed_one_changes_no_more_until_it_is_opened_again(made: Made) -> None:
    incident = enter(made)
    change(made, incident, FULL, RISK.SOME)
    tell(made, incident, Whom.AUTHORITY, clock.now())
    with wearing(Role.DESK):
        close_incident(made.keys, made.actor, incident, version=3)

    with pytest.raises(IncidentClosed):
        tell(made, incident, Whom.PATIENTS, clock.now())

    with wearing(Role.DESK):
        open_again(made.id, made.actor, incident)
    tell(made, incident, Whom.PATIENTS, clock.now())


@pytest.mark.parametrize(
    ("risk", "texts", "authority", "missing"),
    [
        (RISK.OPEN, FULL, True, 1),
        (RISK.NONE, FULL, False, 1),  # why no notification
        (RISK.NONE, replace(FULL, no_authority="Verschlüsselt."), False, 0),
        (RISK.SOME, FULL, False, 1),
        (RISK.SOME, FULL, True, 0),
        (RISK.HIGH, FULL, True, 1),  # the patients
        (RISK.HIGH, replace(FULL, no_patients="Alle Daten waren verschlüsselt."), True, 0),
        (RISK.SOME, Texts(), True, 3),  # facts, effects, measures
    ],
)
def test_what_the_law_asks_for_is_there_before_it_is_closed(
    made: Made, risk: str, texts: Texts, authority: bool, missing: int
) -> None:
    incident = enter(made, texts=Texts())
    change(made, incident, texts, risk)
    if authority:
        tell(made, incident, Whom.AUTHORITY, clock.now())
    found = shown(made, incident)

    assert len(list(still_open(found.row, found.texts))) == missing
    with wearing(Role.DESK):
        if missing:
            with pytest.raises(Invalid):
                close_incident(made.keys, made.actor, incident, version=found.row.version)
        else:
            close_incident(made.keys, made.actor, incident, version=found.row.version)


def test_a_late_notification_needs_its_reasons(made: Made) -> None:
    incident = enter(made, clock.now() - timedelta(days=5), aware=clock.now() - timedelta(hours=80))
    change(made, incident, FULL, RISK.SOME)
    tell(made, incident, Whom.AUTHORITY, clock.now())

    late = shown(made, incident)
    assert late.deadline.was_late
    assert len(list(still_open(late.row, late.texts))) == 1
    assert list(still_open(late.row, replace(FULL, delay="Urlaub."))) == []


def test_nobody_was_told_before_it_was_known(made: Made) -> None:
    incident = enter(made)

    for at in (clock.now() - timedelta(hours=1), clock.now() + timedelta(hours=1)):
        with pytest.raises(Invalid):
            tell(made, incident, Whom.AUTHORITY, at)


def test_another_practice_sees_nothing_of_it(made: Made) -> None:
    incident, other = enter(made), make_practice()

    with pytest.raises(IncidentNotFound):
        shown(other, incident)
    with wearing(Role.DESK), acting_for(other.id):
        assert Incident.objects.count() == 0


@pytest.mark.parametrize("role", [Role.FRONT, Role.WORKER])
def test_neither_visitors_nor_the_worker_can_read_what_the_practice_keeps(made: Made, role: Role) -> None:
    enter(made)

    for column in ("texts_sealed", "extent", "actors"):
        with wearing(role), pytest.raises(Exception, match="permission denied"), acting_for(made.id):
            Incident.objects.filter(practice=made.id).values_list(column).first()


def test_nobody_can_delete_from_it(made: Made) -> None:
    enter(made)

    with wearing(Role.DESK), pytest.raises(Exception, match="permission denied"), acting_for(made.id):
        Incident.objects.all().delete()


def test_it_is_readable_after_a_new_data_key(made: Made) -> None:
    incident = enter(made)
    with wearing(Role.DESK):
        begin_new_data_key(made.keys, made.actor)
        for _ in range(20):
            with acting_for(made.id):
                keys = open_keyring(made.id, made.keys.private)
            if not rotate_some(keys, made.actor).running:
                break

        assert incident_of(keys, incident).texts == FULL
        assert len(keys.keyring.keys) >= 1
