"""A practice whose members are watched, and what was noticed of it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sprechzeit import clock
from sprechzeit.audit.record import Actor, record
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.guard.models import Alarm
from sprechzeit.identifiers import new_id
from tests.factories import Made


def alarms(made: Made, rule: str = "") -> list[Alarm]:
    """Those of the practice, all or of one rule, the oldest first."""
    with wearing(Role.DESK), acting_for(made.id):
        found = Alarm.objects.filter(practice=made.id).order_by("first_seen")
        return list(found.filter(rule=rule) if rule else found)


def rules_fired(made: Made) -> set[str]:
    return {one.rule for one in alarms(made)}


def tell(made: Made, action: str, subjects: Sequence[UUID] = (), *, times: int = 1, actor: Actor | None = None) -> None:
    """The trail is told this, as a verb of the desk does."""
    for _ in range(times):
        with wearing(Role.DESK), acting_for(made.id):
            record(made.id, actor or made.actor, action, subjects)


def people(count: int) -> list[UUID]:
    return [new_id() for _ in range(count)]


def to_hour(hour: int) -> object:
    """How far to travel to the next full ``hour`` UTC of tomorrow."""
    now = clock.now()
    return now.replace(hour=hour, minute=0, second=0, microsecond=0) - now
