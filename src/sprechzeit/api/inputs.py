"""What many operations take, and which errors they may answer with."""

from __future__ import annotations

from typing import Annotated

from ninja import Header, Path

from sprechzeit.api.problems import Problem

Slug = Annotated[str, Path(pattern=r"^[-a-z0-9]{1,60}$")]
VisitTypeKey = Annotated[int, Path(ge=1, le=2**63 - 1)]
Repeatable = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        max_length=200,
        description="Chosen by the caller; the same key again gives the same answer and does nothing twice",
    ),
]
ERRORS = {400: Problem, 404: Problem, 422: Problem, 429: Problem}
BODY_ERRORS = {**ERRORS, 413: Problem, 415: Problem}
CHANGE_ERRORS = {**BODY_ERRORS, 409: Problem}
MANAGED_ERRORS = {**CHANGE_ERRORS, 401: Problem}
