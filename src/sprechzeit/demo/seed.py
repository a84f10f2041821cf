"""Make the demo practice with everything in it, once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sprechzeit import clock
from sprechzeit.audit.record import Actor
from sprechzeit.booking.learn_limits import learn_limits
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import wearing
from sprechzeit.demo.fill import fill
from sprechzeit.demo.more_ways import add_more_ways
from sprechzeit.demo.neighbours import furnish_neighbours
from sprechzeit.demo.people import invented_people
from sprechzeit.demo.practice import ZONE, furnish
from sprechzeit.demo.run import DemoError
from sprechzeit.demo.views import keep_views
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.models import Practice
from sprechzeit.staff.demo import KEY_FILE, grant_demo, make_demo_key

PATIENTS = 600


def seed_demo(folder: Path, progress: Callable[[str], None]) -> None:
    """Fill the demo practice when there is none; the key of its log-in button lies in ``folder``.

    Raises
    ------
    DemoError
        An earlier filling was interrupted.
    """
    if Practice.objects.using("owner").filter(kind=Practice.Kind.DEMO).exists():
        if not (folder / KEY_FILE).exists():
            raise DemoError("the demo's data is only half there: begin anew with make demo-reset")
        return
    today = clock.now().astimezone(ZONE).date()
    with wearing(Role.DESK):
        progress("Filling the demo practice: 3 clinicians, 12 visit types, their hours …")
        demo = furnish(today)
        progress(f"Sealing {PATIENTS} invented patients and thirteen weeks of appointments …")
        count = fill(demo, invented_people(PATIENTS, today))
        add_more_ways(demo)
        progress("Founding six small practices around it, for the search …")
        furnish_neighbours(today)
        member = grant_demo(demo.keys, make_demo_key(folder), "Demo")
        keep_views(demo, Actor("member", str(member)))
    with wearing(Role.WORKER):
        learn_limits(PracticeId(demo.practice.id))
    progress(f"{count} appointments are in the calendar.")
