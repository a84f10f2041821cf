"""What a visitor said before choosing a time, as addresses and forms carry it: nothing that names a person.

``wer`` is neu or bekannt, ``kasse`` one of Insurance, ``ueberweisung`` 1, ``code`` what the practice gave them.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from django.urls import reverse

from sprechzeit.booking.claims import Claims, require_claims
from sprechzeit.booking.code import is_good, needs_code
from sprechzeit.booking.errors import NotBookable
from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.models import Insurance, Practice, VisitType
from sprechzeit.vault import Secret, link_to_text
from sprechzeit.web.front.asked import text_asked

NEW = {"neu": True, "bekannt": False}
LONGEST_CODE = 40


def claims_said(given: Mapping[str, str]) -> Claims:
    """Read them; what is none of the choices was not said.

    Raises
    ------
    Invalid
        The code is longer or stranger than any code.
    """
    insurance = given.get("kasse", "")
    return Claims(
        is_new=NEW.get(given.get("wer", "")),
        insurance=insurance if insurance in Insurance.values else "",
        has_referral=given.get("ueberweisung") == "1",
        code=text_asked(given.get("code", "").strip(), LONGEST_CODE),
    )


def as_query(claims: Claims) -> dict[str, str]:
    """The other way round, without what was not said."""
    who = {True: "neu", False: "bekannt"}.get(claims.is_new) if claims.is_new is not None else ""
    said = {
        "wer": who or "",
        "kasse": claims.insurance,
        "ueberweisung": "1" if claims.has_referral else "",
        "code": claims.code,
    }
    return {name: value for name, value in said.items() if value}


def code_url(practice: Practice, hold_secret: Secret, claims: Claims) -> str:
    """Where the code from the mail is typed."""
    here = reverse("front:code", args=[practice.slug, link_to_text(hold_secret)])
    said = as_query(claims)
    return f"{here}?{urlencode(said)}" if said else here


def is_let_in(practice: Practice, visit_type: VisitType, claims: Claims) -> bool:
    """Whether the times may be shown to whoever said this."""
    try:
        require_claims(practice, visit_type, claims)
    except NotBookable:
        return False
    return not needs_code(visit_type) or has_good_code(practice, visit_type, claims)


def has_good_code(practice: Practice, visit_type: VisitType, claims: Claims) -> bool:
    """Whether the code opens what is reserved."""
    with acting_for(PracticeId(practice.id)):
        return is_good(practice, visit_type, claims.code)
