"""The texts of the booking page, in the practice's own words."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sprechzeit.audit.record import Actor, record
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.models import Practice

LONGEST = 1000


@dataclass(frozen=True)
class BookingPage:
    """What patients read above the visit types; an empty English text shows the German one."""

    welcome_de: str
    welcome_en: str


@retrying
def change_booking_page(practice: PracticeId, actor: Actor, page: BookingPage) -> None:
    """Save the texts. They are public: nothing about persons belongs into them."""
    with acting_for(practice):
        row = Practice.objects.get(id=practice)
        changed = {name: value for name, value in asdict(page).items() if getattr(row, name) != value}
        if not changed:
            return
        Practice.objects.filter(id=practice).update(**changed)
        record(practice, actor, "settings.change", details={"fields": sorted(changed)})
