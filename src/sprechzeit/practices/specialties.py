"""Which specialties a practice has: those of its clinicians in use, copied to its public row for the search."""

from __future__ import annotations

from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.models import Practice, Resource


def renew_specialties(practice: PracticeId) -> None:
    """Bring the copy up to date. Needs ``acting_for``, in the transaction that changed a clinician."""
    clinicians = Resource.objects.filter(practice=practice, kind=Resource.Kind.CLINICIAN, retired_at=None)
    named = set(clinicians.exclude(specialty="").values_list("specialty", flat=True))
    Practice.objects.filter(id=practice).exclude(specialties=sorted(named)).update(specialties=sorted(named))
