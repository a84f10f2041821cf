"""What the guard forgets each night."""

from __future__ import annotations

from datetime import timedelta

from sprechzeit import clock
from sprechzeit.database.tenancy import acting_for
from sprechzeit.guard.habits import PLACES_KEPT
from sprechzeit.guard.models import Habit, WorkCount
from sprechzeit.identifiers import PracticeId

COUNTS_KEPT = timedelta(hours=2)


def forget_work(practice: PracticeId) -> None:
    """Delete counts that no window reaches any more, and habits that nobody has."""
    now = clock.now()
    with acting_for(practice):
        WorkCount.objects.filter(practice=practice, since__lt=now - COUNTS_KEPT).delete()
        Habit.objects.filter(practice=practice, last_day__lt=(now - PLACES_KEPT).date()).delete()
