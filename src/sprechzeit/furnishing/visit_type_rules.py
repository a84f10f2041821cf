"""Whom a visit type is for online, how many of it are given, and how one meets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from sprechzeit.audit.record import Actor, record
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.errors import Invalid
from sprechzeit.furnishing.visit_type import any_visit_type
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.changed import tell_changed
from sprechzeit.practices.models import Access, Insurance, Modality, OpenTo, VisitType

OLDEST = 120  # years
MOST = 500
LONGEST_HOURS = 24 * 60
BOUNDS: Mapping[str, tuple[int, int]] = {
    "min_age": (0, OLDEST),
    "max_age": (0, OLDEST),
    "most_a_day": (1, MOST),
    "most_a_week": (1, MOST),
    "most_open": (1, MOST),
    "released_hours": (1, LONGEST_HOURS),
    "reserved_hours": (1, LONGEST_HOURS),
}
is_secure_url = URLValidator(schemes=["https"])


@dataclass(frozen=True)
class Rules:
    """None: no such limit. ``insurances`` empty: all. Ages are completed years, hours count back from the start."""

    open_to: str
    insurances: list[str]
    min_age: int | None
    max_age: int | None
    most_a_day: int | None
    most_a_week: int | None
    most_open: int | None
    access: str
    released_hours: int | None
    reserved_hours: int | None
    needs_confirmation: bool
    modality: str
    video_link: str
    walk_in: bool = False


@retrying
def change_rules(practice: PracticeId, actor: Actor, visit_type: int, rules: Rules) -> None:
    """Save the rules; they hold for what is booked from now on.

    Raises
    ------
    Invalid, NotFound
    """
    _require_sound(rules)
    with acting_for(practice):
        row = any_visit_type(practice, visit_type)
        changed = {name: value for name, value in asdict(rules).items() if getattr(row, name) != value}
        if not changed:
            return
        VisitType.objects.filter(practice=practice, id=visit_type).update(**changed)
        tell_changed(practice)
        record(practice, actor, "visit-type.change", details={"visit_type": visit_type, "fields": sorted(changed)})


def _require_sound(rules: Rules) -> None:
    for name, values in (("open_to", OpenTo.values), ("access", Access.values), ("modality", Modality.values)):
        if getattr(rules, name) not in values:
            raise Invalid(_("Bitte treffen Sie eine Auswahl."), field=name)
    if set(rules.insurances) - set(Insurance.values):
        raise Invalid(_("Bitte treffen Sie eine Auswahl."), field="insurances")
    for name, (least, most) in BOUNDS.items():
        value = getattr(rules, name)
        if value is not None and not least <= value <= most:
            raise Invalid(_("Möglich sind %(least)d bis %(most)d.") % {"least": least, "most": most}, field=name)
    if rules.min_age is not None and rules.max_age is not None and rules.min_age > rules.max_age:
        raise Invalid(_("Das höchste Alter liegt unter dem niedrigsten."), field="max_age")
    _require_link(rules)


def _require_link(rules: Rules) -> None:
    if rules.modality != Modality.VIDEO:
        return
    try:
        is_secure_url(rules.video_link)
    except ValidationError:
        raise Invalid(
            _("Bitte geben Sie die Adresse Ihres Videodienstes an, wie https://video.example/praxis."),
            field="video_link",
        ) from None
