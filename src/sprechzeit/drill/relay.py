"""A page that looks like ours passes a member's passkey on: what the browser signs names the page it was at."""

from __future__ import annotations

from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from sprechzeit.drill.authenticator import PRESENT, Authenticator
from sprechzeit.drill.browser import Browser
from sprechzeit.drill.members import browser_with, from_another_address, plant
from sprechzeit.drill.outcome import Opened, Tried
from sprechzeit.drill.scene import Scene

BEGIN, FINISH = "/desk/anmelden/beginn/", "/desk/anmelden/abschluss/"
EVIL = "https://anmelden-sprechzeit.example"


def relay(scene: Scene, practice: int, _other: int) -> Tried:
    """Each wrong thing alone, right log-ins before and after: so it is refused for that, and not for a limit."""
    member = plant(scene, practice).authenticator
    worked = [_finish(scene, member.prove(_begin(scene)))]
    answers = list(_wrong_answers(scene, member))
    got_in = 0
    for number, answer in enumerate(answers):
        if number % 4 == 0:
            from_another_address(scene)  # and of this passkey no failure is counted yet
        got_in += _finish(scene, answer)
    from_another_address(scene)
    worked.append(_finish(scene, member.prove(_begin(scene))))
    return Tried(
        "relayed, replayed and altered answers of a passkey", len(answers), 2, sum(worked), Opened(members=got_in)
    )


def _wrong_answers(scene: Scene, member: Authenticator) -> list[dict[str, Any]]:
    used = member.prove(_begin(scene))
    _finish(scene, used)
    first, second = _begin(scene), _begin(scene)
    host = scene.address.removeprefix("https://")
    return [
        member.prove(_begin(scene), origin=EVIL),
        member.prove(_begin(scene), origin=EVIL, party="anmelden-sprechzeit.example"),
        member.prove(_begin(scene), party="anmelden-sprechzeit.example"),
        member.prove(_begin(scene), origin=f"http://{host}"),
        member.prove(_begin(scene), origin=f"https://evil.{host}"),
        member.prove(_begin(scene), origin="https://localhost"),
        used,
        {**member.prove(first), "challenge": second["challenge"]},
        {**used, "challenge": _begin(scene)["challenge"]},
        member.prove(_begin(scene), counter=1),
        member.prove(_begin(scene), counter=0),
        member.prove(_begin(scene), flags=PRESENT),
        member.prove(_begin(scene), flags=0),
        member.prove(_begin(scene), key=ec.generate_private_key(ec.SECP256R1())),
        {**member.prove(_begin(scene)), "prf": ""},
    ]


def _begin(scene: Scene) -> dict[str, Any]:
    from_another_address(scene)
    found: dict[str, Any] = _page(scene).post_json(BEGIN, {}).json()
    return found


def _finish(scene: Scene, answer: dict[str, Any]) -> bool:
    browser = _page(scene)
    return browser.post_json(FINISH, answer).status == 200 and browser.get("/desk/").status == 200


def _page(scene: Scene) -> Browser:
    browser = browser_with(scene, "")
    browser.get("/desk/anmelden/")
    return browser
