"""Read resources with their rules and exceptions, the latter as ``expand`` takes them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Literal, cast

from django.db.models import Q
from django.utils.translation import gettext as _

from sprechzeit.errors import NotFound
from sprechzeit.identifiers import PracticeId, ResourceId
from sprechzeit.practices.models import Practice, Resource
from sprechzeit.timetable.expand import Exceptional, Rule
from sprechzeit.timetable.models import ScheduleException, WeeklyRule
from sprechzeit.timetable.spans import Span
from sprechzeit.timetable.wall_clock import start_of_day

EVER = Span(datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))


def rules_of(practice: Practice, resources: Iterable[int], since: date) -> Mapping[int, list[Rule]]:
    """Rules by resource, without those that ended before the local day ``since``. Needs ``acting_for``."""
    rows = WeeklyRule.objects.filter(practice=practice, resource__in=list(resources)).exclude(valid_until__lt=since)
    found: dict[int, list[Rule]] = defaultdict(list)
    for row in rows:
        found[row.resource_id].append(as_rule(row))
    return found


def exceptions_of(practice: Practice, resources: Iterable[int], since: date) -> Mapping[int | None, list[Exceptional]]:
    """Exceptions by resource, closures of the practice under None, without those that ended before ``since``.

    Needs ``acting_for``.
    """
    rows = ScheduleException.objects.filter(
        Q(resource__in=list(resources)) | Q(resource=None),
        Q(during__endswith__gt=start_of_day(since, practice.zone)) | Q(during__upper_inf=True),
        practice=practice,
    )
    found: dict[int | None, list[Exceptional]] = defaultdict(list)
    for row in rows:
        found[row.resource_id].append(as_exceptional(row))
    return found


def require_resource(practice: PracticeId, resource: ResourceId) -> None:
    """Needs ``acting_for``.

    Raises
    ------
    NotFound
        The practice has no such resource in use.
    """
    if not Resource.objects.filter(practice=practice, id=resource, retired_at=None).exists():
        raise NotFound(_("Diese Person oder Sache gibt es hier nicht."))


def as_rule(row: WeeklyRule) -> Rule:
    return Rule(
        weekday=row.weekday,
        opens=row.opens,
        closes=row.closes,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        every_weeks=row.every_weeks,
        on_holidays=row.on_holidays,
    )


def as_exceptional(row: ScheduleException) -> Exceptional:
    """A bound that the range does not have reaches as far as time does."""
    kind = cast(Literal["absence", "extra", "closure"], row.kind)
    return Exceptional(kind, Span(row.during.lower or EVER.start, row.during.upper or EVER.end))
