from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest
from django.test import override_settings

from sprechzeit.booking.models import Appointment, Hold
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.patients.models import Intake
from tests.api.caller import PERSON, Caller, answer_of
from tests.factories import Made, in_days, make_bookable, visitor


def is_untouched(made: Made) -> bool:
    """No appointment and no intake: nothing was half done."""
    with wearing(Role.DESK), acting_for(made.id):
        return not Appointment.objects.filter(practice=made.id).exists() and not Intake.objects.exists()


@pytest.mark.parametrize("path", ["/api/", "/api/v1/nothing", "/api/v2/practices", "/api/v1/practices/"])
@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_an_unknown_address_is_told_as_problem_details(path: str, method: str) -> None:
    answer = answer_of(visitor(enforce_csrf_checks=True).generic(method.upper(), path))

    assert (answer.status, answer.code) == (404, "not-found")


@pytest.mark.parametrize("slug", ["no-such-practice", "GROSS", "a" * 61, "%00", "%F0%9F%98%80", ".."])
def test_an_unknown_or_malformed_practice_is_refused(slug: str) -> None:
    for path in (slug, f"{slug}/visit-types", f"{slug}/visit-types/1/slots"):
        assert answer_of(visitor().get(f"/api/v1/practices/{path}")).status in {404, 422}


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "OPTIONS", "POST", "BREW"])
def test_a_wrong_method_is_told_with_those_that_are_allowed(method: str) -> None:
    answer = answer_of(visitor().generic(method, "/api/v1/practices"))

    assert (answer.status, answer.code) == (405, "method")
    assert answer.headers["allow"] == "GET"


@pytest.mark.parametrize("body", ["", "{", "null", "[]", "5", '"text"', "\xff", "{'a': 1}", "[" * 100_000, "9" * 5000])
def test_a_body_that_is_no_json_object_is_refused(body: str) -> None:
    made, _ = make_bookable()
    url = f"/api/v1/practices/{made.practice.slug}/holds"

    answer = answer_of(visitor().generic("POST", url, body.encode("latin-1"), "application/json"))

    assert answer.status in {400, 422}


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_json_under_another_content_type_is_refused(content_type: str) -> None:
    made, visit_type = make_bookable()
    body = json.dumps({"visit_type": visit_type.id, "start": in_days(1, 9).isoformat()})

    answer = answer_of(visitor().generic("POST", f"/api/v1/practices/{made.practice.slug}/holds", body, content_type))

    assert (answer.status, answer.code) == (415, "not-json")
    with wearing(Role.DESK), acting_for(made.id):
        assert not Hold.objects.filter(practice=made.id).exists()


def test_a_body_that_is_too_large_is_refused() -> None:
    made, _ = make_bookable()

    answer = Caller(made).book("A" * 22, first_name="a" * 300_000)

    assert (answer.status, answer.code) == (413, "too-large")


def test_a_foreign_host_name_is_refused() -> None:
    answer = answer_of(visitor().get("/api/v1/practices", headers={"host": "evil.example"}))

    assert (answer.status, answer.code) == (400, "request")


@override_settings(ROOT_URLCONF="tests.site.doors_that_fail")
def test_a_defect_tells_nothing_of_itself() -> None:
    client = visitor(raise_request_exception=False)

    response = client.get("/api/v1/defect")

    assert answer_of(response).code == "defect"
    assert b"Unverwechselbar" not in response.content


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"first_name": 5}, "first_name"),
    ({"first_name": None}, "first_name"),
    ({"first_name": ["Erika"]}, "first_name"),
    ({"first_name": ""}, "first_name"),
    ({"first_name": " \t "}, "first_name"),
    ({"first_name": "a" * 81}, "first_name"),
    ({"first_name": "Eri\x00ka"}, "first_name"),
    ({"first_name": "Eri\x1fka"}, "first_name"),
    ({"first_name": "Eri\u202eka"}, "first_name"),
    ({"first_name": "Eri\ud800ka"}, "first_name"),
    ({"last_name": {}}, "last_name"),
    ({"last_name": "\n".join(["Mus", "ter"])}, "last_name"),
    ({"email": "erika"}, "email"),
    ({"email": "erika@example.org\r\nBcc: all@example.org"}, "email"),
    ({"email": "a" * 200 + "@example.org"}, "email"),
    ({"email": "", "phone": ""}, "email"),
    ({"phone": "keine"}, "phone"),
    ({"phone": "0" * 41}, "phone"),
    ({"phone": True}, "phone"),
    ({"birth_date": 19800201}, "birth_date"),
    ({"hold": "short"}, "hold"),
    ({"hold": "ü" * 22}, "hold"),
    ({"hold": "0" * 22}, "hold"),  # 22 characters, but none that 16 bytes give
    ({"hold": 7}, "hold"),
    ({"sex": "w"}, "sex"),
    ({"\ud800": "w"}, ""),
]


