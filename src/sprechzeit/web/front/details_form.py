"""The form's page: what is asked, why, what was typed and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from sprechzeit import clock
from sprechzeit.booking.errors import BookingError, SlotTaken
from sprechzeit.booking.hold import Held
from sprechzeit.patients.consent import WORDINGS
from sprechzeit.practices.models import Practice
from sprechzeit.vault import link_to_text
from sprechzeit.web.front.choose import offering
from sprechzeit.web.front.shown import clinician_among

FIELDS = ("first_name", "last_name", "birth_date", "email", "phone")
TICKED = "ja"
KEPT = 300  # characters of each field that are shown again


@dataclass(frozen=True, repr=False)
class Typed:
    """What stands in the fields, what was ticked, a sentence for each that is wrong. Its ``repr`` shows nothing."""

    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    consents: frozenset[str] = frozenset()

    def __repr__(self) -> str:
        return "Typed(…)"

    @classmethod
    def of(cls, data: QueryDict) -> Typed:
        ticked = frozenset(purpose.value for purpose in WORDINGS if data.get(purpose.value) == TICKED)
        return cls({name: data.get(name, "")[:KEPT] for name in FIELDS}, consents=ticked)

    def with_errors(self, errors: Mapping[str, str]) -> Typed:
        return replace(self, errors=errors)


NOTHING = Typed()


def details_page(
    request: HttpRequest,
    practice: Practice,
    held: Held,
    typed: Typed,
    *,
    problem: BookingError | None = None,
    held_again: str = "",
    status: int = 200,
) -> HttpResponse:
    """The form below the held slot.

    Parameters
    ----------
    problem
        The slot is gone: the form offers its alternatives instead of the booking.
    held_again
        "longer" or "instead" when the hold is a new one.
    """
    secret = link_to_text(held.secret)
    alternatives = problem.alternatives if isinstance(problem, SlotTaken) else ()
    context = {
        "practice": practice,
        "held": held,
        "visit_type": held.visit_type,
        "clinician": clinician_among(offering(practice, held.visit_type), held.resource_ids),
        "send_to": reverse("front:details", args=[practice.slug, secret]),
        "times_url": reverse("front:times", args=[practice.slug, held.visit_type.id]),
        "seconds_left": max(0, int((held.expires_at - clock.now()).total_seconds())),
        "values": typed.values,
        "errors": typed.errors,
        "error_list": [(name, typed.errors[name]) for name in FIELDS if name in typed.errors],
        "consents": [(one.value, wording, one.value in typed.consents) for one, wording in WORDINGS.items()],
        "problem": problem,
        "alternatives": alternatives,
        "held_again": held_again,
    }
    return render(request, "front/details.html", context, status=status)
