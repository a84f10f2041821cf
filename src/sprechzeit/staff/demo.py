"""The demo's log-in without a passkey. It exists for demo practices alone, and only while the demo runs.

Three things must be true: the process runs with ``SPRECHZEIT_DEMO`` (production refuses to start with it), the practice
is a demo practice (the database refuses a demo grant for any other), and the demo's key file is there.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from uuid import UUID

from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.models import Practice
from sprechzeit.staff.errors import LoginRefused
from sprechzeit.staff.keys import grant, grant_context, open_keys
from sprechzeit.staff.membership import add_membership
from sprechzeit.staff.models import KeyGrant, Member, Membership
from sprechzeit.staff.session import begin
from sprechzeit.staff.swapped import telling_of_swaps
from sprechzeit.vault import CannotOpen, PracticeKeys, Secret, kek_from_token

KEY_FILE = "demo.key"
KEY_LENGTH = 32
CREDENTIAL = b"demo"
DAY_SHEET_PASSPHRASE = "sperling nordwind gurke leuchtturm"  # noqa: S105 - printed on the demo's own page


def make_demo_key(folder: Path) -> Secret:
    """A new random key in ``folder``, readable by this user only."""
    path = folder / KEY_FILE
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    key = secrets.token_bytes(KEY_LENGTH)
    path.write_bytes(key)
    return Secret(key)


def grant_demo(keys: PracticeKeys, demo_key: Secret, name: str) -> UUID:
    """Make a demo member who logs in by the button."""
    practice = PracticeId(keys.practice)
    with acting_for(practice):
        member = Member.objects.create()
        add_membership(keys, member.id, Membership.Role.OWNER, name)
        context = grant_context(practice, KeyGrant.Kind.DEMO, CREDENTIAL)
        grant(context, kek_from_token(demo_key, context), keys.private, member.id)
    return member.id


@telling_of_swaps("demo")
def log_in_demo(folder: Path, *, demo_runs: bool) -> str:
    """Begin a session as the demo member and tell its cookie.

    Raises
    ------
    LoginRefused
        The demo does not run here, or there is no demo practice.
    """
    path = folder / KEY_FILE
    if not demo_runs or not path.is_file():
        raise LoginRefused
    content = path.read_bytes()
    if len(content) != KEY_LENGTH:
        raise LoginRefused
    demo_key = Secret(content)
    for practice in Practice.objects.filter(kind=Practice.Kind.DEMO).order_by("id"):
        number = PracticeId(practice.id)
        try:
            context = grant_context(number, KeyGrant.Kind.DEMO, CREDENTIAL)
            keys = open_keys(context, kek_from_token(demo_key, context))
        except CannotOpen:
            continue
        if keys is None:
            continue
        with acting_for(number):
            granted = KeyGrant.objects.select_related("member").get(
                practice=number, kind=KeyGrant.Kind.DEMO, credential=CREDENTIAL
            )
        if granted.member is not None:
            return begin(number, granted.member.id, keys, passkey=None)
    raise LoginRefused
