"""After somebody left: records under a new data key, batch by batch, readable throughout, whatever stops it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from django.db import connections

from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.identifiers import PracticeId
from sprechzeit.patients.create import create_patient
from sprechzeit.patients.models import Patient
from sprechzeit.patients.read import open_patient
from sprechzeit.patients.rotate import UNDER_THE_DATA_KEY, progress, rotate_some
from sprechzeit.practices.models import Practice
from sprechzeit.staff.keys import open_keyring
from sprechzeit.staff.leave import begin_new_data_key, remove_member
from sprechzeit.staff.membership import add_membership, names_of_team
from sprechzeit.staff.models import KeyGrant, Member, Membership, SealedDataKey
from sprechzeit.staff.session import begin, resume
from sprechzeit.vault import PracticeKeys, key_id_of
from tests.factories import Made, make_person, make_practice


def with_patients(count: int) -> Made:
    made = make_practice()
    with wearing(Role.DESK):
        for number in range(count):
            create_patient(made.keys, made.actor, make_person(last_name=f"Patient {number}"))
    return made


def fresh_keys(made: Made) -> PracticeKeys:
    """As the next request of a session has them."""
    with wearing(Role.DESK), acting_for(made.id):
        return open_keyring(made.id, made.keys.private)


def names(made: Made, keys: PracticeKeys) -> set[str]:
    with wearing(Role.DESK), acting_for(made.id):
        rows = Patient.objects.filter(practice=made.id)
        return {open_patient(keys, row.id).person.last_name for row in rows}


def numbers_in_use(made: Made) -> set[int]:
    """The data keys that any sealed column of the practice still needs."""
    with wearing(Role.DESK), acting_for(made.id):
        used = {key_id_of(bytes(row.name_sealed)) for row in Patient.objects.filter(practice=made.id)}
        used |= {key_id_of(bytes(row.record_sealed)) for row in Patient.objects.filter(practice=made.id)}
        return used | {key_id_of(bytes(row.name_sealed)) for row in Membership.objects.filter(practice=made.id)}


def data_keys(made: Made) -> list[int]:
    with wearing(Role.DESK), acting_for(made.id):
        return list(SealedDataKey.objects.filter(practice=made.id).order_by("number").values_list("number", flat=True))


def rotate_all(made: Made, *, batch: int = 3) -> None:
    with wearing(Role.DESK):
        while rotate_some(fresh_keys(made), made.actor, batch=batch).running:
            pass


def test_all_records_end_under_the_new_key_and_the_old_one_goes() -> None:
    made = with_patients(8)
    with wearing(Role.DESK):
        begin_new_data_key(made.keys, made.actor)

    rotate_all(made)

    assert numbers_in_use(made) == {2}
    assert data_keys(made) == [2]
    assert names(made, fresh_keys(made)) == {f"Patient {number}" for number in range(8)}
    with wearing(Role.DESK):
        assert names_of_team(fresh_keys(made)) == {str(made.member): "Test"}


def test_everything_is_readable_at_every_step_and_the_progress_is_told() -> None:
    made = with_patients(7)
    with wearing(Role.DESK):
        begin_new_data_key(made.keys, made.actor)

    left = []
    with wearing(Role.DESK):
        for _ in range(3):
            assert len(names(made, fresh_keys(made))) == 7
            left.append(rotate_some(fresh_keys(made), made.actor, batch=3).left)

    assert left == [4, 1, 0]


def test_a_session_from_before_goes_on_and_gets_the_new_key() -> None:
    made = with_patients(3)
    with wearing(Role.DESK):
        cookie = begin(made.id, made.member, made.keys, passkey=None)
        begin_new_data_key(made.keys, made.actor)

        session = resume(cookie)

    assert session.keys.keyring.current == 2
    assert names(made, session.keys) == {"Patient 0", "Patient 1", "Patient 2"}


def test_what_is_written_with_old_keys_in_hand_is_under_the_new_key() -> None:
    made = with_patients(2)
    with wearing(Role.DESK):
        begin_new_data_key(made.keys, made.actor)
        rotate_all(made)

        patient = create_patient(made.keys, made.actor, make_person(last_name="Spät"))

    assert numbers_in_use(made) == {2}
    assert "Spät" in names(made, fresh_keys(made))
    assert isinstance(patient, UUID)


def test_two_members_who_rotate_at_once_lose_nothing() -> None:
    made = with_patients(40)
    with wearing(Role.DESK):
        begin_new_data_key(made.keys, made.actor)

    def work(_: int) -> None:
        try:
            rotate_all(made, batch=4)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(work, range(3)))

    assert numbers_in_use(made) == {2}
    assert len(names(made, fresh_keys(made))) == 40


def test_two_who_leave_at_once_begin_keys_that_both_serve() -> None:
    made = with_patients(5)
    leaving = []
    with wearing(Role.DESK), acting_for(made.id):
        for name in ("Eins", "Zwei"):
            member = Member.objects.create()
            add_membership(made.keys, member.id, Membership.Role.RECEPTION, name)
            leaving.append(member.id)

    def dismiss(member: UUID) -> None:
        try:
            with wearing(Role.DESK):
                remove_member(made.keys, made.actor, member)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(dismiss, leaving))
    rotate_all(made)

    assert len(names(made, fresh_keys(made))) == 5
    assert len(data_keys(made)) == 1


KILLED = """
    import sys
    from sprechzeit.database.roles import Role
    import django
    django.setup()
    from sprechzeit.audit.record import SYSTEM
    from sprechzeit.database.tenancy import acting_for, wearing
    from sprechzeit.patients.read import open_patient
