"""The trail as lines of CSV, as Excel and LibreOffice open it here: UTF-8 with its mark, semicolons."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _
from django.utils.translation import override

from sprechzeit.audit.models import Event
from sprechzeit.practices.models import Practice
from sprechzeit.web.desk.trail_rows import Names, row_of

MARK = "\ufeff"
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would run (OWASP, CSV injection)


def csv_lines(events: Iterable[Event], practice: Practice, names: Names, language: str) -> Iterator[str]:
    """Head and one line for each event. The language is put on line by line: the request may be over by then."""
    with override(language):
        head = [
            _("Nummer"),
            _("Zeit"),
            _("Wer"),
            _("Kennung"),
            _("Von wo"),
            _("Was"),
            _("Einzelheiten"),
            _("Datensätze"),
            _("Aktion"),
            _("Angaben"),
            _("Betroffene Kennungen"),
            _("Prüfsumme"),
        ]
    yield MARK + _line(head)
    for event in events:
        with override(language):
            row = row_of(event, practice, names, {})
            line = _line(
                [
                    str(row.number),
                    row.at.isoformat(sep=" ", timespec="seconds"),
                    row.actor,
                    row.actor_id,
                    row.address,
                    row.what,
                    row.detail,
                    row.count,
                    event.action,
                    json.dumps(event.details, ensure_ascii=False, sort_keys=True),
                    " ".join(str(one) for one in event.subjects),
                    bytes(event.hash).hex(),
                ]
            )
        yield line


def _line(cells: list[str]) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerow([harmless(cell) for cell in cells])
    return text.getvalue()


def harmless(cell: str) -> str:
    """The cell as text: what would begin a formula gets an apostrophe before it."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell
