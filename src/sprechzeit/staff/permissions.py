"""Who may do what: the one table. Doors name a permission (``for_members(Permission.BOOK)``) and nothing else."""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from sprechzeit.staff.errors import NotAllowed
from sprechzeit.staff.models import Membership

R = Membership.Role


class Permission(StrEnum):
    """One thing that a member may be permitted."""

    OWN_SECURITY = "own-security"
    CALENDAR = "calendar"
    BOOK = "book"
    OVERBOOK = "overbook"
    PATIENTS = "patients"
    RECORDS = "records"
    INTAKE = "intake"
    TEAM = "team"
    MANAGE_TEAM = "manage-team"
    KEYS = "keys"
    TOKENS = "tokens"
    TRAIL = "trail"
    SETTINGS = "settings"


EVERYBODY = frozenset(R)
INSIDE = EVERYBODY - {R.REFERRER}
WORKING = INSIDE - {R.READ_ONLY}
OWNERS = frozenset({R.OWNER})

ALLOWED: dict[Permission, frozenset[Membership.Role]] = {
    Permission.OWN_SECURITY: EVERYBODY,
    Permission.CALENDAR: INSIDE,
    Permission.BOOK: WORKING,
    Permission.OVERBOOK: WORKING,
    Permission.PATIENTS: INSIDE,
    Permission.RECORDS: WORKING,
    Permission.INTAKE: WORKING,
    Permission.TEAM: INSIDE,
    Permission.MANAGE_TEAM: OWNERS,
    Permission.KEYS: OWNERS,
    Permission.TOKENS: OWNERS,
    Permission.TRAIL: OWNERS,
    Permission.SETTINGS: OWNERS,
}

PERMISSION_NAMES = {
    Permission.OWN_SECURITY: _("eigene Passkeys und Sitzungen"),
    Permission.CALENDAR: _("Kalender mit Namen sehen"),
    Permission.BOOK: _("Termine vergeben, verschieben, absagen, Ankunft vermerken"),
    Permission.OVERBOOK: _("Patienten zwischen vergebene Termine einschieben"),
    Permission.PATIENTS: _("Patienten suchen und ansehen"),
    Permission.RECORDS: _("Patienten aufnehmen, berichtigen, zusammenführen, löschen"),
    Permission.INTAKE: _("Online-Buchungen in die Kartei übernehmen"),
    Permission.TEAM: _("sehen, wer zum Team gehört"),
    Permission.MANAGE_TEAM: _("einladen, Rollen ändern, entfernen"),
    Permission.KEYS: _("Notfallblatt und Schlüsselwechsel"),
    Permission.TOKENS: _("Zugänge für Programme"),
    Permission.TRAIL: _("Protokoll der Zugriffe"),
    Permission.SETTINGS: _("Einstellungen der Praxis"),
}

ROLE_NAMES = {
    R.OWNER: _("Inhaberin, Inhaber"),
    R.PHYSICIAN: _("Ärztin, Arzt"),
    R.ASSISTANT: _("MFA"),
    R.RECEPTION: _("Empfang"),
    R.READ_ONLY: _("nur lesen"),
    R.REFERRER: _("zuweisende Praxis"),
}


def is_allowed(role: str, permission: Permission) -> bool:
    """Whether this role has the permission; a role that is not in the table has none."""
    return any(role == allowed for allowed in ALLOWED[permission])


def require_allowed(role: str, permission: Permission) -> None:
    """Raise ``NotAllowed`` unless the role has the permission."""
    if not is_allowed(role, permission):
        raise NotAllowed


def matrix() -> list[tuple[Permission, list[bool]]]:
    """Permissions in order, each with one answer for every role in order."""
    return [(permission, [is_allowed(role, permission) for role in R]) for permission in Permission]
