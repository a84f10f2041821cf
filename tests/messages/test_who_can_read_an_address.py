"""Addresses are for the worker alone: not for the pages' roles, and not for whoever has the dump without its key."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from django.db import ProgrammingError, connections

from sprechzeit import clock
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, current_alias, wearing
from sprechzeit.identifiers import new_id
from sprechzeit.messages.address import forget_address, hand_on_address, keep_address
from sprechzeit.messages.due import due
from sprechzeit.messages.forget import DONE, forget_messages
from sprechzeit.messages.letter import Letter, open_letter
from sprechzeit.messages.models import Message, NotifierAddress
from sprechzeit.messages.notifier_key import PRIVATE_NAME, NotifierKeyMissing, make_notifier_key, private_key
from sprechzeit.messages.post import post_to_kept
from sprechzeit.vault import CannotOpen
from tests.conftest import FOLDER
from tests.factories import Made, make_practice
from tests.messages.post_box import PostBox
from tests.messages.posted import deliver_all, facts, messages, put_in

LETTER = Letter(to="erika@example.org", code="123456", link="https://termine.example.org/geheim/")


def keep(made: Made, about: UUID | None = None, days: int = 2) -> UUID:
    about = about or new_id()
    with acting_for(made.id):
        keep_address(made.id, about, LETTER, delete_after=clock.now() + timedelta(days=days))
    return about


def kept(made: Made) -> list[NotifierAddress]:
    with wearing(Role.WORKER), acting_for(made.id):
        return list(NotifierAddress.objects.filter(practice=made.id))


@pytest.mark.parametrize("role", [Role.FRONT, Role.DESK])
@pytest.mark.parametrize("table", ["message", "notifier_address"])
def test_the_pages_roles_cannot_read_a_sealed_address(role: Role, table: str) -> None:
    made = make_practice()
    put_in(made, "erika@example.org")
    keep(made)

    with wearing(role), acting_for(made.id), connections[current_alias()].cursor() as cursor:
        cursor.execute(f"select count(id) from {table}")
        assert cursor.fetchone() == (1,)
        with pytest.raises(ProgrammingError, match="permission denied"):
            cursor.execute(f"select sealed from {table}")


def test_only_the_workers_key_opens_what_was_sealed(tmp_path: Path) -> None:
    made = make_practice()
    put_in(made, "erika@example.org")
    keep(made)
    make_notifier_key(tmp_path)
    (message,), (address,) = messages(made), kept(made)

    for row in (message, address):
        assert open_letter(private_key(settings.ENVIRONMENT.key_folder), row).to == "erika@example.org"
        with pytest.raises(CannotOpen):
            open_letter(private_key(tmp_path), row)
    address.id = new_id()
    with pytest.raises(CannotOpen):  # nor does it open in another row's place
        open_letter(private_key(settings.ENVIRONMENT.key_folder), address)


OPEN_ALL = """
import django
django.setup()
from django.conf import settings
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.messages.models import Message
from sprechzeit.messages.letter import open_letter
from sprechzeit.messages.notifier_key import private_key
import sys
with wearing(Role.WORKER), acting_for(int(sys.argv[1])):
    rows = list(Message.objects.filter(practice=int(sys.argv[1])))
