"""An event of the trail in words, for the page and the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from sprechzeit.audit.models import Event
from sprechzeit.audit.values import VALUES
from sprechzeit.audit.words import sentence
from sprechzeit.patients.trail import FEW
from sprechzeit.practices.models import Practice
from sprechzeit.staff.membership import names_of_team
from sprechzeit.staff.permissions import PERMISSION_NAMES, ROLE_NAMES
from sprechzeit.staff.session import Session
from sprechzeit.staff.token import tokens_of
from sprechzeit.web.desk.appointment import STATUS_NAMES
from sprechzeit.web.desk.tokens import SCOPE_NAMES

CODES: dict[str, Promise | str] = {
    **VALUES,
    **{code.value: name for code, name in ROLE_NAMES.items()},
    **{code.value: name for code, name in PERMISSION_NAMES.items()},
    **{code.value: name for code, name in SCOPE_NAMES.items()},
    **{code.value: name for code, name in STATUS_NAMES.items()},
}
OF_ONE = (
    "appointment.",
    "consent.",
    "intake.",
    "patient.",
)  # actions on one record, where the details do not count more
TOLD = (
    "before",
    "role",
    "status",
    "source",
    "fields",
    "scopes",
    "permission",
    "identity",
    "right",
    "delay",
    "refusal",
    "told",
)  # of the details, in this order


@dataclass(frozen=True)
class Names:
    """Names of members and programs by their identifiers."""

    members: Mapping[str, str]
    tokens: Mapping[str, str]

    @classmethod
    def of(cls, session: Session) -> Names:
        tokens = {str(one.id): one.name for one in tokens_of(session.practice)}
        return cls(names_of_team(session.keys), tokens)

    def actor(self, kind: str, actor: str) -> str:
        """Who it was, in words."""
        match kind:
            case "member":
                return self.members.get(actor) or _("nicht mehr im Team (%(id)s)") % {"id": actor[-6:]}
            case "token":
                name = self.tokens.get(actor)
                return _("Programm: %(name)s") % {"name": name} if name else _("Programm, widerrufen")
            case "patient":
                return _("Patient, mit dem Link zum Termin")
            case "visitor":
                return _("online, ohne Anmeldung")
            case _other:
                return _("Sprechzeit selbst")


@dataclass(frozen=True, repr=False)
class Row:
    """One line. ``about`` are names of what it tells of, each with the address of its page or with none."""

    number: int
    at: datetime
    actor: str
    actor_id: str
    address: str
    what: str
    detail: str
    count: str
    about: list[tuple[str, str]]


def row_of(event: Event, practice: Practice, names: Names, patients: Mapping[UUID, str]) -> Row:
    """The event, its moment on the practice's clock."""
    few = event.subjects if len(event.subjects) <= FEW else []
    of_patients = [(patients[one], reverse("desk:trail-patient", args=[one])) for one in few if one in patients]
    of_members = [(names.members[str(one)], "") for one in few if str(one) in names.members and str(one) != event.actor]
    about = [*of_patients, *of_members]
    if few and not about and event.action.startswith("appointment."):
        about = [(_("Termin"), reverse("desk:appointment", args=[few[0]]))]
    return Row(
        number=event.number,
        at=event.at.astimezone(practice.zone),
        actor=names.actor(event.actor_kind, event.actor),
        actor_id=event.actor,
        address=event.address,
        what=sentence(event.action),
        detail=detail_of(event.details),
        count=str(event.details.get("count", 1 if event.action.startswith(OF_ONE) else "")),
        about=about,
    )


def detail_of(details: Mapping[str, object]) -> str:
    """What the details say in words: names of fields, states, roles."""
    told: list[str] = []
    for name in TOLD:
        value = details.get(name, [])
        told += [str(CODES.get(str(one), one)) for one in (value if isinstance(value, list) else [value])]
    return (" → " if "before" in details else ", ").join(told)
