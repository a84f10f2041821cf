"""Each practice's public key against the fingerprint that its trail tells."""

from __future__ import annotations

from django.db import DatabaseError

from sprechzeit.audit.pair import told_of_all
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import wearing
from sprechzeit.doctor.check import Check, not_checked, ok, wrong
from sprechzeit.staff.keys import print_of

NAME = "public keys against the trail"
MOST_NAMED = 5


def check_pairs() -> Check:
    """All practices, as the worker sees them."""
    try:
        with wearing(Role.WORKER):
            told = told_of_all()
    except DatabaseError as error:
        return not_checked(NAME, f"the worker cannot read them ({type(error).__name__})")
    swapped = [one.practice for one in told if one.fingerprint and one.fingerprint != print_of(one.public_key)]
    untold = [one.practice for one in told if not one.fingerprint]
    if swapped:
        named = ", ".join(str(one) for one in swapped[:MOST_NAMED])
        return wrong(
            NAME,
            f"{len(swapped)} swapped: practice {named}",
            "Save database and logs, then let an owner put "
            "the key back at /desk/schluessel/vertauscht/ (docs/members-and-keys.md).",
        )
    if untold:
        named = ", ".join(str(one) for one in untold[:MOST_NAMED])
        return not_checked(NAME, f"{len(untold)} of {len(told)} trails tell no fingerprint: practice {named}")
    return ok(NAME, f"{len(told):,} compared")
