"""Visit types: add, change. What is booked keeps the length and the resources that it was booked with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from django.db.models import Max
from django.utils.translation import gettext as _

from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.affected import coming, require_agreed
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.errors import Invalid, NotFound
from sprechzeit.identifiers import PracticeId, VisitTypeId
from sprechzeit.practices.changed import tell_changed
from sprechzeit.practices.found import add_visit_type
from sprechzeit.practices.models import Resource, VisitType, VisitTypeNeed

DURATION = (5, 720)
MOST_BUFFER = 240
LONGEST_LEAD = 60 * 24 * 60  # minutes: sixty days
FARTHEST_DAYS = 400
TONES = 8
MOST_NEEDS = 6
MOST_TEXT = 1000
MOST_PREPAYMENT = 500
Needs = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Offering:
    """Everything that can be set of a visit type but its needs. Spans are minutes, the horizon days."""

    name_de: str
    name_en: str
    tone: int
    duration_minutes: int
    buffer_before_minutes: int
    buffer_after_minutes: int
    grid_minutes: int
    online: bool
    lead_minutes: int
    horizon_days: int
    change_until_minutes: int
    instructions_de: str = ""
    instructions_en: str = ""
    prepayment_de: str = ""
    prepayment_en: str = ""
    prepayment_by_mail: bool = False


def all_visit_types(practice: PracticeId) -> list[VisitType]:
    """Those in use and the retired ones, in the practice's order."""
    with acting_for(practice):
        return list(VisitType.objects.filter(practice=practice).order_by("position", "id"))


def any_visit_type(practice: PracticeId, visit_type: int) -> VisitType:
    """One visit type, in use or retired.

    Raises
    ------
    NotFound
    """
    with acting_for(practice):
        found = VisitType.objects.filter(practice=practice, id=visit_type).first()
    if found is None:
        raise NotFound(_("Diese Terminart gibt es hier nicht."))
    return found


def needs_of(practice: PracticeId, visit_type: int) -> Needs:
    """For each need, the resources that can serve it."""
    found: dict[int, list[int]] = {}
    with acting_for(practice):
        rows = VisitTypeNeed.objects.filter(practice=practice, visit_type=visit_type)
        for number, resource in rows.order_by("number", "resource").values_list("number", "resource_id"):
            found.setdefault(number, []).append(resource)
    return tuple(tuple(resources) for resources in found.values())


@retrying
def new_visit_type(practice: PracticeId, actor: Actor, offering: Offering, needs: Sequence[Sequence[int]]) -> VisitType:
    """Add one at the end.

    Raises
    ------
    Invalid
    """
    with acting_for(practice):
        _require_sound(practice, offering, needs)
        last = VisitType.objects.filter(practice=practice).aggregate(last=Max("position"))["last"]
        row = add_visit_type(practice, needs, {**asdict(offering), "position": (last or 0) + 1})
        record(practice, actor, "visit-type.add", details={"visit_type": row.id})
        return row


@retrying
def change_visit_type(
    practice: PracticeId,
    actor: Actor,
    visit_type: int,
    offering: Offering,
    needs: Sequence[Sequence[int]],
    *,
    agreed: str = "",
) -> None:
    """Change it for what will be booked from now on.

    Raises
    ------
    Invalid, NotFound
    Affects
        Coming appointments keep another length or other resources than it has now.
    """
    with acting_for(practice):
        row = any_visit_type(practice, visit_type)
        _require_sound(practice, offering, needs)
        changed = {name: value for name, value in asdict(offering).items() if getattr(row, name) != value}
        wanted = tuple(tuple(sorted(need)) for need in needs)
        needs_change = wanted != needs_of(practice, visit_type)
        if not changed and not needs_change:
            return
        if needs_change or "duration_minutes" in changed:
            kept = [
                one
                for one in coming(practice, visit_type=VisitTypeId(visit_type))
                if "duration_minutes" in changed or not serves(wanted, one.resource_ids)
            ]
            require_agreed(kept, agreed)
        if changed:
            VisitType.objects.filter(practice=practice, id=visit_type).update(**changed)
        if needs_change:
            _replace_needs(practice, visit_type, wanted)
        tell_changed(practice)
        fields = sorted([*changed, *(["needs"] if needs_change else [])])
        record(practice, actor, "visit-type.change", details={"visit_type": visit_type, "fields": fields})


def serves(needs: Needs, resources: Sequence[int]) -> bool:
    """Whether these resources are just what the needs ask for, one for each."""
    return len(resources) == len(needs) and all(any(one in need for one in resources) for need in needs)


def _replace_needs(practice: PracticeId, visit_type: int, needs: Needs) -> None:
    VisitTypeNeed.objects.filter(practice=practice, visit_type=visit_type).delete()
    VisitTypeNeed.objects.bulk_create(
        VisitTypeNeed(practice_id=practice, visit_type_id=visit_type, number=number, resource_id=resource)
        for number, alternatives in enumerate(needs, start=1)
        for resource in alternatives
    )


def _require_sound(practice: PracticeId, offering: Offering, needs: Sequence[Sequence[int]]) -> None:
    bounds = {
        "duration_minutes": (DURATION, _("Möglich sind 5 bis 720 Minuten.")),
        "buffer_before_minutes": ((0, MOST_BUFFER), _("Möglich sind 0 bis 240 Minuten.")),
        "buffer_after_minutes": ((0, MOST_BUFFER), _("Möglich sind 0 bis 240 Minuten.")),
        "lead_minutes": ((0, LONGEST_LEAD), _("Möglich sind höchstens 60 Tage.")),
        "change_until_minutes": ((0, LONGEST_LEAD), _("Möglich sind höchstens 60 Tage.")),
        "horizon_days": ((1, FARTHEST_DAYS), _("Möglich sind 1 bis 400 Tage.")),
        "tone": ((1, TONES), _("Bitte wählen Sie eine Farbe.")),
    }
    for name, ((least, most), message) in bounds.items():
        if not least <= getattr(offering, name) <= most:
            raise Invalid(message, field=name)
    if offering.grid_minutes not in VisitType.GRIDS:
        raise Invalid(_("Bitte wählen Sie ein Raster."), field="grid_minutes")
    if offering.prepayment_en and not offering.prepayment_de:
        raise Invalid(_("Bitte schreiben Sie den Hinweis auch auf Deutsch."), field="prepayment_de")
    _require_sound_needs(practice, needs)


def _require_sound_needs(practice: PracticeId, needs: Sequence[Sequence[int]]) -> None:
    if not needs or not all(needs):
        raise Invalid(_("Bitte wählen Sie, wer oder was gebraucht wird."), field="needs")
    used = [resource for need in needs for resource in need]
    known = dict(Resource.objects.filter(practice=practice, id__in=used).values_list("id", "name"))
    if len(needs) > MOST_NEEDS or set(used) - known.keys():
        raise Invalid(_("Bitte wählen Sie, wer oder was gebraucht wird."), field="needs")
    for resource in used:
        if used.count(resource) > 1:
            raise Invalid(
                _("%(name)s ist in zwei Gruppen angekreuzt und kann nur in einer gebraucht werden.")
                % {"name": known[resource]},
                field="needs",
            )
