"""What patients read of the practice and may search by, what they are asked for and why, and who answers for it."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from sprechzeit.audit.record import Actor, record
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.errors import Invalid
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.models import Insurance, Practice
from sprechzeit.practices.offers import ACCESSIBILITY, LANGUAGES

LONGEST_DIRECTIONS = 1000
LONGEST_IMPRINT = 2000
is_web_address = URLValidator(schemes=["https", "http"])


@dataclass(frozen=True)
class PublicProfile:
    """Lists hold codes; ``insurances`` empty: all. An empty purpose: patients are not asked."""

    languages: list[str]
    accessibility: list[str]
    insurances: list[str]
    accepts_new: bool
    website: str
    directions_de: str
    directions_en: str
    responsible: str
    imprint: str
    privacy_contact: str
    phone_purpose: str
    insurance_purpose: str
    note_purpose: str
    confirm_email: bool


@retrying
def change_public_profile(practice: PracticeId, actor: Actor, profile: PublicProfile) -> None:
    """Save it. All of it is public: nothing about patients belongs into it.

    Raises
    ------
    Invalid
    """
    _require_sound(profile)
    with acting_for(practice):
        row = Practice.objects.get(id=practice)
        changed = {name: value for name, value in asdict(profile).items() if getattr(row, name) != value}
        if not changed:
            return
        Practice.objects.filter(id=practice).update(**changed)
        record(practice, actor, "settings.change", details={"fields": sorted(changed)})


def _require_sound(profile: PublicProfile) -> None:
    known = (("languages", LANGUAGES), ("accessibility", ACCESSIBILITY), ("insurances", Insurance.values))
    for name, codes in known:
        if set(getattr(profile, name)) - set(codes):
            raise Invalid(_("Bitte treffen Sie eine Auswahl."), field=name)
    if profile.website:
        try:
            is_web_address(profile.website)
        except ValidationError:
            raise Invalid(
                _("Bitte geben Sie die ganze Adresse an, wie https://praxis.example."), field="website"
            ) from None
