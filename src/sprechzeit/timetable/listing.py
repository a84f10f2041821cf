"""Weekly rules and exceptions as the settings list them."""

from __future__ import annotations

from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from sprechzeit import clock
from sprechzeit.database.tenancy import acting_for
from sprechzeit.errors import NotFound
from sprechzeit.identifiers import PracticeId, ResourceId
from sprechzeit.timetable.models import ScheduleException, WeeklyRule


def weekly_rules(practice: PracticeId, resource: ResourceId, since: date) -> list[WeeklyRule]:
    """Rules of a resource that have not ended before ``since``, by weekday and time."""
    with acting_for(practice):
        found = WeeklyRule.objects.filter(practice=practice, resource=resource).exclude(valid_until__lt=since)
        return list(found.order_by("weekday", "opens", "valid_from", "id"))


def rule_by_id(practice: PracticeId, rule: int) -> WeeklyRule:
    """One rule with its resource.

    Raises
    ------
    NotFound
        The practice has no such rule.
    """
    with acting_for(practice):
        found = WeeklyRule.objects.select_related("resource").filter(practice=practice, id=rule).first()
    if found is None:
        raise NotFound(_("Diese Sprechzeit gibt es hier nicht."))
    return found


def coming_exceptions(practice: PracticeId) -> list[ScheduleException]:
    """Absences, extra hours and closures that are not over, with their resources, earliest first."""
    with acting_for(practice):
        found = ScheduleException.objects.select_related("resource").filter(
            Q(during__endswith__gt=clock.now()) | Q(during__upper_inf=True), practice=practice
        )
        return list(found.order_by("during", "id"))
