"""The list of free times, the same for booking and for moving."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from sprechzeit import clock
from sprechzeit.booking.claims import NOTHING_SAID, Claims
from sprechzeit.booking.errors import BookingError, SlotTaken
from sprechzeit.booking.offer import Offer, PartOfDay, offered
from sprechzeit.identifiers import PracticeId, ResourceId, VisitTypeId
from sprechzeit.messages.channels import can_mail
from sprechzeit.practices.directory import clinicians_of
from sprechzeit.practices.models import Practice, Resource, VisitType
from sprechzeit.web.front.asked import ANYBODY
from sprechzeit.web.front.nearby import Visit
from sprechzeit.web.front.nothing_free import nothing_free
from sprechzeit.web.front.said import as_query, has_good_code
from sprechzeit.web.front.shown import shown_days

DAYS = 7
PARTS = (("", _("Egal")), (PartOfDay.MORNING.value, _("Vormittag")), (PartOfDay.AFTERNOON.value, _("Nachmittag")))


@dataclass(frozen=True)
class Choice:
    """What is chosen among: a visit type's times, with one clinician or whoever is free.

    ``here`` is the address of the list, ``send_to`` the one that takes the chosen time.
    """

    practice: Practice
    visit_type: VisitType
    clinician: Resource | None
    since: date | None
    here: str
    send_to: str
    claims: Claims = NOTHING_SAID
    answered: bool = False
    visit: Visit | None = None
    part: PartOfDay | None = None

    @property
    def said(self) -> dict[str, str]:
        """What goes along in every form and address of the page."""
        return {
            **({"vorab": "1"} if self.answered else {}),
            **({"tageszeit": self.part.value} if self.part else {}),
            **as_query(self.claims),
            **(self.visit.said if self.visit else {}),
        }

    @property
    def resource(self) -> ResourceId | None:
        return ResourceId(self.clinician.id) if self.clinician else None

    @property
    def whom(self) -> str:
        """As in the address: the clinician's number or "alle"."""
        return str(self.clinician.id) if self.clinician else ANYBODY

    def address(self, **query: str) -> str:
        return f"{self.here}?{urlencode({'bei': self.whom, **self.said, **query})}"


def _is_late(offer: Offer, practice: Practice) -> bool:
    """Whether the first free time is more than a week away."""
    today = clock.now().astimezone(practice.zone).date()
    return bool(offer.days) and offer.days[0].day > today + timedelta(days=DAYS)


def offering(practice: Practice, visit_type: VisitType) -> list[Resource]:
    """The clinicians with whom this visit type can be booked; none where it needs a room or device only."""
    return clinicians_of(PracticeId(practice.id), VisitTypeId(visit_type.id))


def times_page(
    request: HttpRequest,
    template: str,
    choice: Choice,
    *,
    problem: BookingError | None = None,
    **more: Any,
) -> HttpResponse:
    """The page with the times, or the part of it that htmx asked for: all times, or the days to be added."""
    wanted = getattr(request, "htmx", None)
    part = wanted.target if wanted else None
    with_code = bool(choice.claims.code) and has_good_code(choice.practice, choice.visit_type, choice.claims)
    offer = offered(
        choice.practice,
        choice.visit_type,
        since=choice.since,
        days=DAYS,
        resource=choice.resource,
        part=choice.part,
        with_code=with_code,
    )
    clinicians = offering(choice.practice, choice.visit_type)
    context = {
        "practice": choice.practice,
        "visit_type": choice.visit_type,
        "choice": choice,
        "parts": PARTS,
        "clinicians": clinicians,
        "days": shown_days(offer, choice.practice.zone, unfolded=7 if part == "mehr" else 2),
        "more_url": choice.address(ab=offer.more_from.isoformat()) if offer.more_from else "",
        "is_confirmed_by_mail": choice.practice.confirm_email and can_mail(choice.practice),
        "key": secrets.token_urlsafe(16),
        "instead": None if offer.days else nothing_free(choice, clinicians, with_code=with_code),
        "nothing_soon": choice.since is None and _is_late(offer, choice.practice),
        "problem": problem,
        "alternatives": problem.alternatives if isinstance(problem, SlotTaken) else (),
        **more,
    }
    if request.method == "GET" and part in {"mehr", "zeiten"}:
        template = {"mehr": "components/more_days.html", "zeiten": "components/slot_list.html"}[part]
    return render(request, template, context, status=problem.status if problem else 200)
