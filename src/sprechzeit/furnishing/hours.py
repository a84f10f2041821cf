"""Weekly hours of a resource: add several at once, change, end; lists appointments that would fall outside first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sprechzeit.audit.record import Actor
from sprechzeit.booking.affected import minding_appointments
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.identifiers import PracticeId, ResourceId
from sprechzeit.timetable.expand import Rule
from sprechzeit.timetable.rules import add_rule, change_rule, end_rule


@retrying
def add_hours(practice: PracticeId, actor: Actor, resource: ResourceId, rules: Sequence[Rule]) -> None:
    """The resource is open by all of these rules too. Each is an event in the trail.

    Raises
    ------
    Invalid, NotFound
        Then none of them holds.
    """
    with acting_for(practice):
        for rule in rules:
            add_rule(practice, actor, resource, rule)


@retrying
def change_hours(practice: PracticeId, actor: Actor, rule: int, changed: Rule, *, agreed: str = "") -> None:
    """Change one rule.

    Raises
    ------
    Invalid, NotFound
    Affects
        Appointments would lie outside of the openings.
    """
    with acting_for(practice), minding_appointments(practice, agreed):
        change_rule(practice, actor, rule, changed)


@retrying
def end_hours(practice: PracticeId, actor: Actor, rule: int, last_day: date, *, agreed: str = "") -> None:
    """End one rule with this local day.

    Raises
    ------
    NotFound
    Affects
        Appointments would lie outside of the openings.
    """
    with acting_for(practice), minding_appointments(practice, agreed):
        end_rule(practice, actor, rule, last_day)
