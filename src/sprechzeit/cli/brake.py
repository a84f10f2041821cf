"""``sprechzeit brake``: the host's emergency brakes, on the running system. The host has no key of any practice."""

from __future__ import annotations

from typing import Annotated, Literal

import typer
from django.conf import settings

from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import wearing
from sprechzeit.identifiers import PracticeId

app = typer.Typer(no_args_is_help=True, help="Emergency brakes: they work at once, and stand in the trail.")
OfPractice = Annotated[str, typer.Argument(help="The practice, by the name in its address.")]
Switch = Annotated[Literal["on", "off"], typer.Argument()]


@app.command()
def sessions(practice: OfPractice) -> None:
    """End every session of a practice."""
    from sprechzeit.audit.record import SYSTEM
    from sprechzeit.staff.brake import end_sessions

    with wearing(Role.DESK):
        typer.echo(f"{end_sessions(_number(practice), SYSTEM)} sessions ended")


@app.command()
def freeze(practice: OfPractice, switch: Switch = "on") -> None:
    """Stop a practice's exports and mass changes, or allow them again."""
    from sprechzeit.audit.record import SYSTEM
    from sprechzeit.staff.brake import freeze as stop
    from sprechzeit.staff.brake import release

    with wearing(Role.DESK):
        (stop if switch == "on" else release)(_number(practice), SYSTEM)
    typer.echo("exports and mass changes are " + ("stopped" if switch == "on" else "allowed"))


@app.command()
def tokens(practice: OfPractice) -> None:
    """Revoke all API tokens of a practice."""
    from sprechzeit.audit.record import SYSTEM
    from sprechzeit.staff.brake import revoke_all_tokens

    with wearing(Role.DESK):
        typer.echo(f"{revoke_all_tokens(_number(practice), SYSTEM)} tokens revoked")


@app.command("read-only")
def read_only(switch: Switch) -> None:
    """The whole server only shows, and changes nothing; every process knows within a second."""
    from sprechzeit.staff.brake import switch_read_only

    count = switch_read_only(switch == "on")
    typer.echo(f"read-only is {switch}; it stands in the trail of {count:,} practices")


@app.command("notifier-key")
def notifier_key(
    forget_old: Annotated[bool, typer.Option("--forget-old", help="Delete older keys that nothing needs.")] = False,
) -> None:
    """Make a new key pair for patients' addresses; the older private key still opens what was sealed to it."""
    from sprechzeit.messages.notifier_keys import forget_older, rotate_notifier_key
    from sprechzeit.staff.brake import tell_of_notifier_key

    folder = settings.ENVIRONMENT.key_folder
    if not forget_old:
        older = rotate_notifier_key(folder)
        tell_of_notifier_key()
        typer.echo(f"made; the older private key is kept as {older.name}")
        return
    with wearing(Role.WORKER):
        waiting = forget_older(folder)
    typer.echo(f"{waiting:,} letters still need an older key" if waiting else "older keys are deleted")
    raise typer.Exit(1 if waiting else 0)


@app.command()
def canaries(practice: OfPractice, switch: Switch = "on") -> None:
    """Lay out canaries in a practice, or take them away: whoever touches one raises an alarm. Prints the bait token."""
    from sprechzeit.audit.record import SYSTEM
    from sprechzeit.booking.canaries import lay_canaries, remove_canaries

    with wearing(Role.DESK):
        number = _number(practice)
        if switch == "off":
            typer.echo(f"{remove_canaries(number, SYSTEM)} canaries taken away")
            return
        token = lay_canaries(number, SYSTEM)
    typer.echo("laid out. This token opens nothing; leave it where a thief looks for one:")
    typer.echo(token)


def _number(slug: str) -> PracticeId:
    from sprechzeit.practices.models import Practice

    found = Practice.objects.filter(slug=slug).values_list("id", flat=True).first()
    if found is None:
        typer.echo(f"sprechzeit: there is no practice {slug!r}", err=True)
        raise typer.Exit(2)
    return PracticeId(found)
