"""(d) Stolen credentials without what belongs to them: half a session, old passwords, rows of tokens, a relay."""

from __future__ import annotations

import psycopg

from sprechzeit import clock
from sprechzeit.drill.half_a_session import play_cookies, play_rows
from sprechzeit.drill.links_guessed import guess_links
from sprechzeit.drill.members import R, from_another_address, plant
from sprechzeit.drill.outcome import Noticed, Step
from sprechzeit.drill.passwords_tried import try_passwords
from sprechzeit.drill.people import People
from sprechzeit.drill.relay import relay
from sprechzeit.drill.scene import Scene
from sprechzeit.drill.tokens_tried import try_tokens
from sprechzeit.guard.rules import TRIES

HAS = "cookies, rows and hashes of the dump, lists of old passwords, a page that looks like ours"
FIRST_TRIES = """
    select min(case when first_seen >= %(begun)s then first_seen else last_seen end) from alarm
    where rule = %(rule)s and cause = any(%(causes)s) and last_seen >= %(begun)s
"""
CAUSES = ["secret-address", "login-address", "login-credential", "manage-address"]


def play(scene: Scene, people: People) -> Step:
    """In two of the middle practices. Each way begins as from another address, or the limits would do the refusing."""
    middle = len(scene.plans) // 2
    practice, other = (scene.plans[number].practice for number in (middle, middle - 1))
    victim, stranger = plant(scene, practice, R.OWNER), plant(scene, other, R.OWNER)
    tried = [play_cookies(scene, victim, stranger), play_rows(scene, victim)]
    begun = clock.now()
    for way in (try_passwords, try_tokens, guess_links, relay):
        from_another_address(scene)
        tried.append(way(scene, practice, other))
    with psycopg.connect(scene.url()) as connection:
        (first,) = connection.execute(
            FIRST_TRIES, {"rule": TRIES.name, "causes": CAUSES, "begun": begun}
        ).fetchone() or (None,)
    alarms = (Noticed(TRIES.name, round((first - begun).total_seconds(), 2)),) if first else ()
    return Step("d", "Stolen credentials", HAS, tuple(tried), alarms, 1)
