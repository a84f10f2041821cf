"""The booking page: its texts in the practice's own words, and the sites that may show it in a frame."""

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
    widget_origins: list[str]


@retrying
def change_booking_page(practice: PracticeId, actor: Actor, page: BookingPage) -> None:
    """Save them. All of it is public: nothing about persons belongs into the texts."""
    with acting_for(practice):
        row = Practice.objects.get(id=practice)
        changed = {name: value for name, value in asdict(page).items() if getattr(row, name) != value}
        if not changed:
            return
        Practice.objects.filter(id=practice).update(**changed)
        record(practice, actor, "settings.change", details={"fields": sorted(changed)})
