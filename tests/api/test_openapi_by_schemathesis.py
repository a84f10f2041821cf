"""Schemathesis reads the API's own document and calls each operation with whatever it allows and forbids."""

from __future__ import annotations

import json
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.schemas import APIOperation, BaseSchema
from schemathesis.specs.openapi.checks import positive_data_acceptance

from sprechzeit.practices.models import VisitType
from tests.api.caller import Caller
from tests.factories import Made, in_days, make_bookable, visitor

DOCUMENT = "/api/v1/openapi.json"
HOLD_SECRET = "A" * 22  # well-formed, never given out
BOUNDED = settings(
    max_examples=25,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def operations() -> list[str]:
    """The labels of all operations, as Schemathesis names them."""
    paths = json.loads(visitor().get(DOCUMENT).content)["paths"]
    return [f"{method.upper()} {path}" for path, of_path in paths.items() for method in of_path]


@pytest.fixture(scope="module")
def schema() -> BaseSchema:
    return schemathesis.openapi.from_wsgi(DOCUMENT, get_wsgi_application())


def test_the_document_is_openapi_3_1_and_tells_every_error_as_problem_details() -> None:
    document = json.loads(visitor().get(DOCUMENT).content)

    assert document["openapi"].startswith("3.1.")
    for path in document["paths"].values():
        for operation in path.values():
            errors = {status: answer for status, answer in operation["responses"].items() if int(status) >= 400}
            assert errors
            assert all(list(answer["content"]) == ["application/problem+json"] for answer in errors.values())


def operation_of(schema: BaseSchema, label: str) -> APIOperation[Any, Any, Any]:
    method, path = label.split(" ", 1)
    return schema[path][method]


LABELS = operations()
BY_MAIL = "POST /api/v1/practices/{slug}/appointments/code"  # no input is good without a mail (test_booking_by_the_api)
OF_PATIENTS = [label for label in LABELS if "/desk/" not in label and label != BY_MAIL]


def try_out(cases: st.SearchStrategy[schemathesis.Case], **headers: str) -> set[int]:
    """Call and apply Schemathesis' checks: status codes, content types, schemas, methods, authentication.

    Left out is that valid input must be accepted: a schema does not know which times are offered.
    """
    seen: set[int] = set()

    @BOUNDED
    @given(case=cases)
    def run(case: schemathesis.Case) -> None:
        seen.add(case.call_and_validate(headers=headers, excluded_checks=[positive_data_acceptance]).status_code)

    run()
    return seen


@st.composite
def reaching(
    draw: st.DrawFn, operation: APIOperation[Any, Any, Any], made: Made, visit_type: VisitType
) -> schemathesis.Case:
    """Valid input with a real practice in the address, and often with what is really there in the body."""
    case: schemathesis.Case = draw(operation.as_strategy())
    case.path_parameters["slug"] = made.practice.slug
    if "visit_type" in case.path_parameters:
        case.path_parameters["visit_type"] = visit_type.id
    if isinstance(case.body, dict) and draw(st.booleans()):
        real = {
            "visit_type": visit_type.id,
            "start": in_days(draw(st.integers(1, 5)), draw(st.integers(9, 11))).isoformat(),
            "resource": None,
            "hold": HOLD_SECRET,
            "first_name": "Erika",
            "last_name": "Muster",
            "email": "erika@example.org",
            "phone": "",
            "birth_date": "1980-02-01",
        }
        if "hold" in case.body and draw(st.booleans()):
            start = in_days(draw(st.integers(1, 5)), draw(st.integers(9, 11)), 30)
            real["hold"] = Caller(made).hold(visit_type, start).body.get("hold", HOLD_SECRET)
        needed = {"email", "birth_date"} if "first_name" in case.body else set()
        case.body |= {name: value for name, value in real.items() if name in case.body.keys() | needed}
    return case


@pytest.mark.parametrize("label", OF_PATIENTS)
def test_valid_input_reaches_the_practice_and_is_answered_as_documented(schema: BaseSchema, label: str) -> None:
    made, visit_type = make_bookable(days=5, birth_date_purpose="Für die Vorsorge.")
    secret = Caller(made).booked(visit_type, in_days(1, 9), birth_date="1980-02-01")
    operation = operation_of(schema, label)

    seen = try_out(reaching(operation, made, visit_type), Authorization=f"Bearer {secret}")

    assert seen & {200, 201, 204}


@pytest.mark.parametrize("label", LABELS)
def test_valid_input_that_nothing_is_there_for_is_refused_as_documented(schema: BaseSchema, label: str) -> None:
    try_out(operation_of(schema, label).as_strategy())


@pytest.mark.parametrize("label", LABELS)
def test_invalid_input_is_refused_as_documented(schema: BaseSchema, label: str) -> None:
    try_out(operation_of(schema, label).as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE))
