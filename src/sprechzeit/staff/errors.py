"""What can go wrong at log-in. None of these tells which members or passkeys exist."""

from __future__ import annotations

from django.utils.translation import gettext as _

from sprechzeit.errors import DomainError


class StaffError(DomainError):
    """The root of the staff's errors."""


class LoginRefused(StaffError):
    """The passkey, its answer, or its practice's key did not hold; which of them is not told."""

    code = "login-refused"
    status = 403

    def __init__(self) -> None:
        super().__init__(_("Die Anmeldung hat nicht geklappt. Bitte versuchen Sie es noch einmal."))


class NoKeyFromPasskey(StaffError):
    """The authenticator gave no PRF output, so it cannot open the practice's data."""

    code = "no-prf"
    status = 422

    def __init__(self) -> None:
        super().__init__(
            _(
                "Dieser Passkey kann die Praxisdaten nicht öffnen. Bitte nehmen Sie ein Gerät, dessen Passkeys "
                "verschlüsseln können, zum Beispiel ein aktuelles Telefon oder einen Sicherheitsschlüssel."
            )
        )


class InvitationRefused(StaffError):
    """The link was never made, is used or has expired."""

    code = "invitation-refused"
    status = 404

    def __init__(self) -> None:
        super().__init__(_("Dieser Einladungslink gilt nicht mehr. Bitte lassen Sie sich einen neuen geben."))


class NotLoggedIn(StaffError):
    """No session, or it has ended."""

    code = "not-logged-in"
    status = 401

    def __init__(self) -> None:
        super().__init__(_("Bitte melden Sie sich an."))
