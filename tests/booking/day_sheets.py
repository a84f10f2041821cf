"""Day sheets made and read in few words."""

from __future__ import annotations

from typing import Any

from sprechzeit.booking.day_sheet import make_day_sheet
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import wearing
from sprechzeit.staff.day_sheet_key import set_day_sheet_passphrase
from tests.factories import Made
from tests.vault.day_sheet_reader import SheetFile

PASSPHRASE = "sperling nordwind gurke leuchtturm"


def with_passphrase(made: Made) -> Made:
    with wearing(Role.DESK):
        set_day_sheet_passphrase(made.keys, made.actor, PASSPHRASE)
    return made


def made_file(made: Made) -> bytes:
    with wearing(Role.DESK):
        sheet = make_day_sheet(made.keys, made.actor, made.practice)
    assert sheet is not None
    return bytes(sheet.sealed)


def opened(file: bytes) -> list[dict[str, Any]]:
    return SheetFile.read(file).open_with_passphrase(PASSPHRASE)


def lines(days: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [line for day in days for column in day["columns"] for line in column["lines"]]


def names(days: list[dict[str, Any]]) -> list[str]:
    return [line["name"] for line in lines(days) if "name" in line]
