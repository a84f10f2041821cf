"""``sprechzeit support``: a technician of the host looks at a practice, for some minutes and without personal data."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import wearing
from sprechzeit.errors import DomainError
from sprechzeit.identifiers import PracticeId

app = typer.Typer(
    no_args_is_help=True, help="Support: look at a practice for some minutes; its owners see it (docs/maintenance.md)."
)
OfPractice = Annotated[str, typer.Option(help="The practice, by the name in its address.")]


@app.command("open")
def open_(
    practice: OfPractice,
    reason: Annotated[str, typer.Option(help="Why; the owners read it. No names of patients.")],
    minutes: Annotated[int, typer.Option(help="5 to 240.")] = 30,
) -> None:
    """Begin to look, or ask the owners where they want to be asked."""
    from sprechzeit.support.session import open_session

    with _told():
        made = open_session(_number(practice), technician=getpass.getuser(), reason=reason, minutes=minutes)
    if made.until is None:
        typer.echo("asked: an owner has to allow it at the desk, under Support; then sprechzeit support show")
    else:
        typer.echo(f"open until {made.until.astimezone():%H:%M}; the owners have been told. sprechzeit support show")


@app.command()
def show(
    practice: OfPractice,
    what: Annotated[str, typer.Argument(help="One report; without it, which there are.")] = "",
) -> None:
    """Show one report. Each look stands in the practice's trail."""
    from sprechzeit.support.reports import REPORTS
    from sprechzeit.support.reports import show as look

    if not what:
        typer.echo("\n".join(REPORTS))
        return
    with _told():
        table = look(_number(practice), what)
    rows = [table.columns, *(tuple("" if one is None else str(one) for one in row) for row in table.rows)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(table.columns))]
    for row in rows:
        typer.echo("  ".join(one.ljust(width) for one, width in zip(row, widths, strict=True)).rstrip())


@app.command()
def end(practice: OfPractice) -> None:
    """Done: end the session before its time."""
    from sprechzeit.audit.record import SYSTEM
    from sprechzeit.support.session import end as end_it

    with _told():
        end_it(_number(practice), SYSTEM)
    typer.echo("ended")


@contextmanager
def _told() -> Iterator[None]:
    """As the worker; what is refused is told in one line."""
    try:
        with wearing(Role.WORKER):
            yield
    except DomainError as error:
        typer.echo(f"sprechzeit: {error.message}", err=True)
        raise typer.Exit(1) from None


def _number(slug: str) -> PracticeId:
    from sprechzeit.practices.models import Practice

    found = Practice.objects.filter(slug=slug).values_list("id", flat=True).first()
    if found is None:
        typer.echo(f"sprechzeit: there is no practice {slug!r}", err=True)
        raise typer.Exit(2)
    return PracticeId(found)
