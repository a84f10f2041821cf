"""The product with one barrier taken away: ``python -m tests.drill.weakened <switch> <arguments of sprechzeit>``.

Only here, never in the product. The web server's own processes import this module again, so what it does stands on its
top level; the switch reaches them by the environment.
"""

from __future__ import annotations

import os
import sys

SWITCH = "DRILL_WEAKENED"
if SWITCH not in os.environ:
    os.environ[SWITCH] = sys.argv.pop(1)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sprechzeit.site.settings")


def debug() -> None:
    """Pages of errors tell settings, paths and code."""
    from sprechzeit.site import settings

    settings.DEBUG = True


def names_in_the_log() -> None:
    """Whoever is sealed is written to the log before."""
    import django

    django.setup()
    from sprechzeit.patients.person import Person

    sealed = Person.to_bytes

    def to_bytes(self: Person) -> bytes:
        sys.stderr.write(f"sealing {self.listed_name}\n")
        return sealed(self)

    Person.to_bytes = to_bytes  # type: ignore[method-assign]


SWITCHES = {"debug": debug, "names-in-the-log": names_in_the_log}
SWITCHES[os.environ[SWITCH]]()

if __name__ == "__main__":
    from sprechzeit.cli import main

    main()
