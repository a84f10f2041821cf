"""Old passwords at every door that takes a secret. There is no log-in by password, so none of them may fit anywhere."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass

from webauthn.helpers import bytes_to_base64url

from sprechzeit.audit.record import SYSTEM
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import wearing
from sprechzeit.drill.browser import Browser
from sprechzeit.drill.loot import PASSWORDS
from sprechzeit.drill.members import Planted, browser_with, from_another_address, plant
from sprechzeit.drill.outcome import Opened, Tried
from sprechzeit.drill.scene import Scene
from sprechzeit.staff.sheet import confirm_sheet, make_sheet, words_asked

PASSPHRASE = "Lampe Birnbaum Kachelofen 88 Wendeltreppe"  # noqa: S105 - the planted member's own, for the control
FINISH = "/desk/anmelden/abschluss/"
SHEET = "/desk/notfall/"
API = "/api/v1/desk/appointments?day=2026-11-25"
TWO = 2  # passwords that a member's passkey is tried with: each costs Argon2id's half second


@dataclass(frozen=True, repr=False)
class Doors:
    """Who is to be got in as, and the right secrets, for the control."""

    scene: Scene
    member: Planted
    slug: str
    words: str
    browser: Browser  # of somebody who is not logged in


def try_passwords(scene: Scene, practice: int, _other: int) -> Tried:
    """The right passphrase and sheet first, which must work; then the list, whole, at each door."""
    slug = next(plan.slug for plan in scene.plans if plan.practice == practice)
    member = plant(scene, practice, passphrase=PASSPHRASE)
    with wearing(Role.DESK):
        sheet = make_sheet(member.keys, SYSTEM)
        confirm_sheet(member.practice, SYSTEM, sheet.id, [sheet.words[place - 1] for place in words_asked(sheet.id)])
    doors = Doors(scene, member, slug, " ".join(sheet.words), browser_with(scene, ""))
    doors.browser.get(SHEET)  # for the token that forms need
    worked = _log_in(doors, PASSPHRASE, bytes_to_base64url(member.authenticator.device)) + _sheet(doors, doors.words)
    tried = got_in = 0
    for number, password in enumerate(PASSWORDS):
        from_another_address(scene)
        for opened in _each_door(doors, password, deep=number < TWO):
            tried += 1
            got_in += opened
    for _number in range(35):  # and on, from one address
        tried += 1
        got_in += _sheet(doors, PASSWORDS[0])
    return Tried("old passwords at doors that take a secret", tried, 2, worked, Opened(members=got_in))


def _each_door(doors: Doors, password: str, *, deep: bool) -> list[bool]:
    basic = b64encode(f"{doors.slug}:{password}".encode()).decode()
    found = [
        _posted(doors, "/desk/anmelden/", password),
        _posted(doors, "/desk/anmelden/demo/", password),
        _sheet(doors, password),
        _sheet(doors, " ".join([password] * 17)),
        _with_header(doors, "/desk/", f"Basic {basic}"),
        _with_header(doors, API, f"Basic {basic}"),
        _with_header(doors, API, f"Bearer {password}"),
    ]
    if deep:
        found += [_log_in(doors, password, bytes_to_base64url(bytes(16))), _log_in(doors, password, "")]
    return found


def _log_in(doors: Doors, passphrase: str, device: str) -> bool:
    """With the member's own passkey, as if that were stolen too: the passphrase is then all that is missing."""
    browser = browser_with(doors.scene, "")
    browser.get("/desk/anmelden/")
    options = browser.post_json("/desk/anmelden/beginn/", {}).json()
    answer = {**doors.member.authenticator.prove(options), "prf": "", "passphrase": passphrase, "device": device}
    page = browser.post_json(FINISH, answer)
    return page.status == 200 and _is_in(browser)


def _posted(doors: Doors, path: str, password: str) -> bool:
    browser = browser_with(doors.scene, "")
    browser.get("/desk/anmelden/")
    browser.post(path, {"username": doors.slug, "email": f"{doors.slug}@example.org", "password": password})
    return _is_in(browser)


def _with_header(doors: Doors, path: str, header: str) -> bool:
    return doors.browser.send("GET", path, headers={"Authorization": header}).status == 200


def _sheet(doors: Doors, words: str) -> bool:
    page = doors.browser.post(SHEET, {"slug": doors.slug, "words": words})
    return page.status == 302 and "#" in page.location


def _is_in(browser: Browser) -> bool:
    return browser.get("/desk/").status == 200
