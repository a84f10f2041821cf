"""What the browser and the program meet that open too many patients: the passkey is asked for, then it is over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.test import Client, override_settings

from sprechzeit import clock
from sprechzeit.audit.models import Event
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.guard.models import WorkLimit
from sprechzeit.patients.create import create_patient
from sprechzeit.staff.invite import invite
from sprechzeit.staff.models import ApiToken, Membership
from sprechzeit.staff.token import make_token
from tests.factories import Made, at_desk, make_person, make_practice, visitor
from tests.guard.watched import alarms
from tests.staff.authenticator import Authenticator
from tests.staff.test_joining_and_logging_in import join, log_in, post

FIRST, SECOND = 5, 8


@pytest.fixture(autouse=True)
def limits_on() -> Iterator[None]:
    with override_settings(RATE_LIMITS=True):
        yield


class Practice:
    """With twelve patients, and limits so narrow that a test meets them."""

    def __init__(self) -> None:
        self.made: Made = make_practice()
        with wearing(Role.DESK):
            self.patients = [
                create_patient(self.made.keys, self.made.actor, make_person(last_name=f"Muster{number}"))
                for number in range(12)
            ]
        with wearing(Role.WORKER), acting_for(self.made.id):
            WorkLimit.objects.create(
                practice_id=self.made.id, opened_first=FIRST, opened_second=SECOND, named_first=100,
                named_second=200, changes=60, learnt_at=clock.now(),
            )  # fmt: skip  # lines grouped by hand

    def reception(self) -> tuple[Client, Authenticator]:
        """A member who joined with a passkey of their own, and is logged in."""
        device, client = Authenticator(), visitor()
        with wearing(Role.DESK):
            invitation = invite(self.made.keys, self.made.actor, Membership.Role.RECEPTION)
        assert join(client, invitation, device).status_code == 200
        return client, device

    def open(self, client: Client, number: int) -> Any:
        return client.get(f"/desk/patient/{self.patients[number]}/")

    def open_all(self, client: Client, numbers: range) -> list[int]:
        return [self.open(client, number).status_code for number in numbers]

    def actions(self) -> list[str]:
        with wearing(Role.DESK), acting_for(self.made.id):
            found = Event.objects.filter(practice=self.made.id, action__startswith="reading.").order_by("number")
            return list(found.values_list("action", flat=True))


def prove(client: Client, device: Authenticator) -> int:
    options = post(client, "bestaetigen/beginn/", {}).json()
    return int(post(client, "bestaetigen/abschluss/", device.prove(options)).status_code)


def test_beyond_the_first_limit_the_page_asks_for_the_passkey_and_then_shows_what_was_asked_for() -> None:
    practice = Practice()
    client, device = practice.reception()
    assert practice.open_all(client, range(FIRST)) == [200] * FIRST

    asked = practice.open(client, FIRST)
    proved = prove(client, device)
    shown = practice.open(client, FIRST)

    assert asked.status_code == 403
    assert "ungewöhnlich viele Patienten" in asked.content.decode()
    assert "Muster5" not in asked.content.decode()
    assert (proved, shown.status_code) == (200, 200)
    assert practice.actions() == ["reading.ask"]
    assert alarms(practice.made, "quota") == []


def test_who_was_opened_already_can_still_be_opened() -> None:
    practice = Practice()
    client, _device = practice.reception()
    practice.open_all(client, range(FIRST + 1))

    assert practice.open_all(client, range(FIRST)) == [200] * FIRST


def test_beyond_the_second_limit_the_session_is_over_and_the_owner_has_an_alarm() -> None:
    practice = Practice()
    client, device = practice.reception()
    practice.open_all(client, range(FIRST + 1))
    prove(client, device)
    assert practice.open_all(client, range(SECOND)) == [200] * SECOND

    stopped = practice.open(client, SECOND)

    assert "Sitzung beendet" in stopped.content.decode()
    assert "Muster8" not in stopped.content.decode()
    assert "/desk/anmelden/" in practice.open(client, 0).headers["Location"]
    assert practice.actions() == ["reading.ask", "reading.stop"]
    (alarm,) = alarms(practice.made, "quota")
    assert alarm.severity == "critical"
    assert "1 Alarm ist offen" in at_desk(practice.made).get("/desk/").content.decode()


def test_who_goes_on_without_the_passkey_is_logged_out() -> None:
    practice = Practice()
    client, _device = practice.reception()
    practice.open_all(client, range(FIRST))

    answers = [practice.open(client, FIRST + one % 3) for one in range(6)]

    assert ["Sitzung beendet" in one.content.decode() for one in answers] == [False] * 5 + [True]
    assert len(alarms(practice.made, "quota")) == 1


def test_logging_in_again_does_not_open_more_until_an_owner_has_looked() -> None:
    practice = Practice()
    client, device = practice.reception()
    practice.open_all(client, range(FIRST + 1))
    prove(client, device)
    practice.open_all(client, range(SECOND + 1))
    again = visitor()
    log_in(again, device)
    refused = practice.open(again, SECOND)
    owner = at_desk(practice.made)

    owner.post(f"/desk/alarme/{alarms(practice.made, 'quota')[0].id}/erledigt/", {"note": "war sie selbst"})
    again = visitor()
    log_in(again, device)

    assert "Sitzung beendet" in refused.content.decode()
    assert practice.open(again, SECOND).status_code == 200


def test_a_program_is_stopped_at_the_second_limit_and_its_token_revoked() -> None:
    practice = Practice()
    made = practice.made
    with wearing(Role.DESK):
        token = make_token(
            made.keys, made.actor, name="PVS", scopes=["patients.search"], days=3, member=made.member
        )  # fmt: skip  # lines grouped by hand

    def search(text: str) -> Any:
        headers = {"authorization": f"Bearer {token}"}
        return visitor().post("/api/v1/desk/patients/search", {"q": text}, "application/json", headers=headers)

    answers = [search(f"Muster{number}").status_code for number in range(2, 10)]
    stopped = search("Muster")
    with wearing(Role.DESK), acting_for(made.id):
        left = ApiToken.objects.filter(practice=made.id).count()

    assert answers == [200] * 8
    assert (stopped.status_code, stopped.json()["type"]) == (403, "urn:sprechzeit:problem:reading-stopped")
    assert (search("Muster2").status_code, left) == (401, 0)
    assert UUID(alarms(made, "quota")[0].actor)
