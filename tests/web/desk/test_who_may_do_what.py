"""Every address of the desk and the API, for every role, with things of the own and of another practice."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from sprechzeit import clock
from sprechzeit.audit.models import Event
from sprechzeit.booking.clipboard import put_on_clipboard
from sprechzeit.booking.saved_view import save_view
from sprechzeit.cli.permissions import api_operations, desk_addresses, permission_tables
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.patients.create import create_patient
from sprechzeit.rights.ask import ask_at_desk
from sprechzeit.rights.models import RightsRequest
from sprechzeit.staff.models import Membership
from sprechzeit.staff.permissions import Permission, is_allowed
from sprechzeit.staff.token import Scope, make_token
from tests.booking.blocked import block_in
from tests.factories import Made, at_desk, book, in_days, make_bookable, make_person, open_up, visitor
from tests.timetable.calendar import except_in, open_weekly, weekly

ADDRESSES = list(desk_addresses())
GUARDED = [(name, route, permission) for name, route, permission, _ in ADDRESSES if permission is not None]
NAMING = [one for one in GUARDED if "<" in one[1]]
# Open to anybody, each for a reason: whoever logs in, joins, recovers or leaves has no session yet or any more.
OPEN = {
    "login",
    "login-begin",
    "login-finish",
    "login-demo",
    "logout",
    "lock",
    "invitation",
    "invitation-begin",
    "invitation-finish",
    "use-sheet",
    "key-swapped",
    "key-restore-sheet",
    "key-restore-passkey",
}
OPEN_TO_PROGRAMS = "anybody"
REFUSED = 403


@dataclass
class Subject:
    """A practice with one appointment booked online, whose ids fill the addresses."""

    made: Made
    appointment: UUID
    settings: dict[str, object]

    def client(self, role: str) -> Client:
        with wearing(Role.DESK), acting_for(self.made.id):
            Membership.objects.filter(practice=self.made.id, member=self.made.member).update(role=role)
        return at_desk(self.made)


def make_subject(**person: str) -> Subject:
    made, visit_type = make_bookable()
    clinician = made.clinicians[0]
    with wearing(Role.DESK):
        patient = create_patient(made.keys, made.actor, make_person(**person))
    settings: dict[str, object] = {
        "patient": patient,
        "location": made.location.id,
        "resource": clinician.id,
        "visit_type": visit_type.id,
        "rule": open_weekly(made, weekly(0, 8, 18)).id,
        "block": block_in(made, in_days(8, 9), note=person.get("last_name", "")),
        "exception": except_in(made, "extra", in_days(9, 9), in_days(9, 10), clinician).id,
    }
    open_up(made, clinician, in_days(1, 9), in_days(1, 12))  # the rule has rewritten them
    appointment = book(made, visit_type, in_days(1, 9), **person).appointment_id
    with wearing(Role.DESK):
        settings["item"] = put_on_clipboard(made.id, made.actor, appointment, "cut")
        kept = save_view(made.id, made.actor, name="Eigene", shape="day", resources=[clinician.id], zoom=15)
        settings["view"] = kept.id
        today = clock.now().astimezone(made.practice.zone).date()
        access, phone = RightsRequest.Kind.ACCESS, RightsRequest.Source.PHONE
        settings["asked"] = ask_at_desk(made.id, made.actor, patient, access, phone, today, person["last_name"])
    return Subject(made, appointment, settings)


@pytest.fixture(scope="module")
def own(database: None) -> Subject:
    return make_subject(last_name="Eigenmann")


@pytest.fixture(scope="module")
def other(database: None) -> Subject:
    return make_subject(last_name="Fremdmann")


def address(name: str, route: str, ids: dict[str, object]) -> str:
    return reverse(f"desk:{name}", kwargs={key: value for key, value in ids.items() if f":{key}>" in route})


def ids_of(subject: Subject) -> dict[str, object]:
    some = subject.appointment  # of the right form everywhere, and of a thing that exists for appointments
    keys = (
        "appointment",
        "passkey",
        "login",
        "invitation",
        "token",
        "step",
        "note",
        "ticket",
        "message",
        "entry",
        "offer",
        "alarm",
        "incident",
        "recall",
        "support",
    )
    return {
        **dict.fromkeys(keys, some),
        "member": subject.made.member,
        "number": subject.made.practice.id,
        "code": subject.made.practice.id,
        **subject.settings,
    }


def ask(client: Client, url: str) -> HttpResponse:
    """By GET, or by POST where it takes nothing else."""
    answer = client.get(url)
    return client.post(url) if answer.status_code == 405 else answer


def is_login(answer: HttpResponse) -> bool:
    return answer.status_code in {302, 303} and "/desk/anmelden/" in answer.headers["Location"]


def test_every_address_has_a_permission_or_is_open_for_a_reason() -> None:
    open_ones = {name for name, _, permission, _ in ADDRESSES if permission is None}

    assert open_ones == OPEN


@pytest.mark.parametrize("role", Membership.Role.values)
@pytest.mark.parametrize(("name", "route", "permission"), GUARDED, ids=[one[0] for one in GUARDED])
def test_a_role_gets_what_the_table_says(
    own: Subject, role: str, name: str, route: str, permission: Permission
) -> None:
    client = own.client(role)

    answer = ask(client, address(name, route, {**ids_of(own), "member": own.appointment}))

    if is_allowed(role, permission):
        assert answer.status_code != REFUSED
        assert answer.status_code < 500
        assert not is_login(answer) or name == "logout"
    else:
        assert answer.status_code == REFUSED
        assert "Eigenmann" not in answer.content.decode()


@pytest.mark.parametrize(("name", "route", "permission"), NAMING, ids=[one[0] for one in NAMING])
def test_nothing_of_another_practice_is_shown_or_changed(
    own: Subject, other: Subject, name: str, route: str, permission: Permission
) -> None:
    client = own.client("owner")
    with wearing(Role.DESK), acting_for(other.made.id):
        before = Event.objects.filter(practice=other.made.id).count()

    answer = ask(client, address(name, route, ids_of(other)))

    assert answer.status_code in {302, 401, 404, 409, 422}
    assert "Fremdmann" not in answer.content.decode()
    with wearing(Role.DESK), acting_for(other.made.id):
        assert Event.objects.filter(practice=other.made.id).count() == before


@pytest.mark.parametrize(("name", "route", "permission"), GUARDED, ids=[one[0] for one in GUARDED])
def test_without_a_session_there_is_only_the_way_to_log_in(
    own: Subject, name: str, route: str, permission: Permission
) -> None:

    answer = ask(visitor(), address(name, route, ids_of(own)))

    assert is_login(answer)


def test_a_refusal_stands_in_the_trail(own: Subject) -> None:
    own.client("reception").get(reverse("desk:tokens"))

    with wearing(Role.DESK), acting_for(own.made.id):
        last = Event.objects.filter(practice=own.made.id).order_by("number").last()
        assert last is not None
        assert (last.action, last.details["permission"]) == ("permission.refused", "tokens")


@pytest.mark.parametrize("scope", list(Scope))
@pytest.mark.parametrize(("method", "path", "needs"), [one for one in api_operations() if "/desk/" in one[1]])
def test_a_token_does_what_its_scope_says_in_its_own_practice(
    own: Subject, other: Subject, scope: Scope, method: str, path: str, needs: str
) -> None:
    with wearing(Role.DESK):
        token = make_token(own.made.keys, own.made.actor, name="Test", scopes=[scope], days=1, member=own.made.member)
    client = Client(headers={"host": "localhost", "authorization": f"Bearer {token}"})

    if method == "GET":
        answer = client.get(path, {"day": in_days(1).date().isoformat()})
    else:
        answer = client.post(path, {"q": "mann"}, content_type="application/json")

    assert answer.status_code == (200 if f"`{scope.value}`" in needs else REFUSED)
    assert "Fremdmann" not in answer.content.decode()


@pytest.mark.parametrize(("method", "path", "needs"), [one for one in api_operations() if "/desk/" in one[1]])
@pytest.mark.parametrize("token", ["", "szp_1-00_x", f"szp_1-{'0' * 32}_{'A' * 43}", "Ü"])
def test_without_a_good_token_the_desks_api_tells_nothing(method: str, path: str, needs: str, token: str) -> None:
    client = Client(headers={"host": "localhost", "authorization": f"Bearer {token}".encode().decode("latin-1")})

    answer = client.get(path, {"day": "2026-11-24"}) if method == "GET" else client.post(path, {}, "application/json")

    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_every_operation_of_the_api_is_open_or_needs_a_secret() -> None:
    needs = {path: what for _, path, what in api_operations()}

    assert all("token" in what for path, what in needs.items() if path.startswith("/api/v1/desk/"))
    assert {path for path, what in needs.items() if what == OPEN_TO_PROGRAMS} == {
        "/api/v1/practices",
        "/api/v1/practices/{slug}",
        "/api/v1/practices/{slug}/visit-types",
        "/api/v1/practices/{slug}/visit-types/{visit_type}/slots",
        "/api/v1/practices/{slug}/holds",
        "/api/v1/practices/{slug}/holds/release",
        "/api/v1/practices/{slug}/appointments",
        "/api/v1/practices/{slug}/appointments/code",
    }


def test_the_documentation_holds_the_tables_as_the_command_prints_them() -> None:
    from pathlib import Path

    from django.utils.translation import override

    written = (Path(__file__).parents[3] / "docs" / "permissions.md").read_text(encoding="utf-8")

    with override("en"):
        assert permission_tables().strip() in written
