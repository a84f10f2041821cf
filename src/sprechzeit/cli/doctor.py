"""``sprechzeit doctor``: is this deployment in order, seen from inside."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer
from django.conf import settings


def doctor(as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False) -> None:
    """Look from inside: sockets, roles, policies, key files, clock, backups, libraries. Exit code 1: one is wrong."""
    from sprechzeit.doctor.check import State
    from sprechzeit.doctor.run import examine

    checks = examine(settings.ENVIRONMENT)
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in checks], indent=2))
    else:
        for one in checks:
            typer.echo(f"{one.state:12} {one.name}: {one.seen}")
            if one.mend:
                typer.echo(f"{'':12} mend: {one.mend}")
    raise typer.Exit(1 if any(one.state is State.WRONG for one in checks) else 0)