from sprechzeit.patients.rotate import rotate_some
    from sprechzeit.staff.keys import open_keyring
    from sprechzeit.vault import Secret
    practice, private = int(sys.argv[1]), Secret(sys.stdin.buffer.read())
    with wearing(Role.DESK):
        with acting_for(practice):
            keys = open_keyring(practice, private)
        print("begun", flush=True)
        while rotate_some(keys, SYSTEM, batch=2).running:
            pass
"""


@pytest.mark.parametrize("milliseconds", [5, 40, 120])
def test_killed_in_the_middle_it_goes_on_later(milliseconds: int) -> None:
    made = with_patients(60)
    with wearing(Role.DESK):
        begin_new_data_key(made.keys, made.actor)
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(KILLED), str(made.id)],
        env={**os.environ},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(made.keys.private.reveal())
    process.stdin.close()
    process.stdout.readline()
    time.sleep(milliseconds / 1000)
    process.send_signal(signal.SIGKILL)
    process.wait(10)
    process.stdout.close()

    assert len(names(made, fresh_keys(made))) == 60
    rotate_all(made, batch=20)

    assert numbers_in_use(made) == {2}
    assert len(names(made, fresh_keys(made))) == 60


def test_who_left_has_no_grant_no_session_and_what_they_gave_is_gone() -> None:
    from sprechzeit.staff.invite import invite, pending_invitations
    from sprechzeit.staff.token import make_token, tokens_of

    made = with_patients(1)
    with wearing(Role.DESK), acting_for(made.id):
        member = Member.objects.create().id
        add_membership(made.keys, member, Membership.Role.OWNER, "Geht")
        cookie = begin(made.id, member, made.keys, passkey=None)
        actor = resume(cookie).actor
        invite(made.keys, actor)
        make_token(made.keys, actor, name="x", scopes=["calendar.read"], days=1, member=member)

    with wearing(Role.DESK):
        remove_member(made.keys, made.actor, member)

        assert pending_invitations(made.id) == []
        assert tokens_of(made.id) == []
        with acting_for(made.id):
            assert not KeyGrant.objects.filter(practice=made.id).exists()
            assert Practice.objects.get(id=made.id).current_data_key == 2
            assert progress(PracticeId(made.id), 2).left == 2  # the patient, and the owner's name


SEALED_COLUMNS = """
    select table_name, column_name from information_schema.columns
    where table_schema = 'public' and column_name like '%sealed'
"""
# Not under the data key: sealed to the public key, the notifier's, under the key of a session or of a day sheet.
NOT_UNDER_THE_DATA_KEY = {
    ("intake", "sealed"),
    ("sealed_data_key", "sealed"),
    ("desk_session", "keys_sealed"),
    ("day_sheet", "sealed"),
    ("message", "sealed"),
    ("notifier_address", "sealed"),
    ("patient_note", "sealed"),
    ("rights_text", "text_sealed"),
}


def test_the_rotation_knows_every_sealed_column_of_the_database() -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(SEALED_COLUMNS)
        there = set(cursor.fetchall())

    assert there - NOT_UNDER_THE_DATA_KEY == {(one.table, one.column) for one in UNDER_THE_DATA_KEY}
