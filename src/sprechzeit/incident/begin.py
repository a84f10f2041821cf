"""Enter an incident into the register, with its extent as the trail tells it now."""

from __future__ import annotations

import ipaddress
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from sprechzeit import clock
from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.once import Result, once
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.errors import Invalid
from sprechzeit.identifiers import PracticeId, new_id
from sprechzeit.incident.concerned import Wanted
from sprechzeit.incident.extent import extent_of
from sprechzeit.incident.models import Incident
from sprechzeit.incident.stored import to_values
from sprechzeit.incident.texts import Texts, require_texts, seal_texts
from sprechzeit.vault import PracticeKeys

MOST_NETWORKS = 20


@retrying
def begin_incident(
    keys: PracticeKeys,
    actor: Actor,
    wanted: Wanted,
    aware_at: datetime,
    texts: Texts,
    *,
    alarm: UUID | None = None,
    key: str = "",
) -> UUID:
    """Make it, compute it, and tell its id; asked again with the same ``key`` there is one.

    Raises
    ------
    Invalid
        At ``until``, ``aware``, ``networks`` or a text.
    KeyReused
    """
    practice = PracticeId(keys.practice)
    wanted = require_wanted(wanted)
    texts = require_texts(texts)
    if not wanted.since <= aware_at <= clock.now():
        raise Invalid(_("Das liegt vor dem Beginn oder in der Zukunft."), field="aware")
    with acting_for(practice):

        def begin() -> Result:
            incident = new_id()
            Incident.objects.create(
                id=incident,
                practice_id=practice,
                happened_from=wanted.since,
                happened_until=wanted.until,
                aware_at=aware_at,
                actors=sorted(wanted.actors),
                sessions=sorted(wanted.sessions),
                networks=list(wanted.networks),
                alarm=alarm,
                extent=to_values(extent_of(practice, wanted)),
                texts_sealed=seal_texts(keys, incident, texts),
                created_at=clock.now(),
                created_by=actor.id,
            )
            record(practice, actor, "incident.begin", [incident])
            return {"incident": str(incident)}

        asked = ("incident", wanted.since, alarm)  # until when may mean "now", which goes on meanwhile
        return UUID(once(practice, key, asked, begin)["incident"])


def require_wanted(wanted: Wanted) -> Wanted:
    """The same, networks as the trail compares them.

    Raises
    ------
    Invalid
    """
    if wanted.until <= wanted.since:
        raise Invalid(_("Das Ende liegt vor dem Anfang."), field="until")
    if wanted.until > clock.now():
        raise Invalid(_("Das Ende liegt in der Zukunft."), field="until")
    if len(wanted.networks) > MOST_NETWORKS:
        raise Invalid(_("Bitte höchstens %(count)d Adressen.") % {"count": MOST_NETWORKS}, field="networks")
    try:
        networks = tuple(str(ipaddress.ip_network(one, strict=False)) for one in wanted.networks)
    except ValueError:
        message = _("Bitte Netzadressen so: 203.0.113.7 oder 203.0.113.0/24, durch Leerzeichen getrennt.")
        raise Invalid(message, field="networks") from None
    return Wanted(wanted.since, wanted.until, wanted.actors, wanted.sessions, networks)
