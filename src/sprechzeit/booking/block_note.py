"""Look at blocked time, and what it is for: that is sealed, it may name somebody."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.errors import BlockNotFound
from sprechzeit.booking.models import Block
from sprechzeit.database.tenancy import acting_for
from sprechzeit.errors import Invalid
from sprechzeit.identifiers import PracticeId
from sprechzeit.staff.keys import keys_for_writing
from sprechzeit.vault import Context, PracticeKeys, open_record, seal_record

LONGEST = 200  # characters


def seal_block_note(keys: PracticeKeys, block: UUID, note: str) -> bytes | None:
    """The sealed column, or None where nothing is said. Needs ``acting_for``.

    Raises
    ------
    Invalid
        Too long, or with characters that nobody types.
    """
    text = " ".join(note.split())
    if not text:
        return None
    if len(text) > LONGEST or not text.isprintable():
        raise Invalid(_("Bitte schreiben Sie höchstens 200 Zeichen."), field="note")
    return seal_record(keys_for_writing(keys).keyring.current_key, text.encode(), _context(keys, block))


def open_block_notes(keys: PracticeKeys, blocks: Iterable[Block]) -> dict[UUID, str]:
    """What blocks are for, by their ids; those that say nothing are left out.

    Raises
    ------
    CannotOpen
        A note was tampered with.
    """
    return {
        one.id: open_record(keys.keyring, bytes(one.note_sealed), _context(keys, one.id)).decode()
        for one in blocks
        if one.note_sealed is not None
    }


def block_by_id(practice: PracticeId, block: UUID) -> Block:
    """One block with its resource.

    Raises
    ------
    BlockNotFound
    """
    with acting_for(practice):
        found = Block.objects.select_related("resource").filter(practice=practice, id=block).first()
    if found is None:
        raise BlockNotFound
    return found


def look_at_block(keys: PracticeKeys, actor: Actor, block: UUID) -> tuple[Block, str]:
    """One block with its resource and what it is for; that it was looked at is recorded.

    Raises
    ------
    BlockNotFound, CannotOpen
    """
    practice = PracticeId(keys.practice)
    with acting_for(practice):
        found = block_by_id(practice, block)
        record(practice, actor, "block.view", [block])
    return found, open_block_notes(keys, [found]).get(block, "")


def _context(keys: PracticeKeys, block: UUID) -> Context:
    return Context(keys.practice, "block", "note_sealed", str(block))
