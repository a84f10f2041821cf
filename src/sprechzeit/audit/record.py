"""Write an event to the trail, in the transaction of what it tells of."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.db import connections

from sprechzeit import clock
from sprechzeit.database.tenancy import current_alias
from sprechzeit.guard.watch import watch
from sprechzeit.identifiers import PracticeId
from sprechzeit.origin import current_origin


@dataclass(frozen=True)
class Actor:
    """Who did it: a member, a program with a token, a patient by a manage link, a visitor, or the system itself.

    ``session`` is the random id of the log-in that a member worked in: it ties events to one stolen session.
    """

    kind: Literal["member", "token", "patient", "visitor", "system"]
    id: str = ""
    session: str = ""


SESSION = "session"  # where the details name it
VISITOR = Actor("visitor")
SYSTEM = Actor("system")


def record(
    practice: PracticeId,
    actor: Actor,
    action: str,
    subjects: Iterable[UUID] = (),
    details: Mapping[str, str | int | bool | list[str]] | None = None,
) -> None:
    """Append one event; needs the transaction opened by ``acting_for``.

    ``action`` is ``noun.verb`` (``appointment.move``), ``subjects`` are identifiers of patients, intakes or
    appointments, ``details`` holds counts and names of fields, never their contents. Where it came from (the network
    address) is kept for members and programs only: patients and visitors leave no trace of that kind.

    Raises
    ------
    ProofForMore, UsedUp
        A member or program has opened too many different patients (``guard/watch.py``); all is undone.
    """
    subjects = list(subjects)
    told = {**(details or {}), **({SESSION: actor.session} if actor.session else {})}
    address = current_origin().address if actor.kind in {"member", "token"} else ""
    with connections[current_alias()].cursor() as cursor:
        cursor.execute(
            "select append_event(%s, %s, %s, %s, %s, %s, %s::uuid[], %s::jsonb)",
            [practice, clock.now(), actor.kind, actor.id, address, action, subjects, json.dumps(told)],
        )
    watch(practice, actor.kind, actor.id, action, subjects)
