from __future__ import annotations

import re
import zlib

import pytest
import segno

from sprechzeit.audit.models import Event
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.staff.errors import SheetRefused
from sprechzeit.staff.invite import read_invitation, take_up
from sprechzeit.staff.models import KeyGrant, Membership, RecoverySheet
from sprechzeit.staff.sheet import PrintedSheet, confirm_sheet, make_sheet, recover, words_asked
from sprechzeit.vault import fingerprint
from sprechzeit.web.desk.sheet_pdf import sheet_pdf
from tests.factories import Made, make_practice


def make(made: Made, *, confirmed: bool = True) -> PrintedSheet:
    with wearing(Role.DESK):
        sheet = make_sheet(made.keys, made.actor)
        if confirmed:
            confirm_sheet(made.id, made.actor, sheet.id, [sheet.words[place - 1] for place in words_asked(sheet.id)])
    return sheet


def open_with(made: Made, text: str, slug: str = "") -> str:
    with wearing(Role.DESK):
        return recover(slug or made.practice.slug, text)


def test_its_words_open_the_practice_for_a_new_owner() -> None:
    made = make_practice()
    sheet = make(made)

    invitation = open_with(made, ", ".join(sheet.words).upper())

    with wearing(Role.DESK):
        found = read_invitation(invitation)
        assert found.role == Membership.Role.OWNER
        assert take_up(found).private == made.keys.private


def test_another_practice_is_not_opened() -> None:
    made, other = make_practice(), make_practice()
    sheet = make(made)
    make(other)

    with pytest.raises(SheetRefused):
        open_with(made, " ".join(sheet.words), other.practice.slug)


@pytest.mark.parametrize("text", ["", "babab", "babab " * 17, "Ü" * 85, "\0"])
def test_what_is_no_key_of_the_practice_is_refused(text: str) -> None:
    made = make_practice()
    make(made)

    with pytest.raises(SheetRefused):
        open_with(made, text)


@pytest.mark.parametrize("slug", ["nirgends", "", "\0", "Ü", "x" * 500])
def test_a_practice_that_does_not_exist_is_refused_with_the_same_words(slug: str) -> None:
    made = make_practice()
    sheet = make(made)

    with pytest.raises(SheetRefused), wearing(Role.DESK):
        recover(slug, " ".join(sheet.words))


def test_a_new_sheet_makes_the_old_one_void_once_it_is_confirmed() -> None:
    made = make_practice()
    old = make(made)

    new = make(made, confirmed=False)
    assert open_with(made, " ".join(old.words))
    with wearing(Role.DESK):
        confirm_sheet(made.id, made.actor, new.id, [new.words[place - 1] for place in words_asked(new.id)])

    with pytest.raises(SheetRefused):
        open_with(made, " ".join(old.words))
    assert open_with(made, " ".join(new.words))


def test_an_unconfirmed_sheet_that_is_made_again_leaves_no_grant() -> None:
    made = make_practice()

    make(made, confirmed=False)
    make(made, confirmed=False)
    make(made)

    with wearing(Role.DESK), acting_for(made.id):
        assert RecoverySheet.objects.filter(practice=made.id).count() == 1
        assert KeyGrant.objects.filter(practice=made.id, kind=KeyGrant.Kind.RECOVERY).count() == 1


def test_the_wrong_words_do_not_confirm_and_it_can_be_tried_again() -> None:
    made = make_practice()
    sheet = make(made, confirmed=False)
    right = [sheet.words[place - 1] for place in words_asked(sheet.id)]

    with wearing(Role.DESK):
        for wrong in (["babab"] * 3, right[:2], list(reversed(right)), []):
            with pytest.raises(SheetRefused):
                confirm_sheet(made.id, made.actor, sheet.id, wrong)
        confirm_sheet(made.id, made.actor, sheet.id, [f" {word.upper()} " for word in right])


def test_its_use_and_failed_uses_stand_in_the_trail() -> None:
    made = make_practice()
    sheet = make(made)

    open_with(made, " ".join(sheet.words))
    with pytest.raises(SheetRefused):
        open_with(made, " ".join([sheet.words[1], sheet.words[0], *sheet.words[2:]]))
    other = make(make_practice())
    with pytest.raises(SheetRefused):
        open_with(made, " ".join(other.words))

    with wearing(Role.DESK), acting_for(made.id):
        actions = list(Event.objects.filter(practice=made.id).order_by("number").values_list("action", flat=True))
    assert actions == ["sheet.make", "sheet.confirm", "sheet.use", "member.invite", "sheet.failed"]


def test_the_pdf_holds_practice_words_and_fingerprint() -> None:
    made = make_practice()
    sheet = make(made)

    pdf = sheet_pdf(sheet, segno.make("x"))

    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    text = b"".join(_plain(one) for one in streams).decode("latin-1")
    assert all(f"({word})" in text for word in sheet.words)
    assert "Tresorschlüssel" in text
    assert fingerprint(bytes(made.practice.public_key)) in text
    assert repr(sheet) == "PrintedSheet(…)"


def _plain(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return stream
