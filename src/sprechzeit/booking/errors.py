"""What can go wrong with a booking, each with what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from sprechzeit.errors import DomainError
from sprechzeit.timetable.availability import Slot

if TYPE_CHECKING:
    from sprechzeit.booking.models import Appointment


class BookingError(DomainError):
    """The root of the booking's errors."""


class SlotTaken(BookingError):
    """Somebody else has the time. ``alternatives`` are the nearest free ones; ``overbook``: squeezing in failed too."""

    code = "slot-taken"
    status = 409

    def __init__(self, alternatives: tuple[Slot, ...] = (), *, overbook: bool = False, message: str = "") -> None:
        taken = _("Diese Zeit ist gerade vergeben worden. Bitte wählen Sie eine andere.")
        full = _("Hier kann niemand mehr eingeschoben werden: Auch die Plätze zum Einschieben sind belegt.")
        super().__init__(message or (full if overbook else taken), field="start")
        self.alternatives = alternatives
        self.overbook = overbook


class SlotPassed(SlotTaken):
    """It was held, and its moment came before it was booked."""

    def __init__(self, alternatives: tuple[Slot, ...] = ()) -> None:
        super().__init__(alternatives, message=_("Diese Zeit ist inzwischen vorbei. Bitte wählen Sie eine andere."))


class NotBookable(BookingError):
    """The time or the visit type is not offered: past, too soon, too far ahead, off the grid, not online."""

    code = "not-bookable"
    status = 422

    def __init__(self, message: str = "", *, field: str = "start") -> None:
        super().__init__(message or _("Diese Zeit wird nicht angeboten."), field=field)


class HoldNotFound(BookingError):
    """There is no such hold: never made, long expired, or somebody else's."""

    code = "hold-not-found"
    status = 404

    def __init__(self) -> None:
        super().__init__(_("Diese Reservierung gibt es nicht mehr. Bitte wählen Sie die Zeit noch einmal."))


class CodeNeeded(BookingError):
    """The e-mail address has to be confirmed by a code before the booking counts."""

    code = "code-needed"
    status = 409

    def __init__(self) -> None:
        super().__init__(_("Bitte bestätigen Sie zuerst Ihre E-Mail-Adresse mit dem Code, den wir Ihnen schicken."))


class CodeWrong(BookingError):
    """It is not the code that was mailed. ``left`` tries remain."""

    code = "code-wrong"
    status = 422

    def __init__(self, left: int) -> None:
        text = _("Das ist nicht der Code aus der Mail. Bitte sehen Sie noch einmal nach.")
        if left <= 0:
            text = _("Dieser Code gilt nicht mehr. Bitte lassen Sie sich einen neuen schicken.")
        super().__init__(text, field="mail_code")
        self.left = left


class AppointmentNotFound(BookingError):
    """There is no such appointment, or not for this caller."""

    code = "appointment-not-found"
    status = 404

    def __init__(self) -> None:
        super().__init__(_("Diesen Termin gibt es nicht oder der Link ist unvollständig."))


class TooLate(BookingError):
    """The last moment to change the appointment online has passed, or it is over or cancelled."""

    code = "too-late"
    status = 409

    def __init__(self) -> None:
        super().__init__(_("Online lässt sich dieser Termin nicht mehr ändern. Bitte rufen Sie die Praxis an."))


class ChangedMeanwhile(BookingError):
    """Somebody else changed the appointment or the block since it was read; nothing was overwritten."""

    code = "changed-meanwhile"
    status = 409

    def __init__(self, message: str = "") -> None:
        changed = _("Der Termin wurde inzwischen geändert. Bitte sehen Sie ihn sich noch einmal an.")
        super().__init__(message or changed)


class WrongStatus(BookingError):
    """The appointment's status does not allow this step."""

    code = "wrong-status"
    status = 409

    def __init__(self) -> None:
        super().__init__(_("Das passt nicht zum jetzigen Stand des Termins."))


class KeyReused(BookingError):
    """The idempotency key was used for something else."""

    code = "idempotency-key-reused"
    status = 422

    def __init__(self) -> None:
        super().__init__(_("Dieser Vorgang wurde mit anderen Angaben schon einmal abgeschickt."))


class UndoGone(BookingError):
    """Too old, done already, or somebody else's."""

    code = "undo-gone"
    status = 409

    def __init__(self) -> None:
        super().__init__(_("Das lässt sich nicht mehr rückgängig machen."))


class TooManyNotes(BookingError):
    """The practice has not read yet what was sent before."""

    code = "too-many-notes"
    status = 409

    def __init__(self) -> None:
        super().__init__(
            _("Die Praxis hat Ihre letzten Nachrichten noch nicht gelesen. Wenn es eilt, rufen Sie bitte an.")
        )


class BlockNotFound(BookingError):
    """There is no such block, or not in this practice."""

    code = "block-not-found"
    status = 404

    def __init__(self) -> None:
        super().__init__(_("Diese Sperrzeit gibt es nicht mehr."))


class TimeInUse(BookingError):
    """The time cannot be blocked. ``appointments`` are those that would have to be moved."""

    code = "time-in-use"
    status = 409

    def __init__(self, appointments: Sequence[Appointment], *, is_blocked: bool) -> None:
        if appointments:
            message = _("In dieser Zeit liegen Termine. Bitte verschieben Sie sie zuerst.")
        elif is_blocked:
            message = _("Diese Zeit ist schon gesperrt.")
        else:
            message = _(
                "In dieser Zeit wird gerade ein Termin gebucht. Bitte versuchen Sie es in zehn Minuten noch einmal."
            )
        super().__init__(message, field="until")
        self.appointments = tuple(appointments)


class ItemGone(BookingError):
    """It is not on the member's clipboard any more."""

    code = "item-gone"
    status = 404

    def __init__(self) -> None:
        super().__init__(_("Das liegt nicht mehr in Ihrer Ablage."))


class NotInRecords(BookingError):
    """Whoever booked online is not in the records yet, so no second appointment can be made for them."""

    code = "not-in-records"
    status = 409

    def __init__(self) -> None:
        super().__init__(_("Bitte übernehmen Sie diese Online-Buchung zuerst in die Kartei."))


class DaySheetNotFound(BookingError):
    """None has been made yet."""

    code = "day-sheet-not-found"
    status = 404

    def __init__(self) -> None:
        super().__init__(_("Es gibt noch kein Tagesblatt."))


class NoWayIntoDaySheet(BookingError):
    """Neither a recovery sheet nor a passphrase would open it."""

    code = "no-way-into-day-sheet"
    status = 409

    def __init__(self) -> None:
        super().__init__(
            _(
                "Dieses Tagesblatt könnte niemand öffnen. Erstellen Sie zuerst ein neues Notfallblatt, "
                "oder setzen Sie eine Passphrase."
            )
        )


class NotRetryable(BookingError):
    """A message cannot be sent again; the sentence says why."""

    code = "not-retryable"
    status = 409


class MessageNotFound(BookingError):
    """There is no such message, or not for this caller."""

    code = "message-not-found"
    status = 404

    def __init__(self) -> None:
        super().__init__(_("Diese Nachricht gibt es nicht mehr."))


class AddressNotAsked(BookingError):
    """Nobody may be asked (again) whether the address is theirs."""

    code = "address-not-asked"
    status = 409

    def __init__(self) -> None:
        super().__init__(_("Hier kann nicht noch einmal gefragt werden."))
