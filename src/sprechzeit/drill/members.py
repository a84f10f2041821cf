"""Members that the drill plants: their way in is real, and known to the drill, so that it can be stolen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import psycopg

from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.drill.authenticator import Authenticator
from sprechzeit.drill.browser import Browser
from sprechzeit.drill.outcome import Noticed
from sprechzeit.drill.scene import Scene
from sprechzeit.identifiers import PracticeId
from sprechzeit.staff.grants import grant_to
from sprechzeit.staff.membership import add_membership
from sprechzeit.staff.models import DeskSession, Member, Membership, Passkey
from sprechzeit.staff.opener import Opener
from sprechzeit.staff.session import begin, resume
from sprechzeit.staff.token import Scope, make_token
from sprechzeit.vault import PracticeKeys, Secret
from sprechzeit.web.desk.door import cookie_name

R = Membership.Role
FIRST_SEEN = """
    select min(first_seen) from alarm
    where rule = %s and practice_id is not distinct from %s and actor = any(%s) and last_seen >= %s
"""


@dataclass(frozen=True, repr=False)
class Planted:
    """A member with a passkey, whose session has just begun. ``cookie`` is what a thief would steal."""

    practice: PracticeId
    member: UUID
    keys: PracticeKeys
    authenticator: Authenticator
    passkey: UUID
    cookie: str


def plant(scene: Scene, practice: int, role: Membership.Role = R.RECEPTION, *, passphrase: str = "") -> Planted:
    """A new member of the practice; with a passphrase one whose passkey has no PRF."""
    number, keys = PracticeId(practice), scene.keys(practice)
    made = Authenticator(scene.address)
    opener = Opener(None, passphrase, Secret(made.device)) if passphrase else Opener(prf=Secret(made.prf))
    with wearing(Role.DESK):
        with acting_for(number):
            member = Member.objects.create().id
            add_membership(keys, member, role, "Dora Drill")
            passkey = Passkey.objects.create(
                member_id=member, credential_id=made.credential_id, public_key=made.public_key
            )
            grant_to(keys, member, made.credential_id, opener)
        cookie = begin(number, member, keys, passkey=passkey.id)
    return Planted(number, member, keys, made, passkey.id, cookie)


def log_in_anew(planted: Planted) -> str:
    """The member logs in once more; tells the new cookie."""
    with wearing(Role.DESK):
        return begin(planted.practice, planted.member, planted.keys, passkey=planted.passkey)


def forget_proof(planted: Planted, moment: datetime) -> None:
    """As if the passkey had been shown at this moment for the last time: the session is stolen while somebody works."""
    with wearing(Role.DESK), acting_for(planted.practice):
        DeskSession.objects.filter(practice=planted.practice, member=planted.member).update(proved_at=moment)


def token_of(planted: Planted, scopes: Sequence[str] = tuple(Scope)) -> str:
    """A program's token, made by the member."""
    with wearing(Role.DESK):
        actor = resume(planted.cookie).actor
        return make_token(planted.keys, actor, name="Drill", scopes=scopes, days=1, member=planted.member)


def browser_with(scene: Scene, cookie: str) -> Browser:
    """A browser that holds this cookie of the desk."""
    return Browser(scene.address, scene.authority, cookies={cookie_name(): cookie} if cookie else {})


def program_with(scene: Scene, token: str) -> Browser:
    """A program that shows this token or secret with every request."""
    return Browser(scene.address, scene.authority, headers={"Authorization": f"Bearer {token}"})


def from_another_address(scene: Scene) -> None:
    """Go on as if from another network address: nothing is counted of it yet. An attacker has many."""
    with psycopg.connect(scene.url(), autocommit=True) as connection:
        connection.execute("delete from rate_counter")


def noticed(scene: Scene, rule: str, practice: int | None, actors: Sequence[str], begun: datetime) -> Noticed | None:
    """When the alarm was raised that this attack is the cause of, by the alarm's own time."""
    with psycopg.connect(scene.url(), autocommit=True) as connection:
        (first,) = connection.execute(FIRST_SEEN, [rule, practice, list(actors), begun]).fetchone() or (None,)
    return Noticed(rule, round((first - begun).total_seconds(), 2)) if first else None
