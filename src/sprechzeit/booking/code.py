"""Codes that a practice hands out: for visit types that need one, and for times that are reserved for a group."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from sprechzeit import clock
from sprechzeit.booking.errors import NotBookable
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.models import Access, BookingCode, Practice, VisitType

LABEL = b"sprechzeit/v1/booking-code\x00"
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without what looks alike
LENGTH = 8  # 40 bits: with the limits on wrong ones nobody guesses it


def new_code() -> str:
    """A random code, easy to read out on the telephone."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def code_hash(practice: PracticeId, code: str) -> bytes:
    """What is stored of a code; blanks, hyphens and case do not count."""
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return hashlib.sha256(LABEL + f"{practice}\0{plain}".encode()).digest()


def is_good(practice: Practice, visit_type: VisitType, code: str) -> bool:
    """Whether the code opens this visit type today. Needs ``acting_for``."""
    return bool(code) and _standing(practice, visit_type, code).exists()


def use_code(practice: Practice, visit_type: VisitType, code: str) -> None:
    """Count one use of a code that is counted. Needs ``acting_for``; two at once cannot both have the last use.

    Raises
    ------
    NotBookable
        It is wrong, used up or too old.
    """
    found = _standing(practice, visit_type, code).values_list("id", "uses_left").first() if code else None
    if found is not None:
        number, left = found
        if left is None:
            return
        if BookingCode.objects.filter(id=number, uses_left__gt=0).update(uses_left=F("uses_left") - 1):
            return
    raise NotBookable(_("Dieser Code gilt hier nicht oder nicht mehr."), field="code")


def needs_code(visit_type: VisitType) -> bool:
    """Whether nobody books it without a code."""
    return bool(visit_type.access == Access.CODE)


def _standing(practice: Practice, visit_type: VisitType, code: str) -> QuerySet[BookingCode]:
    today: date = clock.now().astimezone(practice.zone).date()
    return BookingCode.objects.filter(
        Q(uses_left__isnull=True) | Q(uses_left__gt=0),
        Q(valid_until__isnull=True) | Q(valid_until__gte=today),
        practice=practice.id,
        visit_type=visit_type.id,
        code_hash=code_hash(PracticeId(practice.id), code),
    )
