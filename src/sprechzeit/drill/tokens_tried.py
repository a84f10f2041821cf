"""API tokens: made of the row alone, taken to another practice, or with another's scope."""

from __future__ import annotations

from base64 import urlsafe_b64encode

import psycopg

from sprechzeit.drill.members import R, plant, program_with, token_of
from sprechzeit.drill.outcome import Opened, Tried
from sprechzeit.drill.scene import Scene
from sprechzeit.drill.seen import Seen
from sprechzeit.staff.token import Scope

DAYS = "/api/v1/desk/appointments?day={day}"
SEARCH = "/api/v1/desk/patients/search"
ROWS = "select replace(id::text, '-', ''), secret_hash from api_token where practice_id = %s"
GRANTS = "select credential, wrapped from key_grant where practice_id = %s and kind = 'token'"


def try_tokens(scene: Scene, practice: int, other: int) -> Tried:
    """A right token works in its practice; nothing that is made of it, or of rows, shows anything."""
    right = token_of(plant(scene, practice, R.OWNER))
    token_of(plant(scene, other, R.OWNER))
    narrow = token_of(plant(scene, practice, R.OWNER), [Scope.CALENDAR_READ])
    seen, control = Seen(scene, other), Seen(scene, practice)
    control.add(program_with(scene, right).post_json(SEARCH, {"q": "Müller"}).text)
    worked = [bool(control.people()), program_with(scene, narrow).get(DAYS.format(day=scene.today)).status == 200]
    forged = [*_made_of_rows(scene, practice), *_made_of_rows(scene, other), *_for_another(scene, right, other)]
    got_in = 0
    for token in forged[:28]:  # more from one address are not even looked at
        for page in (
            program_with(scene, token).get(DAYS.format(day=scene.today)),
            program_with(scene, token).post_json(SEARCH, {"q": "Müller"}),
        ):
            got_in += page.status == 200
            seen.add(page.text)
    got_in += program_with(scene, narrow).post_json(SEARCH, {"q": "Müller"}).status == 200
    people = len(seen.people())
    times = seen.requests + 1
    return Tried("tokens made of rows, or taken elsewhere", times, 2, sum(worked), Opened(people, members=got_in))


def _made_of_rows(scene: Scene, practice: int) -> list[str]:
    """What stands in the dump, as the secret: the hash itself, and pieces of what the token wraps."""
    with psycopg.connect(scene.url()) as connection:
        rows = connection.execute(ROWS, [practice]).fetchall()
        grants = connection.execute(GRANTS, [practice]).fetchall()
    secrets = [bytes(hashed) for _token, hashed in rows] + [bytes(wrapped)[:32] for _credential, wrapped in grants]
    return [_token(practice, token, secret) for token, _hash in rows[:2] for secret in secrets[:3]]


def _for_another(scene: Scene, right: str, other: int) -> list[str]:
    """The right secret, said to be the other practice's, under its own and under the other's identifiers."""
    secret = right.rsplit("_", 1)[0].rsplit("-", 1)[1], right[-43:]
    with psycopg.connect(scene.url()) as connection:
        theirs = [token for token, _hash in connection.execute(ROWS, [other])][:2]
    return [f"szp_{other}-{token}_{secret[1]}" for token in (secret[0], *theirs)]


def _token(practice: int, token: str, secret: bytes) -> str:
    return f"szp_{practice}-{token}_{urlsafe_b64encode(secret).decode().rstrip('=')}"
