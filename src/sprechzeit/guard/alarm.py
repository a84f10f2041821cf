"""Raise an alarm: one row for each cause, a line in the log, and a note to the worker that mails it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import nullcontext
from uuid import UUID

import structlog
from django.db import connections

from sprechzeit import clock
from sprechzeit.database.tenancy import acting_for, current_alias
from sprechzeit.guard.models import Canary
from sprechzeit.guard.rules import BY_NAME
from sprechzeit.identifiers import PracticeId, new_id
from sprechzeit.origin import current_origin

CHANNEL = "alarm"
log = structlog.get_logger("sprechzeit.alarm")


def raise_alarm(
    rule: str,
    practice: PracticeId | None = None,
    *,
    cause: str = "",
    actor_kind: str = "",
    actor: str = "",
    details: Mapping[str, str | int | bool | list[str]] | None = None,
) -> None:
    """Raise it, or count it on when the same cause has an open alarm. Without a practice it is the host's.

    ``cause`` tells causes of one rule apart (a member, an address's kind), ``details`` holds codes and counts, nothing
    personal. Joins the transaction of the practice where there is one; an alarm of the host needs to stand outside.
    """
    now = clock.now()
    address = current_origin().address if actor_kind in {"member", "token"} else ""
    values = [
        new_id(), practice, rule, BY_NAME[rule].severity.value, cause, actor_kind, actor, address, now,
        json.dumps(details or {}),
    ]  # fmt: skip  # lines grouped by hand
    within = acting_for(practice) if practice is not None else nullcontext()
    with within, connections[current_alias()].cursor() as cursor:
        cursor.execute("select raise_alarm(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb)", values)
        (is_new,) = cursor.fetchone()
    if is_new:
        log.warning("alarm", code=rule, practice=practice)


def is_canary(practice: PracticeId, subject: UUID) -> bool:
    """Whether this was laid out and no work touches it."""
    with acting_for(practice):
        return Canary.objects.filter(practice=practice, subject=subject).exists()