print(len(rows), [open_letter(private_key(settings.ENVIRONMENT.key_folder), row).to for row in rows])
"""


@pytest.mark.parametrize(("with_key", "opens"), [(False, False), (True, True)])
def test_with_all_of_the_database_and_a_web_servers_files_nothing_opens(
    tmp_path: Path, with_key: bool, opens: bool
) -> None:
    made = make_practice()
    put_in(made, "erika@example.org")
    folder = tmp_path / "keys"
    folder.mkdir()
    for file in settings.ENVIRONMENT.key_folder.iterdir():
        if with_key or file.name != PRIVATE_NAME:
            shutil.copy(file, folder)

    done = subprocess.run(
        [sys.executable, "-c", OPEN_ALL, str(made.id)],
        env={**os.environ, "SPRECHZEIT_DATA": str(FOLDER), "NOTIFIER_KEYS": str(folder)},
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert ("erika@example.org" in done.stdout) == opens
    assert ("NotifierKeyMissing" in done.stderr) == (not opens)


def test_the_private_key_is_for_its_user_alone(tmp_path: Path) -> None:
    assert make_notifier_key(tmp_path / "keys")
    assert not make_notifier_key(tmp_path / "keys")  # never a second one: it would open nothing of before

    assert (tmp_path / "keys" / PRIVATE_NAME).stat().st_mode & 0o777 == 0o600
    with pytest.raises(NotifierKeyMissing):
        private_key(tmp_path)


def test_what_is_due_is_seen_over_all_practices_by_that_one_look_only() -> None:
    made, other = make_practice(), make_practice()
    put_in(made, "erika@example.org")
    put_in(other, "otto@example.org")

    with wearing(Role.WORKER):
        assert {made.id, other.id} <= {practice for practice, _id, _channel in due(1000)}
        assert not Message.objects.exists()  # and not a moment longer
        with acting_for(made.id):
            assert set(Message.objects.values_list("practice", flat=True)) == {made.id}
    with wearing(Role.DESK):
        assert due(1000) == []


def test_a_message_to_a_kept_address_goes_there(box: PostBox) -> None:
    made = make_practice()
    about = keep(made)

    with wearing(Role.DESK), acting_for(made.id):
        assert post_to_kept(made.id, about, Message.Kind.CHANGE, once="change-2", facts=facts())
        assert not post_to_kept(made.id, new_id(), Message.Kind.CHANGE, once="change-2", facts=facts())
    deliver_all()

    assert [str(one["To"]) for one in box.mails] == ["erika@example.org"]
    assert kept(made)[0].sealed  # for the next one


def test_what_was_kept_for_a_hold_is_handed_on_to_its_appointment(box: PostBox) -> None:
    made, appointment = make_practice(), new_id()
    hold = keep(made)

    with acting_for(made.id):
        assert hand_on_address(made.id, hold, appointment, delete_after=clock.now() + timedelta(days=9))
        assert post_to_kept(made.id, appointment, Message.Kind.CONFIRMATION, once="booked", facts=facts())
    deliver_all()

    assert len(box.mails) == 1


def test_a_second_address_takes_the_first_ones_place() -> None:
    made = make_practice()
    about = keep(made)

    keep(made, about)

    assert len(kept(made)) == 1


def test_a_forgotten_address_gets_nothing_that_waits(box: PostBox) -> None:
    made = make_practice()
    about = keep(made)
    with acting_for(made.id):
        post_to_kept(made.id, about, Message.Kind.CHANGE, once="change-2", facts=facts())
        forget_address(made.id, about)

    deliver_all()

    assert (box.mails, kept(made)) == ([], [])
    assert [one.state for one in messages(made)] == ["stopped"]


def test_addresses_go_when_their_time_is_over_and_messages_a_month_after_they_went_out(box: PostBox) -> None:
    made = make_practice()
    keep(made, days=2)
    waited_for = keep(made, days=2)
    with acting_for(made.id):
        post_to_kept(made.id, waited_for, Message.Kind.CANCELLATION, once="c", facts=facts())

    with wearing(Role.WORKER):
        forget_messages(made.id)
        assert len(kept(made)) == 2
        with clock.travelled(timedelta(days=3)):
            assert forget_messages(made.id) == 1
            assert [one.about for one in kept(made)] == [waited_for]  # its message has not gone out yet
            deliver_all()
            assert forget_messages(made.id) == 1
        with clock.travelled(timedelta(days=4) + DONE):
            assert forget_messages(made.id) == 1

    assert (kept(made), messages(made)) == ([], [])
