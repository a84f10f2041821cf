"""The public key that patients' words are sealed to, as long as it is believed.

It is not believed from the moment that somebody found another one in its place until an owner has settled the alarm
(``staff/swapped.py``): whatever was sealed to it would open to whoever put it there.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from sprechzeit.errors import DomainError
from sprechzeit.practices.models import Practice


class BookingClosed(DomainError):
    """Nothing can be sent to the practice online for now; the message tells its telephone number."""

    code = "booking-closed"
    status = 503

    def __init__(self, phone: str) -> None:
        by_phone = _("Online ist diese Praxis gerade nicht erreichbar. Bitte rufen Sie an: %(phone)s") % {
            "phone": phone
        }
        super().__init__(
            by_phone if phone else _("Online ist diese Praxis gerade nicht erreichbar. Bitte rufen Sie an.")
        )


def key_to_seal_to(practice: Practice) -> bytes:
    """The public key, 1,216 bytes.

    Raises
    ------
    BookingClosed
    """
    require_open(practice)
    return bytes(practice.public_key)


def require_open(practice: Practice) -> None:
    """Asked before a time is held too: nobody fills in a form that cannot be sent.

    Raises
    ------
    BookingClosed
    """
    if practice.key_doubted_at is not None:
        raise BookingClosed(practice.phone)
