"""What can go wrong at log-in. None of these tells which members or passkeys exist."""

from __future__ import annotations

from django.utils.translation import gettext as _

from sprechzeit.errors import DomainError
from sprechzeit.identifiers import PracticeId


class StaffError(DomainError):
    """The root of the staff's errors."""


class LoginRefused(StaffError):
    """The passkey, its answer, or its practice's key did not hold; which of them is not told."""

    code = "login-refused"
    status = 403

    def __init__(self) -> None:
        super().__init__(_("Die Anmeldung hat nicht geklappt. Bitte versuchen Sie es noch einmal."))


class PassphraseNeeded(StaffError):
    """The authenticator gave no PRF output: a passphrase and this browser's device secret open the keys instead."""

    code = "passphrase-needed"
    status = 422

    def __init__(self) -> None:
        super().__init__(
            _("Dieser Passkey kann nicht verschlüsseln. Bitte geben Sie zusätzlich Ihre Passphrase ein."),
            field="passphrase",
        )


class WeakPassphrase(StaffError):
    """Too easy to guess (zxcvbn), too short or too long."""

    code = "weak-passphrase"
    status = 422

    def __init__(self) -> None:
        super().__init__(
            _(
                "Diese Passphrase ist zu leicht zu erraten. "
                "Nehmen Sie vier oder mehr Wörter, die nicht zusammengehören."
            ),
            field="passphrase",
        )


class WeakDaySheetPassphrase(StaffError):
    """Not strong enough for a file that can be carried away and tried as often as one likes."""

    code = "weak-passphrase"
    status = 422

    def __init__(self) -> None:
        super().__init__(
            _(
                "Diese Passphrase ist zu leicht zu erraten. "
                "Nehmen Sie vier oder mehr Wörter, die nicht zusammengehören, zusammen 16 bis 72 Zeichen."
            ),
            field="passphrase",
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


class NotAllowed(StaffError):
    """The member's role does not permit this."""

    code = "not-allowed"
    status = 403

    def __init__(self) -> None:
        super().__init__(_("Das darf Ihre Rolle nicht. Wer sie ändern kann, steht unter „Team“ bei den Inhabern."))


class ProofNeeded(StaffError):
    """The passkey must be asked for again: the last proof is too old for this (step-up)."""

    code = "proof-needed"
    status = 403

    def __init__(self) -> None:
        super().__init__(_("Bitte bestätigen Sie das noch einmal mit Ihrem Passkey."))


class LastOwner(StaffError):
    """A practice keeps at least one owner."""

    code = "last-owner"
    status = 409

    def __init__(self) -> None:
        super().__init__(
            _("Das ist die letzte Inhaberin oder der letzte Inhaber. Geben Sie diese Rolle zuerst jemand anderem.")
        )


class LastPasskey(StaffError):
    """A member keeps at least one passkey."""

    code = "last-passkey"
    status = 409

    def __init__(self) -> None:
        super().__init__(_("Das ist Ihr letzter Passkey. Legen Sie zuerst einen anderen an."))


class KeySwapped(StaffError):
    """The public key in the database is not that of the practice's private key: somebody put another one there.

    ``found`` is the fingerprint of what stands there.
    """

    code = "key-swapped"
    status = 409

    def __init__(self, practice: PracticeId, found: str) -> None:
        super().__init__(
            _(
                "Der Schlüssel Ihrer Praxis in der Datenbank ist nicht der richtige. Niemand kann sich anmelden, bis "
                "er wieder eingesetzt ist; die Online-Buchung ist geschlossen."
            )
        )
        self.practice = practice
        self.found = found


class SheetRefused(StaffError):
    """The recovery key, or the practice it is said to be of, does not hold; which of the two is not told."""

    code = "sheet-refused"
    status = 422

    def __init__(self) -> None:
        super().__init__(
            _("Das passt nicht zusammen. Bitte vergleichen Sie Praxis und Wörter mit dem Blatt."), field="words"
        )
