"""Some ordinary life before the thief comes: people with unmistakable names book, and a member looks them up.

So that jobs, sessions, logs, mails and backups hold what they hold on any day.
"""

from __future__ import annotations

import email
import email.policy
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random

from sprechzeit.bench.errors import BenchError
from sprechzeit.bench.sample import Sample, samples
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.drill.browser import Browser
from sprechzeit.drill.scene import Scene
from sprechzeit.identifiers import PracticeId
from sprechzeit.patients.person import Person
from sprechzeit.practices.models import Practice, VisitType
from sprechzeit.staff.models import Membership
from sprechzeit.staff.session import begin
from sprechzeit.web.desk.door import cookie_name

MAILS = 2  # of each: a code and a confirmation
COUNT = 5  # more from one network need a proof of work (guard/limits.py)
CONSONANTS = "bcdfghjklmnpqrstvwxz"
PATIENCE = 60.0
CODE = re.compile(r"\b\d{6}\b|\b\d{3} \d{3}\b")


@dataclass(frozen=True, repr=False)
class Lived:
    """Who came, where they booked, and the mails that came of it."""

    people: tuple[Person, ...]
    markers: tuple[str, ...]
    mails: int
    visit_types: tuple[str, ...]


def live(scene: Scene) -> Lived:
    """Book by the API, search for them and open them at the desk, wait until the confirmations were sent."""
    chance = Random()  # noqa: S311 - names that stand nowhere else
    waiting = [_person(chance, number) for number in range(COUNT)]
    people: list[Person] = []
    told: set[str] = set()
    browser = Browser(scene.address, scene.authority)
    for sample in dict.fromkeys(samples(scene.scale, 200)):
        if waiting and _book(scene, browser, sample, waiting[0]):
            who = waiting.pop(0)
            people.append(who)
            with acting_for(sample.practice):
                told |= set(VisitType.objects.values_list("name_de", "name_en").get(id=sample.visit_type))
            _look_up(scene, sample.practice, who)
    browser.close()
    if waiting:
        raise BenchError(f"{len(waiting)} of {COUNT} people could not book, so there is nothing to look for")
    markers = tuple(mark for who in people for mark in (who.last_name, who.first_name, who.phone[3:]))
    return Lived(tuple(people), markers, _await_mails(scene, MAILS * len(people)), tuple(told))


def _person(chance: Random, number: int) -> Person:
    last, first, box = ("".join(chance.choices(CONSONANTS, k=12)) for _ in range(3))
    phone, born = f"+4930{chance.randrange(10_000_000, 99_999_999)}", date(1904, 2, number + 1)
    return Person(f"{first.capitalize()}ü", f"{last.capitalize()}ß", f"{box}@example.org", phone, born)


def _book(scene: Scene, browser: Browser, sample: Sample, who: Person) -> bool:
    path = f"/api/v1/practices/{sample.slug}"
    free = browser.get(f"{path}/visit-types/{sample.visit_type}/slots?days=31&resource={sample.resource}").json()
    if not free["slots"]:
        return False
    insurances = Practice.objects.values_list("insurances", flat=True).get(id=sample.practice)
    claims = {"is_new": False, "insurance": [*insurances, "statutory"][0]}
    wanted = {"visit_type": sample.visit_type, "start": free["slots"][-1]["start"], "resource": sample.resource}
    held = browser.post_json(f"{path}/holds", {**wanted, "claims": claims})
    person = {"first_name": who.first_name, "last_name": who.last_name, "email": who.email, "phone": who.phone}
    if held.status != 201:
        return False
    hold = held.json()["hold"]
    asked = browser.post_json(f"{path}/appointments", {**person, "claims": claims, "hold": hold})
    code = _code_for(scene, who) if asked.status == 202 else ""
    booked = browser.post_json(f"{path}/appointments/code", {"hold": hold, "code": code, "claims": claims})
    return booked.status == 201


def _code_for(scene: Scene, who: Person) -> str:
    """The six digits in the mail to this person, as the person reads them."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        for path in scene.mails.glob("*.eml"):
            mail = path.read_bytes()
            if who.email.encode() in mail.partition(b"\r\n\r\n")[0]:
                texts = b"\n".join(texts_of(mail)).decode()
                return next(iter(CODE.findall(texts)), "")
        time.sleep(0.1)
    return ""


def _look_up(scene: Scene, practice: PracticeId, who: Person) -> None:
    """A member searches for the name, as reception does all day, and looks at the inbox."""
    with wearing(Role.DESK):
        with acting_for(practice):
            member = Membership.objects.filter(practice=practice).order_by("member").values_list("member", flat=True)[0]
        cookie = begin(practice, member, scene.keys(practice), passkey=None)
    desk = Browser(scene.address, scene.authority, {cookie_name(): cookie})
    if desk.get("/desk/eingang/").status != 200:
        raise BenchError("the member cannot open the inbox")
    desk.post("/desk/patienten/", {"q": who.last_name})
    desk.close()


def _await_mails(scene: Scene, count: int) -> int:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and len(list(scene.mails.glob("*.eml"))) < count:
        time.sleep(0.2)
    return len(list(scene.mails.glob("*.eml")))


def texts_of(mail: bytes) -> Iterator[bytes]:
    """Of a kept mail the headers without its recipient, and each part as the reader gets it."""
    _envelope, _line, content = mail.partition(b"\r\n\r\n")
    message = email.message_from_bytes(content, policy=email.policy.default)
    del message["To"]
    yield "\n".join(f"{name}: {value}" for name, value in message.items()).encode()
    for part in message.walk():
        if not part.is_multipart():
            payload = part.get_payload(decode=True)
            yield payload if isinstance(payload, bytes) else b""
