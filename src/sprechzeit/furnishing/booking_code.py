"""Codes for a visit type: make one, withdraw one. The code is shown once; only its hash is kept."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.code import code_hash, new_code
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.errors import Invalid
from sprechzeit.furnishing.visit_type import any_visit_type
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.models import BookingCode

MOST_USES = 9999
LONGEST_LABEL = 60


def codes_of(practice: PracticeId, visit_type: int) -> list[BookingCode]:
    """Those that stand, the newest first."""
    with acting_for(practice):
        return list(BookingCode.objects.filter(practice=practice, visit_type=visit_type).order_by("-id"))


@retrying
def make_code(
    practice: PracticeId, actor: Actor, visit_type: int, *, label: str, uses: int | None, valid_until: date | None
) -> str:
    """A new code, told once. ``uses`` None: any number of times; ``valid_until`` is the last local day.

    Raises
    ------
    Invalid, NotFound
    """
    if uses is not None and not 1 <= uses <= MOST_USES:
        raise Invalid(_("Möglich sind 1 bis 9999."), field="uses")
    if len(label) > LONGEST_LABEL:
        raise Invalid(_("Bitte höchstens %(count)d Zeichen.") % {"count": LONGEST_LABEL}, field="label")
    code = new_code()
    with acting_for(practice):
        row = any_visit_type(practice, visit_type)
        BookingCode.objects.create(
            practice_id=practice,
            visit_type=row,
            code_hash=code_hash(practice, code),
            label=label,
            uses_left=uses,
            valid_until=valid_until,
        )
        record(practice, actor, "code.make", details={"visit_type": visit_type})
    return code


@retrying
def withdraw_code(practice: PracticeId, actor: Actor, visit_type: int, code: int) -> None:
    """It opens nothing from now on; withdrawing one that is gone is no error."""
    with acting_for(practice):
        gone, _rows = BookingCode.objects.filter(practice=practice, visit_type=visit_type, id=code).delete()
        if gone:
            record(practice, actor, "code.withdraw", details={"visit_type": visit_type})
