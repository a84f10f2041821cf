"""What becomes of a swapped public key: a critical alarm, an event in the trail, and online booking closes.

Whoever can write to the database could put a public key of his own there, and new intakes would be sealed to him. So
whoever has the private key at hand compares (``keys.require_own``), and between log-ins the worker holds the stored key
against the fingerprint that the trail tells, every minute.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from sprechzeit import clock
from sprechzeit.audit.pair import told_of_all
from sprechzeit.audit.record import SYSTEM, Actor, record
from sprechzeit.database.tenancy import acting_for
from sprechzeit.guard.alarm import raise_alarm
from sprechzeit.guard.rules import KEY_SWAPPED
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.models import Practice
from sprechzeit.staff.errors import KeySwapped
from sprechzeit.staff.keys import print_of

PRINT = re.compile(r"([a-z2-7]{4}-){7}[a-z2-7]{4}")


@contextmanager
def telling_of_swaps(way: str) -> Iterator[None]:
    """Around a verb that opens keys, outside of its transaction: that one is undone, and the alarm must stay."""
    try:
        yield
    except KeySwapped as error:
        tell_of_swap(error.practice, error.found, way=way)
        raise


def tell_of_swap(practice: PracticeId, found: str, *, way: str) -> None:
    """Close online booking and raise the alarm; the trail gets one event until an owner has settled it.

    ``found`` is the fingerprint of what stands in the database, ``way`` how it came to light.
    """
    with acting_for(practice):
        if close_booking(practice):
            record(practice, SYSTEM, "pair.swapped", details={"found": found, "way": way})
        raise_alarm(KEY_SWAPPED.name, practice, details={"found": found, "way": way})


def close_booking(practice: PracticeId) -> bool:
    """Nothing is sealed to the practice's public key from now on; False when that is so already."""
    with acting_for(practice):
        return bool(Practice.objects.filter(id=practice, key_doubted_at=None).update(key_doubted_at=clock.now()))


def reopen_booking(practice: PracticeId) -> None:
    """The public key is believed again."""
    with acting_for(practice):
        Practice.objects.filter(id=practice).update(key_doubted_at=None)


def swapped_now() -> list[tuple[PracticeId, str]]:
    """Every practice whose stored key is not the one that its trail tells, with the fingerprint of what is stored.

    As the role ``worker``. A practice whose trail tells none is not among them; ``doctor`` names it.
    """
    found = [(one.practice, print_of(one.public_key), one.fingerprint) for one in told_of_all()]
    return [(practice, stored) for practice, stored, told in found if told is not None and told != stored]


def watch_pairs() -> int:
    """Raise the alarm for each of these, as the role ``worker``; tell how many were not doubted before."""
    new = 0
    for practice, found in swapped_now():
        if not Practice.objects.filter(id=practice, key_doubted_at__isnull=False).exists():
            tell_of_swap(practice, found, way="watcher")
            new += 1
    return new


def tell_of_difference(practice: PracticeId, member: Actor, remembered: str) -> None:
    """A member's browser remembers another fingerprint than the one of the key that was opened for it.

    What a browser says is not believed as far as to call any key wrong, but booking closes until an owner has looked.
    """
    details = {"remembered": remembered if PRINT.fullmatch(remembered) else "", "way": "browser"}
    with acting_for(practice):
        close_booking(practice)
        record(practice, member, "pair.differs", details=details)
        raise_alarm(
            KEY_SWAPPED.name, practice, cause="browser", actor_kind=member.kind, actor=member.id, details=details
        )
