"""All checks, and those without which production does not start."""

from __future__ import annotations

import subprocess
from pathlib import Path

from sprechzeit.doctor.check import Check, State, not_checked, ok, wrong
from sprechzeit.doctor.files import check_backup, check_key_files
from sprechzeit.doctor.in_database import check_database, check_migrations
from sprechzeit.doctor.packages import check_advisories, check_debuggers
from sprechzeit.doctor.pairs import check_pairs
from sprechzeit.doctor.sockets import check_sockets
from sprechzeit.environment import Environment


def examine(environment: Environment) -> list[Check]:
    """Everything, in seconds (``pip-audit`` may take minutes)."""
    return [
        _settings(environment),
        check_sockets(),
        *check_database(),
        check_migrations(),
        check_pairs(),
        *check_key_files(environment.key_folder, environment.data_folder),
        check_debuggers(production=environment.production),
        _time_service(),
        check_backup(environment.backup_folder),
        check_advisories(),
    ]


def reasons_not_to_start(environment: Environment) -> list[str]:
    """One line for each fatal state that is seen within a second; none outside production."""
    if not environment.production:
        return []
    checks = [
        check_debuggers(production=True),
        *check_key_files(environment.key_folder, environment.data_folder),
        *check_database(),
        check_migrations(),
    ]
    return [f"{one.name}: {one.seen}. {one.mend}" for one in checks if one.state is State.WRONG and one.is_fatal]


def _settings(environment: Environment) -> Check:
    name = "settings"
    if environment.production:  # environment.py starts with no other
        return ok(name, "production: no debug, a secret of one's own, https")
    return not_checked(name, "this is no production (SPRECHZEIT_ENV)")


def _time_service() -> Check:
    name = "time service"
    program = Path("/usr/bin/timedatectl")
    if not program.exists():
        return not_checked(name, "there is no timedatectl")
    try:
        done = subprocess.run(  # noqa: S603 - fixed
            [program, "show", "--property=NTPSynchronized", "--value"],
            capture_output=True,
            text=True,
            timeout=5,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return not_checked(name, "timedatectl does not answer")
    if done.stdout.strip() != "yes":
        return wrong(name, "the clock is not synchronised", "timedatectl set-ntp true, or run chrony.")
    return ok(name, "synchronised")
