"""Reads what is really written: JSON lines, made by the product's own configuration."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog
from django.test import override_settings

from sprechzeit.logs import ALLOWED_KEYS, configure_logs
from tests.factories import in_days, make_bookable, visitor
from tests.web.front.walk import book

NAME = "Unverwechselbar"
Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines() -> Iterator[Lines]:
    """The log lines written so far; each must be one JSON object with allowed keys."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    root.handlers = []
    configure_logs()
    (handler,) = root.handlers
    assert isinstance(handler, logging.StreamHandler)
    written = io.StringIO()
    handler.setStream(written)

    def read() -> list[dict[str, Any]]:
        found = [json.loads(line) for line in written.getvalue().splitlines()]
        assert all(one.keys() <= ALLOWED_KEYS for one in found)
        return found

    yield read
    root.handlers = before
    root.setLevel(level)
    logging.raiseExceptions = True
    structlog.reset_defaults()


def test_only_known_keys_are_written(lines: Lines) -> None:
    structlog.get_logger("sprechzeit.test").info("opened", count=3, patient=NAME, email=NAME, path=f"/{NAME}/")

    (line,) = lines()
    assert (line["event"], line["count"], line["level"]) == ("opened", 3, "info")
    assert NAME not in str(line)
    assert line["timestamp"].endswith("Z")


def test_of_an_exception_the_type_and_the_places_are_written_never_its_message(lines: Lines) -> None:
    log = structlog.get_logger("sprechzeit.test")

    try:
        raise ValueError(f"invalid input syntax for type date: {NAME}")
    except ValueError:
        log.exception("failed")
        logging.getLogger("sprechzeit.test").exception("failed")
        logging.getLogger("django.request").exception("Internal Server Error: /praxis/%s/", NAME)

    for line in lines():
        assert line["exception"] == "ValueError"
        assert "test_logs_hold_no_personal_data.py" in line["places"][0]
        assert NAME not in str(line)


def test_a_chained_exception_adds_nothing(lines: Lines) -> None:
    try:
        try:
            raise KeyError(NAME)
        except KeyError as error:
            raise RuntimeError(NAME) from error
    except RuntimeError:
        structlog.get_logger("sprechzeit.test").exception("failed")

    (line,) = lines()
    assert line["exception"] == "RuntimeError"
    assert NAME not in str(line)


def test_of_foreign_libraries_only_the_loggers_name_is_written(lines: Lines) -> None:
    logging.getLogger("procrastinate.worker").warning("Job %s failed", NAME, extra={"patient": NAME})
    logging.getLogger("psycopg.pool").error("error in %r: %s", NAME, NAME, stack_info=True)

    found = lines()
    assert [line["event"] for line in found] == ["message of procrastinate.worker", "message of psycopg.pool"]
    assert NAME not in str(found)


def test_what_cannot_be_written_as_json_is_written_all_the_same(lines: Lines) -> None:
    structlog.get_logger("sprechzeit.test").info("strange \n \x1b[31m \u2028 text", count=object(), route=b"\xff")

    assert len(lines()) == 1


def test_a_request_is_logged_by_the_name_of_its_route_never_by_its_path(lines: Lines) -> None:
    made, visit_type = make_bookable()
    client = visitor()

    manage = book(client, made, visit_type, in_days(1, 9), last_name=NAME)
    client.get(f"{manage}?{NAME}=1")
    client.get(f"/gibt-es-nicht/{NAME}/")
    client.generic("BREW", "/")

    found = [line for line in lines() if line["event"] == "request"]
    assert [line["route"] for line in found] == [
        "front:hold", "front:details", "front:details", "front:manage", "none", "front:start"
    ]  # fmt: skip  # lines grouped by hand
    assert [line["status"] for line in found] == [303, 200, 303, 200, 404, 405]
    assert found[-1]["method"] == "OTHER"
    assert all(line["milliseconds"] > 0 for line in found)
    secret = manage.rstrip("/").rsplit("/", 1)[-1]
    assert not any(word in str(found) for word in (NAME, secret, made.practice.slug))


@override_settings(ROOT_URLCONF="tests.site.doors_that_fail")
def test_a_defect_is_logged_with_its_place_and_without_its_words(lines: Lines) -> None:
    visitor(raise_request_exception=False).get(f"/defect/?{NAME}=1")

    found = lines()
    (defect,) = [line for line in found if "exception" in line]
    assert defect["exception"] == "ValueError"
    assert "doors_that_fail.py" in defect["places"][-1]
    assert NAME not in str(found)
    assert "4711" not in str(found)
