"""A program that calls the API of one practice, as any other would: JSON in, JSON out, no cookie."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse

from sprechzeit.practices.models import VisitType
from tests.factories import Made, visitor

PROBLEM_JSON = "application/problem+json"
PERSON = {"first_name": "Erika", "last_name": "Muster", "email": "erika@example.org"}


@dataclass(frozen=True)
class Answer:
    """What came back; every error must be problem details, whatever else the test looks at."""

    status: int
    body: Any
    headers: dict[str, str]

    @property
    def code(self) -> str:
        return str(self.body["type"]).removeprefix("urn:sprechzeit:problem:")

    @property
    def fields(self) -> dict[str, str]:
        return {each["field"]: each["message"] for each in self.body.get("errors", [])}


def answer_of(response: HttpResponse) -> Answer:
    headers = {name.lower(): value for name, value in response.items()}
    assert "set-cookie" not in headers
    assert not response.cookies
    if response.status_code >= 400:
        assert headers["content-type"] == PROBLEM_JSON, response.content[:200]
        body = json.loads(response.content)
        assert body["status"] == response.status_code
        assert body["title"]
    else:
        body = json.loads(response.content) if response.content else None
    return Answer(response.status_code, body, headers)


@dataclass(frozen=True)
class Caller:
    """Calls below ``/api/v1/practices/<slug>/``."""

    made: Made

    def get(self, path: str, *, secret: str = "", **query: Any) -> Answer:
        return answer_of(visitor().get(self._url(path), query, headers=self._headers(secret)))

    def post(self, path: str, body: Any = None, *, secret: str = "", key: str = "") -> Answer:
        headers = self._headers(secret) | ({"idempotency-key": key} if key else {})
        return answer_of(visitor().post(self._url(path), body, "application/json", headers=headers))

    def hold(self, visit_type: VisitType | int, start: datetime | str, *, key: str = "", **more: Any) -> Answer:
        number = visit_type if isinstance(visit_type, int) else visit_type.id
        asked = {"visit_type": number, "start": start if isinstance(start, str) else start.isoformat(), **more}
        return self.post("holds", asked, key=key)

    def book(self, hold: str, **person: Any) -> Answer:
        return self.post("appointments", {"hold": hold, **PERSON, **person})

    def booked(self, visit_type: VisitType, start: datetime, **person: Any) -> str:
        """Hold and book, and tell the manage secret."""
        return str(self.book(self.hold(visit_type, start).body["hold"], **person).body["manage_secret"])

    def _url(self, path: str) -> str:
        return f"/api/v1/practices/{self.made.practice.slug}/{path}".rstrip("/")

    @staticmethod
    def _headers(secret: str) -> dict[str, str]:
        return {"authorization": f"Bearer {secret}"} if secret else {}
