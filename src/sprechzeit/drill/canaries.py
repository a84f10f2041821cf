"""(h) Canaries: a thief walks a stolen list of appointments, and tries a token that lay about."""

from __future__ import annotations

from uuid import UUID

import psycopg

from sprechzeit import clock
from sprechzeit.audit.record import SYSTEM
from sprechzeit.booking.canaries import lay_canaries
from sprechzeit.booking.learn_limits import learn_limits
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import wearing
from sprechzeit.drill.members import browser_with, from_another_address, noticed, plant, program_with, token_of
from sprechzeit.drill.outcome import Noticed, Opened, Step, Tried
from sprechzeit.drill.people import People
from sprechzeit.drill.scene import Scene
from sprechzeit.drill.seen import Seen
from sprechzeit.guard.rules import CANARY
from sprechzeit.identifiers import PracticeId

HAS = "a list of appointments from the dump and somebody's session; a token that lay about"
IN_TIME = 10.0  # seconds
SHOWN = 10  # appointments that the thief opens after the first bait, as a control
LIST = """
    select id::text, coalesce(patient_id, intake_id)::text, exists (select from canary where subject = appointment.id)
    from appointment where practice_id = %s order by starts_at, id limit 60
"""
API = "/api/v1/desk/patients/search"


def play(scene: Scene, people: People) -> Step:
    """Laid out as ``sprechzeit brake canaries`` does it."""
    practice = PracticeId(scene.plans[min(1, len(scene.plans) - 1)].practice)
    with wearing(Role.WORKER):
        learn_limits(practice)
    with wearing(Role.DESK):
        bait = lay_canaries(practice, SYSTEM)
    from_another_address(scene)
    walked, first = _walk(scene, practice)
    tried, second = _try_token(scene, practice, bait)
    alarms = tuple(one for one in (first, second) if one is not None)
    wrong = tuple(f"the alarm came after {one.seconds:.0f} s" for one in alarms if one.seconds >= IN_TIME)
    title = "Canaries are touched"
    return Step("h", title, HAS, (walked, tried), alarms, 2, Opened(appointments=SHOWN), wrong=wrong)


def _walk(scene: Scene, practice: PracticeId) -> tuple[Tried, Noticed | None]:
    """By the date, as lists are sorted: the baits are on it as any appointment, and nothing marks them."""
    with psycopg.connect(scene.url()) as connection:
        found = connection.execute(LIST, [practice]).fetchall()
    thief = plant(scene, practice)
    browser, seen, begun = browser_with(scene, thief.cookie), Seen(scene, practice), clock.now()
    known = {whom for _one, whom, is_bait in found if whom and not is_bait}
    times, alarm = 0, None
    for appointment, _whom, _is_bait in found:
        page = browser.get(f"/desk/termin/{appointment}/")
        seen.add(f"/termin/{appointment}/" + page.text)
        times += 1
        alarm = alarm or noticed(scene, CANARY.name, practice, [str(thief.member)], begun)
        if len(seen.people()) >= SHOWN:
            break
    browser.close()
    opened = seen.people()
    return (
        Tried("appointments of the list opened, the last ones as a control", times, SHOWN, len(opened & known),
              Opened(appointments=len(opened))),
        alarm,
    )  # fmt: skip  # lines grouped by hand


def _try_token(scene: Scene, practice: PracticeId, bait: str) -> tuple[Tried, Noticed | None]:
    begun = clock.now()
    answers = [program_with(scene, bait).post_json(API, {"q": "Müller"}) for _number in range(3)]
    seen = Seen(scene, practice)
    for answer in answers:
        seen.add(answer.text)
    token = UUID(hex=bait.split("-", 1)[1][:32])
    alarm = noticed(scene, CANARY.name, practice, [str(token)], begun)
    own = program_with(scene, token_of(plant(scene, practice))).post_json(API, {"q": "Müller"})
    count = len(seen.people())
    return Tried(
        "requests with the token that lay about", len(answers), 1, int(own.status == 200), Opened(count)
    ), alarm
