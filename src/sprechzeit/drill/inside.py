"""The process that plays the steps: Django with the instance's own settings. ``python -m sprechzeit.drill.inside``.

Scene and letters come by standard input, since the scene holds the drill's secret; the steps go to standard output.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from importlib import import_module
from typing import Any

from sprechzeit.drill.outcome import Noticed, Opened, Step, Tried

STEPS = {
    "a": "outside",
    "b": "dump",
    "c": "leftovers",
    "d": "credentials",
    "e": "live",
    "f": "other_practice",
    "g": "writing",
    "h": "canaries",
}
"""Letter and module. Each has ``play(scene, people)``."""


def main() -> None:
    """Entry point of the process."""
    import django

    from sprechzeit.logs import configure_logs

    scene_text, letters = json.loads(sys.stdin.read())
    django.setup()
    configure_logs("ERROR")
    from sprechzeit.drill.people import people_of
    from sprechzeit.drill.scene import Scene

    scene = Scene.from_json(scene_text)
    people = people_of(scene)
    _answer({"records": people.records})
    for letter in letters:
        play: Callable[..., Step] = import_module(f"sprechzeit.drill.{STEPS[letter]}").play
        begun = time.monotonic()
        step = play(scene, people)
        _answer(asdict(replace(step, seconds=time.monotonic() - begun)))


def _answer(values: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(values) + "\n")
    sys.stdout.flush()


def step_from(values: dict[str, Any]) -> Step:
    """A step as the process told it."""
    tried = tuple(Tried(**{**one, "opened": Opened(**one["opened"])}) for one in values["tried"])
    noticed = tuple(Noticed(**one) for one in values["noticed"])
    allowed, wrong = Opened(**values["allowed"]), tuple(values["wrong"])
    return Step(**{**values, "tried": tried, "noticed": noticed, "allowed": allowed, "wrong": wrong})


if __name__ == "__main__":
    main()