@pytest.mark.parametrize(("wrong", "field"), WRONG)
def test_each_wrong_field_is_named_and_nothing_is_half_done(wrong: dict[str, Any], field: str) -> None:
    made, visit_type = make_bookable()
    caller = Caller(made)
    held = caller.hold(visit_type, in_days(1, 9)).body["hold"]

    refused = caller.post("appointments", {"hold": held, **PERSON, **wrong})

    assert refused.status == 422
    assert field in refused.fields or not field
    assert all(refused.fields.values())
    assert is_untouched(made)
    assert caller.book(held).status == 201  # and the hold is still there


def test_no_error_repeats_what_was_sent() -> None:
    made, _ = make_bookable()

    refused = Caller(made).book("A" * 22, first_name="Unverwechselbar\x00", email="unverwechselbar", phone="1\x004711")

    assert set(refused.fields) == {"first_name", "email", "phone"}
    assert "nverwechselbar" not in str(refused.body)
    assert "4711" not in str(refused.body)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"start": "2026-02-30T09:00:00Z"}, "start"),
        ({"start": "2026-02-20T09:00:00"}, "start"),
        ({"start": "2026-02-20"}, "start"),
        ({"start": "morgen"}, "start"),
        ({"start": None}, "start"),
        ({"visit_type": 0}, "visit_type"),
        ({"visit_type": -1}, "visit_type"),
        ({"visit_type": 2**63}, "visit_type"),
        ({"visit_type": "Sprechstunde"}, "visit_type"),
        ({"resource": 0}, "resource"),
        ({"resource": 2**64}, "resource"),
        ({"more": 1}, "more"),
    ],
)
def test_a_malformed_hold_is_refused_at_its_field(wrong: dict[str, Any], field: str) -> None:
    made, visit_type = make_bookable()

    refused = Caller(made).post("holds", {"visit_type": visit_type.id, "start": in_days(1, 9).isoformat(), **wrong})

    assert (refused.status, list(refused.fields)) == (422, [field])


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"since": "2026-02-30"}, 422),
        ({"since": "0001-01-01"}, 200),
        ({"since": "9999-12-31"}, 200),
        ({"days": "0"}, 422),
        ({"days": "32"}, 422),
        ({"days": "²"}, 422),
        ({"resource": "0"}, 422),
        ({"resource": str(2**63)}, 422),
    ],
)
def test_free_slots_are_asked_for_within_bounds(query: dict[str, str], status: int) -> None:
    made, visit_type = make_bookable()

    assert Caller(made).get(f"visit-types/{visit_type.id}/slots", **query).status == status


@pytest.mark.parametrize("after", ["\x00", "a" * 121])
def test_a_malformed_page_of_practices_is_refused_with_a_reason(after: str) -> None:
    answer = answer_of(visitor().get("/api/v1/practices", {"after": after}))

    assert answer.status in {404, 422}


def test_an_idempotency_key_that_is_too_long_is_refused() -> None:
    made, visit_type = make_bookable()

    refused = Caller(made).hold(visit_type, in_days(1, 9), key="k" * 201)

    assert refused.status == 422


def test_times_in_answers_have_an_offset() -> None:
    made, visit_type = make_bookable()

    held = Caller(made).hold(visit_type, in_days(1, 9)).body

    assert all(datetime.fromisoformat(held[name]).tzinfo for name in ("start", "end", "expires_at"))
