"""Whether a practice has stopped exports and mass changes. Single changes go on: patients still come."""

from __future__ import annotations

from sprechzeit.database.tenancy import acting_for
from sprechzeit.guard.errors import Frozen
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.models import Practice


def require_not_frozen(practice: PracticeId) -> None:
    """Every export and every mass change asks here first, and so must whatever a program may write.

    Raises
    ------
    Frozen
    """
    with acting_for(practice):
        if Practice.objects.filter(id=practice, frozen_at__isnull=False).exists():
            raise Frozen
