"""Make the encrypted day sheet, in the session of a member: nobody else can read the names."""

from __future__ import annotations

import json

from sprechzeit import clock
from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.day_sheet_content import sheet_content
from sprechzeit.booking.day_sheet_due import covered_days, is_due
from sprechzeit.booking.day_sheet_file import Head, day_sheet_file
from sprechzeit.booking.errors import DaySheetNotFound, NoWayIntoDaySheet
from sprechzeit.booking.models import DaySheet
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.models import Practice
from sprechzeit.staff.day_sheet_key import day_sheet_keys, way_of
from sprechzeit.staff.keys import keys_for_writing
from sprechzeit.vault import PracticeKeys, close_day_sheet


@retrying
def make_day_sheet(keys: PracticeKeys, actor: Actor, practice: Practice, *, if_due: bool = False) -> DaySheet | None:
    """Make and store it in the place of the one before. ``if_due``: None when another desk has just made one.

    Raises
    ------
    NoWayIntoDaySheet
        There is neither a recovery sheet that serves nor a passphrase.
    CannotOpen
        A name was tampered with.
    """
    number = PracticeId(practice.id)
    with acting_for(number):
        fresh = keys_for_writing(keys)
        DaySheet.objects.select_for_update().filter(practice=number).values_list("made_at").first()
        if if_due and not is_due(practice):
            return None
        rows = day_sheet_keys(number)
        if not rows:
            raise NoWayIntoDaySheet
        made_at = clock.now()
        today = made_at.astimezone(practice.zone).date()
        content = sheet_content(fresh, practice, covered_days(practice, today))
        head = Head(practice, made_at, [one["day"] for one in content.days])
        closed = close_day_sheet(
            json.dumps(content.days, ensure_ascii=False, separators=(",", ":")).encode(),
            head.to_bytes(),
            keys.private,
            [way_of(row) for row in rows],
        )
        wrapped = {way_of(row): bytes(row.wrapped) for row in rows}
        made, _ = DaySheet.objects.update_or_create(
            practice_id=number,
            defaults={
                "first_day": today,
                "sealed": day_sheet_file(head, closed, wrapped),
                "made_at": made_at,
            },
        )
        record(number, actor, "day-sheet.make", content.subjects, {"count": len(content.subjects)})
        return made


def fetch_day_sheet(practice: PracticeId, actor: Actor) -> DaySheet:
    """The stored one, to be handed out.

    Raises
    ------
    DaySheetNotFound
    """
    with acting_for(practice):
        found = DaySheet.objects.filter(practice=practice).first()
        if found is None:
            raise DaySheetNotFound
        record(practice, actor, "day-sheet.fetch")
        return found
