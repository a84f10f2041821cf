"""Debuggers and profilers that are installed beside the program, and advisories about its libraries."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import distributions

from sprechzeit.doctor.check import Check, not_checked, ok, wrong

# They open a door of their own or show settings in pages: production does not start beside one.
DOORS = frozenset(
    {
        "django-debug-toolbar", "django-silk", "django-extensions", "django-devserver",
        "flask-debugtoolbar", "debugpy", "ptvsd", "pydevd", "pydevd-pycharm", "remote-pdb",
        "web-pdb", "rpdb", "django-rosetta", "django-sql-explorer", "jupyter", "notebook",
        "jupyterlab", "pyramid-debugtoolbar",
    }
)  # fmt: skip  # lines grouped by hand
# They do nothing until somebody starts them.
TOOLS = frozenset(
    {
        "werkzeug", "flask", "ipdb", "pdbpp", "pudb", "ipython", "pyinstrument", "viztracer",
        "py-spy", "scalene", "line-profiler", "memory-profiler", "django-browser-reload",
        "icecream", "snakeviz", "yappi",
    }
)  # fmt: skip  # lines grouped by hand


def check_debuggers(*, production: bool, path: Sequence[str] | None = None) -> Check:
    """``path`` is where packages lie, by default where this program's do."""
    name = "debuggers and profilers"
    every = distributions() if path is None else distributions(path=list(path))
    installed = {re.sub(r"[-_.]+", "-", one.name).lower() for one in every if one.name}
    doors, found = sorted(installed & DOORS), sorted(installed & (DOORS | TOOLS))
    if not production:
        return not_checked(name, "this is no production")
    if found:
        mend = "Install into a new environment from requirements/run.txt alone."
        return wrong(name, f"installed: {', '.join(found)}", mend, is_fatal=bool(doors))
    return ok(name, f"none among {len(installed)} packages")


def check_advisories() -> Check:
    """``pip-audit``, if it is installed and reaches its index."""
    name = "advisories about libraries"
    if importlib.util.find_spec("pip_audit") is None:
        return not_checked(name, "pip-audit is not installed")
    command = [sys.executable, "-m", "pip_audit", "--format", "json", "--progress-spinner", "off"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)  # noqa: S603 - fixed
        listed = json.loads(done.stdout)["dependencies"]
    except (OSError, subprocess.TimeoutExpired, ValueError, KeyError, TypeError):
        return not_checked(name, "pip-audit did not reach its index")
    known = sorted(one["name"] for one in listed if one.get("vulns"))
    if known:
        return wrong(name, f"known holes in {', '.join(known)}", "Update them (make lock) and deploy.")
    return ok(name, f"none about {len(listed)} packages")
