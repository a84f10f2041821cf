"""``sprechzeit maintenance``: close the server for a while, and the checklist before and after."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import typer
from django.conf import settings

app = typer.Typer(
    no_args_is_help=True, help="Maintenance: close the server, check before and after (docs/maintenance.md)."
)


@app.command()
def on(
    message: Annotated[
        str, typer.Option(help="One line for visitors, besides what the page says in their language.")
    ] = "",
    until: Annotated[str, typer.Option(help="When it will be over, like 14:30 or 2026-11-25T14:30.")] = "",
) -> None:
    """Every page answers 503 with a page that says so; every process of this machine knows within a second."""
    from sprechzeit.guard.maintenance import close

    try:
        closed = close(settings.ENVIRONMENT.data_folder, until=_moment(until), message=message)
    except ValueError as error:
        typer.echo(f"sprechzeit: {error}", err=True)
        raise typer.Exit(2) from None
    typer.echo(f"maintenance is on{f' until {closed.until:%H:%M}' if closed.until else ''}")
    _tell_trails(is_on=True)


@app.command()
def off() -> None:
    """Let visitors in again."""
    from sprechzeit.guard.maintenance import open_again

    was_closed = open_again(settings.ENVIRONMENT.data_folder)
    typer.echo("maintenance is off" if was_closed else "maintenance was off already")
    if was_closed:
        _tell_trails(is_on=False)


@app.command()
def check(
    when: Annotated[Literal["before", "after"], typer.Argument()],
    inside: Annotated[bool, typer.Option("--inside", help="After: do not look from outside as well.")] = False,
) -> None:
    """Run the checklist. Exit code 1: something is missing, and each line says what to do."""
    from sprechzeit.doctor.check import State
    from sprechzeit.doctor.maintenance import after, before

    environment = settings.ENVIRONMENT
    checks = before(environment) if when == "before" else after(environment, look=not inside)
    for one in checks:
        typer.echo(f"{one.state:12} {one.name}: {one.seen}")
        if one.state is State.WRONG:
            typer.echo(f"{'':12} do: {one.mend}")
    missing = [one.name for one in checks if one.state is State.WRONG]
    typer.echo(f"not ready: {', '.join(missing)}" if missing else "ready")
    raise typer.Exit(1 if missing else 0)


def _moment(text: str) -> datetime | None:
    """A local time of today (tomorrow when it is past), or a whole moment; ``ValueError`` for anything else."""
    from sprechzeit import clock

    if not text:
        return None
    zone = ZoneInfo(settings.TIME_ZONE)
    now = clock.now().astimezone(zone)
    if "T" in text or " " in text:
        moment = datetime.fromisoformat(text)
        return moment if moment.tzinfo else moment.replace(tzinfo=zone)
    at = datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007 - a time of day
    moment = datetime.combine(now.date(), at, tzinfo=zone)
    return moment if moment > now else moment + timedelta(days=1)


def _tell_trails(*, is_on: bool) -> None:
    """It stands in the trail of every practice, when the database is there to be told."""
    from django.db import DatabaseError

    from sprechzeit.staff.brake import tell_of_maintenance

    try:
        typer.echo(f"it stands in the trail of {tell_of_maintenance(is_on=is_on):,} practices")
    except DatabaseError:
        typer.echo("the database is away: it does not stand in any trail", err=True)
