"""The program with one protection switched off: ``python -m tests.drill.weakened <switch> serve …``.

The product has no such switches. What is patched here is patched at import, so that it counts in the web server's own
processes too, however they are begun.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any

SWITCH = "DRILL_WEAKENED"


def quota_off() -> None:
    """Whoever reads is never asked and never stopped."""
    from sprechzeit.guard import watch
    from sprechzeit.guard.rules import Verdict

    watch.judge_reading = lambda *_counts, **_facts: Verdict.PASS


def session_half() -> None:
    """Practice and member of a session are enough: a cookie without its row still shows pages."""
    from dataclasses import replace

    from sprechzeit.staff import session
    from sprechzeit.staff.errors import NotLoggedIn
    from sprechzeit.web.desk import door

    resume = session.resume
    remembered: dict[str, Any] = {}

    def without_row(cookie: str, *, passive: bool = False) -> Any:
        secret = cookie.rpartition(".")[2]
        try:
            remembered[secret] = resume(cookie, passive=passive)
        except NotLoggedIn:
            if secret not in remembered:
                raise
            return replace(remembered[secret])
        return remembered[secret]

    door.resume = without_row


def origin_off() -> None:
    """A passkey's answer counts from whatever page it was made at."""
    from base64 import urlsafe_b64decode
    from json import loads

    from sprechzeit.staff import passkey

    verify = passkey.verify_authentication_response

    def anywhere(*, credential: Any, expected_origin: str, **rest: Any) -> Any:
        text = credential["response"]["clientDataJSON"]
        told = loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        return verify(credential=credential, expected_origin=told["origin"], **rest)

    passkey.verify_authentication_response = anywhere


def canary_silent() -> None:
    """Canaries are laid out and nobody hears of them."""
    _without_alarms("canary")


def guessing_silent() -> None:
    """Limits refuse, and nobody hears of it."""
    _without_alarms("many-tries")


def _without_alarms(rule: str) -> None:
    from sprechzeit.guard import limits, watch
    from sprechzeit.staff import token

    for module in (watch, limits, token):
        module.raise_alarm = _deaf_to(rule, module.raise_alarm)


def _deaf_to(rule: str, raise_alarm: Callable[..., None]) -> Callable[..., None]:
    def raised(name: str, *given: Any, **facts: Any) -> None:
        if name != rule:
            raise_alarm(name, *given, **facts)

    return raised


def debug() -> None:
    """Pages of errors tell settings, paths and code."""
    from sprechzeit.site import settings

    settings.DEBUG = True


def names_in_the_log() -> None:
    """Whoever is sealed is written to the log before."""
    from sprechzeit.patients.person import Person

    to_bytes = Person.to_bytes

    def telling(self: Person) -> bytes:
        sys.stderr.write(f"sealing {self.listed_name}\n")
        return to_bytes(self)

    Person.to_bytes = telling


SWITCHES: dict[str, Callable[[], None]] = {
    "quota-off": quota_off,
    "session-half": session_half,
    "origin-off": origin_off,
    "canary-silent": canary_silent,
    "guessing-silent": guessing_silent,
    "debug": debug,
    "names-in-the-log": names_in_the_log,
}


def weaken(switch: str) -> None:
    """Before the web server imports its pages."""
    import django

    if switch == "debug":  # the settings are read once, by setup
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sprechzeit.site.settings")
        debug()
    django.setup()
    SWITCHES[switch]()


if len(sys.argv) > 1 and sys.argv[1] in SWITCHES:
    os.environ[SWITCH] = sys.argv.pop(1)
if os.environ.get(SWITCH) in SWITCHES and len(sys.argv) > 1 and sys.argv[1] == "serve":
    weaken(os.environ[SWITCH])
    sys.argv += ["--workers", "1"]  # what a patch remembers, it remembers in one process

if __name__ == "__main__":
    from sprechzeit.cli import main

    main()
