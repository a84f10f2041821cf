"""The checklist before and after maintenance: each line is a check that really runs."""

from __future__ import annotations

import random
import urllib.error
import urllib.request
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import DatabaseError, connections

from sprechzeit import clock
from sprechzeit.audit.head import HeadsUnreadable, anchored_heads
from sprechzeit.audit.verify import verify
from sprechzeit.booking.errors import BookingError
from sprechzeit.booking.hold import hold
from sprechzeit.booking.offer import offered
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, current_alias, wearing
from sprechzeit.doctor.check import Check, State, not_checked, ok, wrong
from sprechzeit.doctor.files import check_backup, check_key_files
from sprechzeit.doctor.in_database import check_database, check_migrations
from sprechzeit.doctor.packages import check_debuggers
from sprechzeit.doctor.pairs import check_pairs
from sprechzeit.environment import Environment
from sprechzeit.errors import DomainError
from sprechzeit.guard.maintenance import maintenance
from sprechzeit.guard.models import Alarm
from sprechzeit.identifiers import PracticeId, VisitTypeId
from sprechzeit.practices.directory import bookable_visit_types
from sprechzeit.practices.models import Practice
from sprechzeit.probe import CannotLook, probe
from sprechzeit.probe.target import read_target

SAMPLE = 20  # trails that are verified, and practices in which a booking is tried
ALIVE = timedelta(seconds=60)  # a worker says so every ten
STATE = "/api/v1/state"


class _Undone(Exception):
    """Takes a tried booking back."""


def before(environment: Environment) -> list[Check]:
    """What has to be so before anything is changed."""
    return [
        _closed(environment),
        _needed(check_backup(environment.backup_folder), "Set BACKUP_FOLDER and run sprechzeit backup."),
        _pending(),
        _worker(should_run=False),
        _queue(),
        _alarms(),
        *_sound(environment),
    ]


def after(environment: Environment, *, look: bool = True) -> list[Check]:
    """What has to be so before visitors are let in again; ``look``: from outside too, which may take minutes."""
    return [
        check_migrations(),
        *_sound(environment),
        _trails(environment),
        _booking(),
        _worker(should_run=True),
        _alarms(),
        _answers(environment.public_url),
        *([_from_outside(environment.public_url)] if look else []),
    ]


def _sound(environment: Environment) -> list[Check]:
    """The doctor's checks that come at once."""
    files = check_key_files(environment.key_folder, environment.data_folder)
    return [*check_database(), check_pairs(), *files, check_debuggers(production=environment.production)]


def _needed(check: Check, mend: str) -> Check:
    return wrong(check.name, check.seen, mend) if check.state is State.NOT_CHECKED else check


def _closed(environment: Environment) -> Check:
    name = "maintenance mode"
    if maintenance(environment.data_folder) is None:
        return wrong(name, "visitors are let in", "Run sprechzeit maintenance on.")
    return ok(name, "visitors see the page that says so")


def _pending() -> Check:
    """Before: some may be pending, that is what the maintenance is for."""
    found = check_migrations()
    return ok(found.name, found.seen) if found.state is State.WRONG else found


def _rows(statement: str, values: Sequence[datetime | bool]) -> tuple[int, ...]:
    with wearing(Role.WORKER), connections[current_alias()].cursor() as cursor:
        cursor.execute(statement, values)
        return tuple(cursor.fetchone())


def _worker(*, should_run: bool) -> Check:
    name = "worker"
    try:
        (alive,) = _rows("select count(*) from procrastinate_workers where last_heartbeat > %s", [clock.now() - ALIVE])
    except DatabaseError as error:
        return not_checked(name, f"its table cannot be read ({type(error).__name__})")
    if should_run and not alive:
        return wrong(name, "none has said within a minute that it runs", "Start sprechzeit worker.")
    if alive and not should_run:
        return wrong(name, f"{alive} ran within the last minute", "Stop sprechzeit worker, and look again in a minute.")
    return ok(name, f"{alive} running")


def _queue() -> Check:
    name = "jobs in hand"
    statement = "select count(*) filter (where status = 'doing'), count(*) filter (where status = 'todo')" \
        " from procrastinate_jobs where %s"  # fmt: skip  # lines grouped by hand
    try:
        doing, waiting = _rows(statement, [True])
    except DatabaseError as error:
        return not_checked(name, f"their table cannot be read ({type(error).__name__})")
    if doing:
        return wrong(name, f"{doing} are being done", "Wait until they are done; a worker that stops finishes its job.")
    return ok(name, f"none; {waiting} wait for the worker")


