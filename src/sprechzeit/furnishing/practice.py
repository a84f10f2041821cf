"""Change what the practice says of itself, and where it is: its state and time zone decide over its openings."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from datetime import time
from zoneinfo import available_timezones

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.affected import minding_appointments
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.errors import Invalid
from sprechzeit.identifiers import PracticeId
from sprechzeit.messages.quiet import LONGEST, length_of
from sprechzeit.practices.models import Practice
from sprechzeit.practices.postcodes import coordinates_of
from sprechzeit.timetable.materialise import rewrite_openings

STATES = {
    "BW": gettext_lazy("Baden-Württemberg"),
    "BY": gettext_lazy("Bayern"),
    "BE": gettext_lazy("Berlin"),
    "BB": gettext_lazy("Brandenburg"),
    "HB": gettext_lazy("Bremen"),
    "HH": gettext_lazy("Hamburg"),
    "HE": gettext_lazy("Hessen"),
    "MV": gettext_lazy("Mecklenburg-Vorpommern"),
    "NI": gettext_lazy("Niedersachsen"),
    "NW": gettext_lazy("Nordrhein-Westfalen"),
    "RP": gettext_lazy("Rheinland-Pfalz"),
    "SL": gettext_lazy("Saarland"),
    "SN": gettext_lazy("Sachsen"),
    "ST": gettext_lazy("Sachsen-Anhalt"),
    "SH": gettext_lazy("Schleswig-Holstein"),
    "TH": gettext_lazy("Thüringen"),
}
ZONES = sorted(name for name in available_timezones() if name.startswith("Europe/"))
MOST_AT_ONCE = 5  # who are offered one freed time
DECIDING = {"subdivision", "time_zone"}  # over the openings


@dataclass(frozen=True)
class Profile:
    """Everything of the practice that its owner may change here. An empty purpose: patients are not asked."""

    name: str
    street: str
    postal_code: str
    city: str
    phone: str
    listed: bool
    subdivision: str
    time_zone: str
    birth_date_purpose: str
    quiet_from: time
    quiet_until: time
    waiting_at_once: int


@retrying
def change_practice(practice: PracticeId, actor: Actor, profile: Profile, *, agreed: str = "") -> None:
    """Save the profile; with another state or time zone the openings are rewritten.

    Raises
    ------
    Invalid
        There is no such state or zone, or the quiet hours last too long.
    Affects
        Appointments would lie outside of the openings.
    """
    with acting_for(practice):
        row = Practice.objects.get(id=practice)
        changed = {name: value for name, value in asdict(profile).items() if getattr(row, name) != value}
        if "subdivision" in changed and profile.subdivision not in STATES:
            raise Invalid(_("Bitte wählen Sie ein Bundesland."), field="subdivision")
        if "time_zone" in changed and profile.time_zone not in ZONES:
            raise Invalid(_("Bitte wählen Sie eine Zeitzone."), field="time_zone")
        if length_of(profile.quiet_from, profile.quiet_until) > LONGEST:
            raise Invalid(_("Höchstens 14 Stunden."), field="quiet_until")
        if not 1 <= profile.waiting_at_once <= MOST_AT_ONCE:
            raise Invalid(_("Bitte treffen Sie eine Auswahl."), field="waiting_at_once")
        if not changed:
            return
        decides = bool(DECIDING & changed.keys())
        with minding_appointments(practice, agreed) if decides else nullcontext():
            Practice.objects.filter(id=practice).update(**changed, **_whereabouts(changed))
            if decides:
                rewrite_openings(practice)
        record(practice, actor, "settings.change", details={"fields": sorted(changed)})


def _whereabouts(changed: Mapping[str, object]) -> dict[str, float | None]:
    """Where the practice lies for the search, when its postal code changed."""
    if "postal_code" not in changed:
        return {}
    latitude, longitude = coordinates_of(str(changed["postal_code"])) or (None, None)
    return {"latitude": latitude, "longitude": longitude}
