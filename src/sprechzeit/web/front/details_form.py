"""The form's page: what is asked, why, what was typed and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from sprechzeit import clock
from sprechzeit.booking.asked_of import asked_of, birth_date_purpose, phone_purpose
from sprechzeit.booking.claims import NOTHING_SAID, Claims
from sprechzeit.booking.errors import BookingError, SlotTaken
from sprechzeit.booking.hold import Held
from sprechzeit.booking.second_reminder import purposes_for
from sprechzeit.guard.work import task_of
from sprechzeit.messages.channels import can_mail
from sprechzeit.patients.consent import WORDINGS
from sprechzeit.patients.person import MESSAGE_LENGTH
from sprechzeit.practices.models import Insurance, Practice
from sprechzeit.vault import link_to_text
from sprechzeit.web.front.choose import offering
from sprechzeit.web.front.nearby import clash_said, visit_said
from sprechzeit.web.front.said import as_query, claims_said
from sprechzeit.web.front.shown import clinician_among

FIELDS = ("first_name", "last_name", "birth_date", "booker", "email", "phone", "insurance", "message")
TRAP = "homepage"  # a field that no person sees
TICKED = "ja"
KEPT = 300  # characters of each field that are shown again


@dataclass(frozen=True, repr=False)
class Typed:
    """What stands in the fields, what was ticked, a sentence for each that is wrong. Its ``repr`` shows nothing."""

    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    consents: frozenset[str] = frozenset()
    claims: Claims = NOTHING_SAID
    proof: str = ""
    is_trap: bool = False

    def __repr__(self) -> str:
        return "Typed(…)"

    @classmethod
    def of(cls, data: QueryDict) -> Typed:
        ticked = frozenset(purpose.value for purpose in WORDINGS if data.get(purpose.value) == TICKED)
        values = {name: data.get(name, "")[: KEPT if name != "message" else MESSAGE_LENGTH + 1] for name in FIELDS}
        return cls(
            values,
            consents=ticked,
            claims=claims_said(data),
            proof=data.get("nachweis", "")[:KEPT],
            is_trap=bool(data.get(TRAP)),
        )

    def with_errors(self, errors: Mapping[str, str]) -> Typed:
        return replace(self, errors=errors)


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
    given = request.POST if request.method == "POST" else request.GET
    visit = visit_said(given)
    said = {**as_query(typed.claims), **(visit.said if visit else {})}
    times = reverse("front:times", args=[practice.slug, held.visit_type.id])
    alternatives = problem.alternatives if isinstance(problem, SlotTaken) else ()
    context = {
        "practice": practice,
        "held": held,
        "visit_type": held.visit_type,
        "clinician": clinician_among(offering(practice, held.visit_type), held.resource_ids),
        "send_to": reverse("front:details", args=[practice.slug, secret]),
        "times_url": f"{times}?{urlencode({'vorab': '1', **said})}",  # what was answered is not asked again
        "seconds_left": max(0, int((held.expires_at - clock.now()).total_seconds())),
        "said": said,
        "clash": clash_said(given, held.starts_at, held.ends_at),
        "values": {"insurance": typed.claims.insurance, **typed.values},
        "asked": asked_of(practice, held.visit_type),
        "birth_date_purpose": birth_date_purpose(practice, held.visit_type),
        "phone_purpose": phone_purpose(practice, held.visit_type),
        "insurances": Insurance.choices,
        "message_length": MESSAGE_LENGTH,
        "task": task_of(held.secret),
        "can_mail": can_mail(practice),
        "is_confirmed_by_mail": practice.confirm_email and can_mail(practice),
        "errors": typed.errors,
        "error_list": sorted(
            ((name if name in FIELDS else "", text) for name, text in typed.errors.items()),
            key=lambda one: FIELDS.index(one[0]) if one[0] else -1,  # as they stand in the form
        ),
        "consents": [(one.value, WORDINGS[one], one.value in typed.consents) for one in purposes_for(held.visit_type)],
        "problem": problem,
        "alternatives": alternatives,
        "held_again": held_again,
    }
    return render(request, "front/details.html", context, status=status)
