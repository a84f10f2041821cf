from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import psycopg
import pytest

from sprechzeit import clock
from sprechzeit.booking.models import Appointment, AppointmentNote, Block, SavedView
from sprechzeit.database.connections import EMBEDDED_DATABASE
from sprechzeit.database.embedded import EmbeddedServer
from sprechzeit.database.embedded.rules import SUPERUSER
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.demo.people import invented_people
from sprechzeit.demo.run import DemoError
from sprechzeit.demo.seed import PATIENTS, seed_demo
from sprechzeit.identifiers import PracticeId
from sprechzeit.patients.models import Consent, Intake, Patient
from sprechzeit.practices.directory import bookable_visit_types
from sprechzeit.practices.models import Practice, VisitType
from sprechzeit.staff.demo import log_in_demo
from sprechzeit.staff.session import resume
from tests.conftest import FOLDER
from tests.factories import visitor

SLUG = "lindenpark"
TODAY = date(2026, 11, 25)


@pytest.fixture(scope="module")
def folder(database: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's data, filled once into the tests' database, where no other demo practice may be meanwhile."""
    made = tmp_path_factory.mktemp("demo")
    with psycopg.connect(EmbeddedServer(FOLDER / "postgres").url(SUPERUSER, EMBEDDED_DATABASE)) as connection:
        connection.execute("update practice set kind = 'real' where kind = 'demo'")
    seed_demo(made, lambda line: None)
    return made


def demo() -> Practice:
    return Practice.objects.get(slug=SLUG)


def test_the_demo_is_a_practice_of_its_own_kind_with_patients_and_appointments(folder: Path) -> None:
    practice = PracticeId(demo().id)

    with wearing(Role.DESK), acting_for(practice):
        appointments = Appointment.objects.filter(practice=practice)
        today = appointments.filter(starts_at__gte=clock.now() - timedelta(days=7), starts_at__lt=clock.now())
        assert demo().kind == Practice.Kind.DEMO
        assert Patient.objects.filter(practice=practice).count() == PATIENTS
        assert appointments.count() > 1000
        assert today.exists()
        assert set(appointments.values_list("status", flat=True)) >= {"booked", "done", "cancelled"}
        assert Intake.objects.filter(practice=practice, accepted_at=None).exists()


def test_its_days_are_those_of_a_working_practice(folder: Path) -> None:
    practice = PracticeId(demo().id)

    with wearing(Role.DESK), acting_for(practice):
        coming = Appointment.objects.filter(practice=practice, starts_at__gte=clock.now())
        assert Block.objects.filter(practice=practice).count() > 20
        assert AppointmentNote.objects.filter(practice=practice).exists()
        assert coming.filter(overbooked=True, appointment_type="emergency").exists()
        assert SavedView.objects.filter(practice=practice).count() == 3
        consenting = Consent.objects.filter(practice=practice).values("patient").distinct().count()
        assert PATIENTS * 0.75 < consenting < PATIENTS


def test_each_way_to_be_seen_is_among_its_visit_types(folder: Path) -> None:
    practice = PracticeId(demo().id)

    with wearing(Role.DESK), acting_for(practice):
        types = VisitType.objects.filter(practice=practice)
        asked = types.get(questions__number=2)
        assert types.filter(walk_in=True, online=False).count() == 1
        assert types.filter(modality="video", open_to="known").count() == 1
        assert types.filter(access="referral").count() == 1
        assert asked.questions.count() == 2
        assert asked.instructions_de


def test_its_log_in_opens_the_patients(folder: Path) -> None:
    with wearing(Role.DESK):
        session = resume(log_in_demo(folder, demo_runs=True))

    assert session.practice == demo().id


def test_every_visit_type_that_is_offered_online_shows_its_page(folder: Path) -> None:
    client = visitor()

    for visit_type in bookable_visit_types(PracticeId(demo().id)):
        assert client.get(f"/praxis/{SLUG}/termin/{visit_type.id}/", follow=True).status_code == 200


def test_a_second_run_changes_nothing(folder: Path) -> None:
    practice = PracticeId(demo().id)
    with wearing(Role.DESK), acting_for(practice):
        before = Appointment.objects.filter(practice=practice).count()

    seed_demo(folder, lambda line: pytest.fail("nothing is to be done"))

    with wearing(Role.DESK), acting_for(practice):
        assert Appointment.objects.filter(practice=practice).count() == before


def test_a_filling_that_was_interrupted_is_told_with_what_to_do(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(DemoError, match="make demo-reset"):
        seed_demo(tmp_path, lambda line: None)


def test_its_people_are_invented_and_reach_nobody() -> None:
    people = invented_people(300, TODAY)

    assert all(person.email.endswith("@example.org") for person in people if person.email)
    assert all(re.fullmatch(r"\+493023125\d{3}", person.phone) for person in people)
    assert all(person.birth_date and person.birth_date < TODAY for person in people)


def test_its_people_are_the_same_every_time() -> None:
    assert [one.to_bytes() for one in invented_people(50, TODAY)] == [
        one.to_bytes() for one in invented_people(50, TODAY)
    ]