def _alarms() -> Check:
    """Critical ones that nobody has settled, of the host and of every practice."""
    name = "open alarms"
    try:
        with wearing(Role.WORKER):
            numbers = [None, *Practice.objects.order_by("id").values_list("id", flat=True)]
            found = [place for place in numbers if _has_alarm(place)]
    except DatabaseError as error:
        return not_checked(name, f"they cannot be read ({type(error).__name__})")
    if found:
        places = ", ".join("the host's" if one is None else f"practice {one}" for one in found[:5])
        return wrong(name, f"critical, in {len(found)} places: {places}", "Look into them first (docs/noticing.md).")
    return ok(name, "none is critical")


def _has_alarm(practice: int | None) -> bool:
    if practice is None:
        return Alarm.objects.filter(practice=None, severity="critical", settled_at=None).exists()
    with acting_for(PracticeId(practice)):
        return Alarm.objects.filter(practice=practice, severity="critical", settled_at=None).exists()


def _trails(environment: Environment) -> Check:
    name = "trails"
    try:
        heads = anchored_heads(environment.data_folder)
        with wearing(Role.WORKER):
            numbers = list(Practice.objects.values_list("id", flat=True))
            chosen = random.sample(numbers, min(SAMPLE, len(numbers)))
            verdicts = [verify(PracticeId(one), heads.get(PracticeId(one), [])) for one in chosen]
    except (DatabaseError, HeadsUnreadable) as error:
        return wrong(name, f"they cannot be verified ({type(error).__name__})", "Run sprechzeit audit verify.")
    if broken := [one.practice for one in verdicts if one.broken is not None]:
        return wrong(name, f"broken: practice {broken[0]}", "Run sprechzeit audit verify and save database and logs.")
    return ok(name, f"{len(verdicts)} of {len(numbers)} are whole, {sum(one.count for one in verdicts):,} events")


def _booking() -> Check:
    """Hold a time as a patient does and undo it in the same transaction: in a demo practice first, else in any."""
    name = "booking"
    try:
        with wearing(Role.FRONT):
            practices = Practice.objects.filter(key_doubted_at=None).order_by("kind", "id")[:SAMPLE]
            for practice in practices:
                if _hold_and_undo(practice):
                    return ok(name, f"a time was held and given back in practice {practice.id}")
    except (DatabaseError, DomainError) as error:
        return wrong(name, f"a time cannot be held ({type(error).__name__})", "See the log of the web server.")
    return not_checked(name, "no practice offers a time within two weeks")


def _hold_and_undo(practice: Practice) -> bool:
    number = PracticeId(practice.id)
    for visit_type in bookable_visit_types(number):
        days = offered(practice, visit_type, since=None, days=14).days
        if not days:
            continue
        try:
            with acting_for(number):
                hold(number, VisitTypeId(visit_type.id), days[0].slots[0].start)
                raise _Undone
        except _Undone:
            return True
        except BookingError:  # only for some patients, or somebody was faster
            continue
    return False


def _answers(address: str) -> Check:
    name = "own address"
    try:
        with urllib.request.urlopen(f"{address}{STATE}", timeout=10) as answer:  # noqa: S310 - ours, from the settings
            return ok(name, f"it answers {answer.status}: visitors are let in")
    except urllib.error.HTTPError as error:
        if error.code == 503:
            return ok(name, "it answers 503: visitors see the page about maintenance")
        return wrong(name, f"it answers {error.code}", "See the logs of the reverse proxy and of the web server.")
    except OSError as error:
        return wrong(name, f"nothing answers ({type(error).__name__})", "Start sprechzeit serve and the reverse proxy.")


def _from_outside(address: str) -> Check:
    name = "from outside"
    try:
        if read_target(address).is_loopback:
            return not_checked(name, "the address is one of this machine")
        found = probe(address).findings
    except CannotLook:
        return wrong(name, "it cannot be looked at", "Run sprechzeit probe and see.")
    if found:
        return wrong(
            name, ", ".join(sorted({one.code for one in found})), "Run sprechzeit probe: it tells how to mend."
        )
    return ok(name, "nothing is to be seen that must not be")
