"""The public directory: what anybody may know of a practice."""

from __future__ import annotations

from django.utils.translation import gettext as _

from sprechzeit.database.lookup import Lookup
from sprechzeit.database.tenancy import acting_for
from sprechzeit.errors import NotFound
from sprechzeit.identifiers import PracticeId, VisitTypeId
from sprechzeit.practices.models import Practice, Question, Resource, VisitType, VisitTypeNeed

BY_SLUG = Lookup(Practice, "practice.slug = %(slug)s")
IN_USE = Lookup(
    VisitType,
    "visit_type.practice_id = %(practice)s and visit_type.id = %(id)s and visit_type.retired_at is null",
    related=("practice",),
)


def practice_by_slug(slug: str) -> Practice:
    """The practice with this address.

    Raises
    ------
    NotFound
        There is none.
    """
    practice = None if "\0" in slug else BY_SLUG.first(slug=slug)
    if practice is None:
        raise NotFound(_("Diese Praxis gibt es hier nicht."))
    return practice


def listed_practices(*, after: str = "", count: int = 100) -> list[Practice]:
    """Practices that want to be found, by name; ``after`` is the last name of the page before."""
    return list(Practice.objects.filter(listed=True, name__gt=after).order_by("name")[:count])


def bookable_visit_types(practice: PracticeId) -> list[VisitType]:
    """Visit types that patients may book online, in the practice's order."""
    with acting_for(practice):
        found = VisitType.objects.filter(practice=practice, online=True, retired_at=None)
        return list(found.order_by("position", "id"))


def walk_in_types(practice: PracticeId) -> list[VisitType]:
    """Visit types of open consultations, for which patients draw numbers."""
    with acting_for(practice):
        found = VisitType.objects.filter(practice=practice, walk_in=True, retired_at=None)
        return list(found.order_by("position", "id"))


def visit_types(practice: PracticeId) -> list[VisitType]:
    """All visit types in use, for the desk."""
    with acting_for(practice):
        return list(VisitType.objects.filter(practice=practice, retired_at=None).order_by("position", "id"))


def questions_before(practice: PracticeId, visit_type: int) -> list[Question]:
    """What is asked before this visit type is booked, in order."""
    with acting_for(practice):
        found = Question.objects.select_related("other").filter(practice=practice, visit_type=visit_type)
        return list(found.order_by("number"))


def visit_type_by_id(practice: PracticeId, visit_type: int) -> VisitType:
    """One visit type in use.

    Raises
    ------
    NotFound
        There is none with this number in this practice.
    """
    with acting_for(practice):
        found = IN_USE.first(practice=practice, id=visit_type)
    if found is None:
        raise NotFound(_("Diese Terminart gibt es hier nicht."))
    return found


def resources_of(practice: PracticeId) -> list[Resource]:
    """Resources in use, clinicians first."""
    with acting_for(practice):
        found = list(Resource.objects.filter(practice=practice, retired_at=None).order_by("position", "id"))
    return sorted(found, key=lambda resource: list(Resource.Kind).index(Resource.Kind(resource.kind)))


def clinicians_of(practice: PracticeId, visit_type: VisitTypeId | None = None) -> list[Resource]:
    """Clinicians in use; with ``visit_type`` those who offer it."""
    with acting_for(practice):
        found = Resource.objects.filter(practice=practice, retired_at=None, kind=Resource.Kind.CLINICIAN)
        if visit_type is not None:
            offering = VisitTypeNeed.objects.filter(practice=practice, visit_type=visit_type).values("resource")
            found = found.filter(id__in=offering)
        return list(found.order_by("position", "id"))
