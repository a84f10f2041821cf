"""Found a practice: its keys are made here, and from here on only the invitation's secret opens them."""

from __future__ import annotations

import re

from django.db import IntegrityError
from django.utils.translation import gettext as _

from sprechzeit.audit.record import SYSTEM
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.errors import Invalid
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.found import found_practice
from sprechzeit.staff.invite import invite
from sprechzeit.staff.keys import furnish_keys, tell_pair
from sprechzeit.staff.models import Membership
from sprechzeit.vault import generate_key_pair

SLUG = re.compile(r"[a-z0-9][a-z0-9-]{1,58}[a-z0-9]")


def found_with_invitation(*, name: str, slug: str) -> str:
    """Create the practice and tell the part of the invitation's link behind ``#``.

    Raises
    ------
    Invalid
        The name or the slug is malformed, or the slug is taken.
    """
    if not SLUG.fullmatch(slug):
        raise Invalid(
            _("Die Adresse braucht 3 bis 60 Zeichen: kleine Buchstaben, Ziffern, Bindestriche."), field="slug"
        )
    if not name.strip() or len(name) > 120 or not name.isprintable():
        raise Invalid(_("Der Name braucht 1 bis 120 Zeichen."), field="name")
    pair = generate_key_pair()
    try:
        practice = PracticeId(found_practice(slug=slug, name=name.strip(), public_key=pair.public).id)
    except IntegrityError:
        raise Invalid(_("Diese Adresse ist schon vergeben."), field="slug") from None
    with wearing(Role.DESK), acting_for(practice):
        tell_pair(practice, pair)
        return invite(furnish_keys(practice, pair), SYSTEM, Membership.Role.OWNER)
