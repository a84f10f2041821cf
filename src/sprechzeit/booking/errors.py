"""What can go wrong with a booking, each with what to do next."""

from __future__ import annotations

from django.utils.translation import gettext as _

from sprechzeit.errors import DomainError
from sprechzeit.timetable.availability import Slot


class BookingError(DomainError):
    """The root of the booking's errors."""


class SlotTaken(BookingError):
    """Somebody else has the time. ``alternatives`` are the nearest free ones."""

    code = "slot-taken"
    status = 409

    def __init__(self, alternatives: tuple[Slot, ...] = ()) -> None:
        super().__init__(_("Diese Zeit ist gerade vergeben worden. Bitte wählen Sie eine andere."), field="start")
        self.alternatives = alternatives


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
    """Somebody else changed the appointment since it was read; nothing was overwritten."""

    code = "changed-meanwhile"
    status = 409

    def __init__(self) -> None:
        super().__init__(_("Der Termin wurde inzwischen geändert. Bitte sehen Sie ihn sich noch einmal an."))


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
