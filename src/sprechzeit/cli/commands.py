"""All commands. Each says what it does, calls one function and tells the result."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Literal

import django
import typer
from django.conf import settings
from django.core.management import call_command, execute_from_command_line
from django.utils.translation import override

from sprechzeit.cli.audit import app as audit_app
from sprechzeit.cli.backup import backup, restore
from sprechzeit.cli.brake import app as brake_app
from sprechzeit.cli.doctor import doctor
from sprechzeit.cli.drill import drill
from sprechzeit.cli.incident import app as incident_app
from sprechzeit.cli.maintenance import app as maintenance_app
from sprechzeit.cli.probe import probe
from sprechzeit.cli.support import app as support_app
from sprechzeit.database.embedded import EmbeddedError
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import wearing
from sprechzeit.logs import configure_logs

django.setup()

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Sprechzeit: an appointment planner for medical practices whose stolen database opens no patient record.",
)
practice_app = typer.Typer(no_args_is_help=True, help="Practices: create one, invite somebody into it.")
app.add_typer(practice_app, name="practice")
app.add_typer(audit_app, name="audit")
app.command()(backup)
app.command()(restore)
app.command()(probe)
app.command()(doctor)
app.command()(drill)
app.add_typer(brake_app, name="brake")
app.add_typer(incident_app, name="incident")
app.add_typer(maintenance_app, name="maintenance")
app.add_typer(support_app, name="support")


@contextmanager
def one_line_errors() -> Iterator[None]:
    """What is wrong with the machine is told in one line, not in a traceback."""
    from sprechzeit.demo.run import DemoError

    try:
        yield
    except (EmbeddedError, DemoError) as error:
        typer.echo(f"sprechzeit: {error}", err=True)
        raise typer.Exit(1) from None


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="Where the web server listens, on localhost.")] = 8000,
    reset: Annotated[bool, typer.Option("--reset", help="Throw the demo's data away and begin anew.")] = False,
) -> None:
    """Run everything on this machine with a demo practice of invented people; Ctrl-C stops all of it."""
    from sprechzeit.demo.run import run_demo

    with one_line_errors():
        run_demo(port, reset=reset)


@app.command()
def migrate() -> None:
    """Bring the database to this version: roles, tables, policies. Run as the database's owner."""
    call_command("migrate", database="owner", verbosity=1)


@app.command()
def worker() -> None:
    """Run the jobs: openings day by day, what is to be forgotten, messages, offers to who waits, alarms, free starts.

    Needs a direct connection to the database, and the notifier's key to send messages.
    """
    from sprechzeit.booking.keeper import Keeper
    from sprechzeit.guard.watcher import Watcher
    from sprechzeit.messages.courier import Courier
    from sprechzeit.waiting.offering import look as look_who_waits

    configure_logs()
    companions = (Keeper(), Keeper(look_who_waits, name="waiting"), Courier(), Watcher())
    for companion in companions:
        companion.start()
    try:
        with wearing(Role.WORKER):
            call_command("procrastinate", "worker", "--concurrency", "2")
    finally:
        for companion in companions:
            companion.stop()


@app.command()
def notifier_key() -> None:
    """Make the key pair that patients' addresses are sealed to, unless it is there; the worker's half opens them."""
    from sprechzeit.messages.notifier_key import PRIVATE_NAME, PUBLIC_NAME, make_notifier_key

    folder = settings.ENVIRONMENT.key_folder
    typer.echo("Made:" if make_notifier_key(folder) else "It is there already:")
    typer.echo(f"  {folder / PUBLIC_NAME}   for all processes: it closes addresses")
    typer.echo(f"  {folder / PRIVATE_NAME}   for the worker alone (0600): it opens them; keep a copy out of reach")


@app.command()
def bounce() -> None:
    """Read one report of a mail that came back from standard input, as the mail server pipes it, and mark the message.

    Exit codes are the mail server's: 65 for what is no report about one of our messages, 75 to try again later.
    """
    from django.db import Error

    from sprechzeit.messages.bounce import mark_bounced
    from sprechzeit.messages.report import MOST, NotAReport, read_report

    configure_logs()
    try:
        report = read_report(sys.stdin.buffer.read(MOST + 1))
        with wearing(Role.WORKER):
            is_ours = mark_bounced(report.message) if report.has_failed else True
    except NotAReport:
        is_ours = False
    except Error:
        typer.echo("sprechzeit: the database cannot be reached", err=True)
        raise typer.Exit(75) from None
    if not is_ours:
        typer.echo("sprechzeit: this is no delivery report about one of our messages", err=True)
        raise typer.Exit(65)


@app.command()
def serve(
    port: Annotated[int, typer.Option(help="TCP port on localhost; a reverse proxy stands before it.")] = 8000,
    workers: Annotated[int, typer.Option(help="Processes.")] = 2,
) -> None:
    """Run the web server. It listens on localhost only."""
    from sprechzeit.doctor.run import reasons_not_to_start
    from sprechzeit.site.serve import serve as run

    if reasons := reasons_not_to_start(settings.ENVIRONMENT):
        for reason in reasons:
            typer.echo(f"sprechzeit: not started: {reason}", err=True)
        raise typer.Exit(2)
    run(port, workers)


@practice_app.command("create")
def practice_create(
    name: Annotated[str, typer.Argument(help="As patients read it.")],
    slug: Annotated[str, typer.Option(help="Part of the address: small letters, digits, hyphens.")],
) -> None:
    """Create a practice and print the one-time link by which its first owner makes a passkey (72 hours)."""
    from sprechzeit.errors import DomainError
    from sprechzeit.staff.found import found_with_invitation

    try:
        with override("en"):
            invitation = found_with_invitation(name=name, slug=slug)
    except DomainError as error:
        typer.echo(f"sprechzeit: {error.message}", err=True)
        raise typer.Exit(2) from None
    typer.echo("Open this link on the device whose passkey shall open the practice. It works once, for 72 hours:")
    typer.echo(f"{settings.PUBLIC_URL}/desk/einladung/#{invitation}")


@app.command()
def metrics() -> None:
    """Print the alarms' counts for Prometheus (textfile collector); no address of the server tells them."""
    from sprechzeit.guard.metrics import alarm_metrics

    with wearing(Role.WORKER):
        typer.echo(alarm_metrics(), nl=False)


@app.command()
def permissions() -> None:
    """Print who may do what, as tables in Markdown: permissions by role, then every address and what it needs."""
    from sprechzeit.cli.permissions import permission_tables

    with override("en"):
        typer.echo(permission_tables())


@app.command()
def bench(
    scale: Annotated[Literal["small", "seed"], typer.Option(help="10,000 or 960,000 patients.")] = "small",
    fresh: Annotated[bool, typer.Option("--fresh", help="Load the data anew.")] = False,
) -> None:
    """Measure availability and booking against the bare SQL, in a database of its own, and write bench.json."""
    from sprechzeit.bench.run import run

    with one_line_errors():
        report = run(scale, settings.ENVIRONMENT.data_folder, fresh=fresh)
    raise typer.Exit(0 if report.passed else 1)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True}, hidden=True)
def django_admin(context: typer.Context) -> None:
    """Any of Django's own commands."""
    execute_from_command_line([sys.argv[0], *context.args])


@app.command(hidden=True)
def prepare_demo() -> None:
    """Make the demo's tables and data; `sprechzeit demo` runs this."""
    from sprechzeit.demo.run import prepare_demo as prepare

    with one_line_errors():
        prepare()
