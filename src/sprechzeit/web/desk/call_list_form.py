"""Read what the call list's forms say: who is away when, and what is to become of each appointment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from sprechzeit import clock
from sprechzeit.booking.move_many import Change
from sprechzeit.booking.occupy import Span
from sprechzeit.booking.propose import Away, Proposal
from sprechzeit.errors import Invalid
from sprechzeit.identifiers import PracticeId, ResourceId
from sprechzeit.practices.directory import resources_of
from sprechzeit.practices.models import Practice
from sprechzeit.timetable.wall_clock import closing_moment, opening_moment, start_of_day
from sprechzeit.web.desk.moment import read_day, read_id, read_iso, read_number

STAYS, CANCEL = "bleibt", "absagen"
REACHED = ("", "erreicht", "nicht-erreicht")
MOST = 500  # rows of one confirmation


@dataclass(frozen=True)
class Asked:
    """Whom, which day, and from when until when; empty times are the whole day."""

    resource: int | None
    day: date
    since: str
    until: str


@dataclass(frozen=True, repr=False)
class Filled:
    """What stands in the list's form, by appointment. Who was reached is kept in the form alone."""

    versions: Mapping[UUID, int] = field(default_factory=dict)
    chosen: Mapping[UUID, str] = field(default_factory=dict)
    reached: Mapping[UUID, str] = field(default_factory=dict)
    enter_absence: bool = False
    key: str = ""

    def __repr__(self) -> str:
        return "Filled(…)"

    def changes(self) -> list[Change]:
        """Those that are not to stay; raises ``Invalid`` for a choice that no page of ours offers."""
        asked = [(one, choice) for one, choice in self.chosen.items() if choice != STAYS]
        return [
            Change(one, self.versions[one], None if choice == CANCEL else read_choice(choice)) for one, choice in asked
        ]


def read_asked(request: HttpRequest, practice: Practice) -> Asked:
    """From the address or the form; today when no day is given."""
    asked = request.POST if request.method == "POST" else request.GET
    today = clock.now().astimezone(practice.zone).date()
    return Asked(
        read_number(asked.get("bei")),
        read_day(asked.get("tag"), today),
        asked.get("von", "")[:5],
        asked.get("bis", "")[:5],
    )


def away_asked(asked: Asked, practice: PracticeId, zone: ZoneInfo) -> Away | None:
    """Who is away and when; None while nobody was chosen.

    Raises
    ------
    Invalid
    """
    if asked.resource is None or asked.resource not in {one.id for one in resources_of(practice)}:
        return None
    since, until = _time(asked.since, "von"), _time(asked.until, "bis")
    start = opening_moment(asked.day, since, zone) if since else start_of_day(asked.day, zone)
    end = closing_moment(asked.day, until, zone) if until else start_of_day(asked.day + timedelta(days=1), zone)
    if end <= start:
        raise Invalid(_("Das Ende muss nach dem Beginn liegen."), field="bis")
    return Away(ResourceId(asked.resource), Span(start, end))


def _time(text: str, name: str) -> time | None:
    if not text:
        return None
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise Invalid(_("Bitte geben Sie die Uhrzeit so an: 13:30."), field=name) from None


def read_filled(form: QueryDict) -> Filled:
    """The list as it was sent.

    Raises
    ------
    Invalid
    """
    ids = [read_id(text, "termin") for text in form.getlist("termin")[:MOST]]
    versions = {one: read_number(form.get(f"version-{one}")) for one in ids}
    if not all(versions.values()):
        raise Invalid(_("Die Anfrage war unvollständig."))
    return Filled(
        versions={one: version for one, version in versions.items() if version},
        chosen={one: form.get(f"wahl-{one}", STAYS) for one in ids},
        reached={one: answer for one in ids if (answer := form.get(f"anruf-{one}", "")) in REACHED},
        enter_absence=form.get("abwesend") == "ja",
        key=form.get("key", "")[:100],
    )


def choice_of(proposal: Proposal, minutes: int) -> str:
    """A proposal as a form's value."""
    resources = ",".join(str(one) for one in proposal.resources)
    return f"{proposal.start.isoformat()} {minutes} {resources}"


def read_choice(text: str) -> Proposal:
    """What ``choice_of`` wrote.

    Raises
    ------
    Invalid
    """
    start, _space, rest = text.partition(" ")
    minutes, _space, resources = rest.partition(" ")
    length = read_number(minutes)
    numbers = [read_number(one) for one in resources.split(",")]
    if length is None or length > 24 * 60 or len(numbers) > 20 or not all(numbers):
        raise Invalid(_("Bitte wählen Sie eine der gezeigten Zeiten."), field="wahl")
    begins = read_iso(start)
    return Proposal(begins, begins + timedelta(minutes=length), tuple(ResourceId(one) for one in numbers if one))
