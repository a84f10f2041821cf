"""Four weeks of the demo practice's normal work raise no alarm; a stolen session that walks the patients is stopped."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle, product
from pathlib import Path
from uuid import UUID

import httpx
import psycopg
import pytest
from django.test import override_settings

from sprechzeit.audit.models import Event
from sprechzeit.audit.record import Actor
from sprechzeit.booking.learn_limits import learn_limits
from sprechzeit.database.connections import EMBEDDED_DATABASE
from sprechzeit.database.embedded import EmbeddedServer
from sprechzeit.database.embedded.rules import SUPERUSER
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.demo.seed import seed_demo
from sprechzeit.guard.models import Alarm
from sprechzeit.guard.rules import Limits
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.models import Practice
from sprechzeit.staff.demo import log_in_demo
from sprechzeit.staff.membership import add_membership
from sprechzeit.staff.models import DeskSession, Member, Membership, Passkey
from sprechzeit.staff.session import begin, resume
from sprechzeit.vault import PracticeKeys
from tests.conftest import FOLDER
from tests.guard.normal_work import Work, begin_work, busiest, work_for_weeks
from tests.journeys.conftest import free_port, wait_for

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass(repr=False)
class Demo:
    """The demo practice with two members of its own; its limits are learnt from its calendar."""

    work: Work
    limits: Limits


@pytest.fixture(scope="module")
def demo(database: None, tmp_path_factory: pytest.TempPathFactory) -> Demo:
    folder: Path = tmp_path_factory.mktemp("demo")
    with psycopg.connect(EmbeddedServer(FOLDER / "postgres").url(SUPERUSER, EMBEDDED_DATABASE)) as connection:
        connection.execute("update practice set kind = 'real', slug = 'war-' || id where kind = 'demo'")
    seed_demo(folder, lambda line: None)
    practice = Practice.objects.get(slug="lindenpark")
    number = PracticeId(practice.id)
    with wearing(Role.WORKER):
        limits = learn_limits(number)
    with wearing(Role.DESK):
        keys = resume(log_in_demo(folder, demo_runs=True)).keys
    desk, room = (Actor("member", str(add_member(number, keys))) for _ in range(2))
    return Demo(begin_work(practice, keys, desk, room), limits)


def add_member(practice: PracticeId, keys: PracticeKeys) -> UUID:
    with wearing(Role.DESK), acting_for(practice):
        member = Member.objects.create()
        add_membership(keys, member.id, Membership.Role.RECEPTION, "Empfang")
    return member.id


@pytest.fixture(scope="module")
def normal(demo: Demo) -> dict[str, int]:
    """What the busiest hour of four weeks of normal work was."""
    with override_settings(RATE_LIMITS=True):
        work_for_weeks(demo.work)
    return busiest(demo.work.number, [demo.work.desk, demo.work.room])


@pytest.fixture
def server() -> Iterator[str]:
    """The product's own server, with its limits on, on the tests' database."""
    port = free_port()
    address = f"http://localhost:{port}"
    environment = {**os.environ, "SPRECHZEIT_DATA": str(FOLDER), "PUBLIC_URL": address, "SPRECHZEIT_NO_RATE_LIMITS": ""}
    command = [sys.executable, "-m", "sprechzeit", "serve", "--port", str(port), "--workers", "1"]
    with (FOLDER / "scraped.log").open("ab") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
    wait_for(address, process)
    yield address
    process.send_signal(signal.SIGTERM)
    process.wait(20)


def stolen_session(demo: Demo) -> tuple[UUID, str]:
    """A member who logged in with a passkey a moment ago, and the cookie of their browser."""
    member = add_member(demo.work.number, demo.work.keys)
    with wearing(Role.DESK):
        passkey = Passkey.objects.create(member_id=member, credential_id=member.bytes, public_key=b"-")
        return member, begin(demo.work.number, member, demo.work.keys, passkey=passkey.id)


def is_over(answer: httpx.Response) -> bool:
    return "/desk/anmelden/" in answer.headers.get("location", "") or "Sitzung beendet" in answer.text


def scrape(address: str, cookie: str, patients: list[UUID]) -> float:
    """Search for all pairs of letters and open whoever exists, as fast as the server answers; seconds until stopped."""
    begun = time.monotonic()
    pairs = ["".join(pair) for pair in product("aeinrstlhmubk", repeat=2)]
    with httpx.Client(base_url=address, cookies={"desk": cookie}) as client:
        client.get("/desk/sicherheit/")
        form = {"csrfmiddlewaretoken": TOKEN.findall(client.get("/desk/sicherheit/").text)[0]}
        for pair, patient in zip(cycle(pairs), patients, strict=False):
            found = client.post("/desk/patienten/", data={**form, "q": pair}, headers={"Origin": address})
            opened = client.get(f"/desk/patient/{patient}/")
            if is_over(found) or is_over(opened):
                return time.monotonic() - begun
    raise AssertionError("nobody stopped it")


def test_a_scraper_with_a_stolen_session_is_stopped_within_a_minute_and_the_alarm_is_raised(
    demo: Demo, server: str
) -> None:
    member, cookie = stolen_session(demo)

    seconds = scrape(server, cookie, [one for one, _name in demo.work.patients])

    number = demo.work.number
    scraped = busiest(number, [Actor("member", str(member))])["opened"]
    with wearing(Role.DESK), acting_for(number):
        alarm = Alarm.objects.get(practice=number, rule="quota", actor=str(member))
        assert not DeskSession.objects.filter(practice=number, member=member).exists()
        events = Event.objects.filter(practice=number, actor=str(member)).order_by("number")
        begun = events.filter(action="session.begin").get().at
        assert list(events.filter(action__startswith="reading.").values_list("action", flat=True)) == [
            "reading.ask",
            "reading.stop",
        ]
    print(f"\nscraped {scraped} of {len(demo.work.patients)} in {seconds:.1f} s")  # noqa: T201 - the figure that the documents state
    assert 0 < scraped <= demo.limits.opened_first * 1.03
    assert seconds < 60
    assert alarm.first_seen - begun < timedelta(seconds=90)  # the server was begun in between


def test_normal_work_raises_no_alarm_and_is_never_asked(demo: Demo, normal: dict[str, int]) -> None:
    actors = [demo.work.desk.id, demo.work.room.id]
    with wearing(Role.DESK), acting_for(demo.work.number):
        fired = list(Alarm.objects.filter(practice=demo.work.number, actor__in=actors).values_list("rule", flat=True))

    print(f"\nbusiest hour {normal}, {demo.limits}")  # noqa: T201 - the figure that the documents state
    assert fired == []


def test_the_limits_lie_between_normal_work_and_twice_of_it(demo: Demo, normal: dict[str, int]) -> None:
    limits = demo.limits

    assert normal["opened"] < limits.opened_first < limits.opened_second < 2 * normal["opened"]
    assert normal["changes"] < limits.changes
    assert normal["named"] < limits.named_first
