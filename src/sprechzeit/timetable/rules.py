"""Change the weekly rules of a resource; its openings follow in the same transaction."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, time

from django.utils.translation import gettext as _

from sprechzeit.audit.record import Actor, record
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.errors import Invalid, NotFound
from sprechzeit.identifiers import PracticeId, ResourceId
from sprechzeit.timetable.expand import Rule
from sprechzeit.timetable.materialise import rewrite_openings
from sprechzeit.timetable.models import WeeklyRule
from sprechzeit.timetable.read import require_resource

MOST_WEEKS = 52


@retrying
def add_rule(practice: PracticeId, actor: Actor, resource: ResourceId, rule: Rule) -> WeeklyRule:
    """The resource is open by this rule too, from today on where the rule began earlier.

    Raises
    ------
    Invalid
        The rule opens never: its bounds are the wrong way round, or a number is out of range.
    NotFound
        The practice has no such resource in use.
    """
    _require_sound(rule)
    with acting_for(practice):
        require_resource(practice, resource)
        row = WeeklyRule.objects.create(
            practice_id=practice,
            resource_id=resource,
            weekday=rule.weekday,
            opens=rule.opens,
            closes=rule.closes,
            valid_from=rule.valid_from,
            valid_until=rule.valid_until,
            every_weeks=rule.every_weeks,
            on_holidays=rule.on_holidays,
        )
        rewrite_openings(practice, [resource])
        record(practice, actor, "rule.add", details={"rule": row.id, "resource": resource})
        return row


@retrying
def end_rule(practice: PracticeId, actor: Actor, rule: int, last_day: date) -> None:
    """The rule holds on ``last_day`` (a local date) for the last time; one that has not begun by then goes.

    Openings of the past stay as they were.

    Raises
    ------
    NotFound
        The practice has no such rule.
    """
    with acting_for(practice):
        row = WeeklyRule.objects.filter(practice=practice, id=rule).first()
        if row is None:
            raise NotFound(_("Diese Sprechzeit gibt es hier nicht."))
        if last_day < row.valid_from:
            row.delete()
        else:
            row.valid_until = min(last_day, row.valid_until or last_day)
            row.save(update_fields=["valid_until"])
        rewrite_openings(practice, [ResourceId(row.resource_id)])
        record(practice, actor, "rule.end", details={"rule": rule, "resource": row.resource_id})


@retrying
def change_rule(practice: PracticeId, actor: Actor, rule: int, changed: Rule) -> WeeklyRule:
    """The rule reads like ``changed`` from today on. Openings of the past stay as they were.

    Raises
    ------
    Invalid
        It would open never: its bounds are the wrong way round, or a number is out of range.
    NotFound
        The practice has no such rule.
    """
    _require_sound(changed)
    with acting_for(practice):
        row = WeeklyRule.objects.filter(practice=practice, id=rule).first()
        if row is None:
            raise NotFound(_("Diese Sprechzeit gibt es hier nicht."))
        for name, value in asdict(changed).items():
            setattr(row, name, value)
        row.save()
        rewrite_openings(practice, [ResourceId(row.resource_id)])
        record(practice, actor, "rule.change", details={"rule": rule, "resource": row.resource_id})
        return row


def _require_sound(rule: Rule) -> None:
    if not 0 <= rule.weekday <= 6:
        raise Invalid(_("Bitte wählen Sie einen Wochentag."), field="weekday")
    if rule.closes <= rule.opens and rule.closes != time():
        raise Invalid(_("Das Ende muss nach dem Beginn liegen."), field="closes")
    if rule.valid_until is not None and rule.valid_until < rule.valid_from:
        raise Invalid(_("Der letzte Tag darf nicht vor dem ersten liegen."), field="valid_until")
    if not 1 <= rule.every_weeks <= MOST_WEEKS:
        raise Invalid(_("Möglich sind 1 bis 52 Wochen."), field="every_weeks")
