"""``sprechzeit audit``: is the trail whole, and what is its head."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer
from django.conf import settings

from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import wearing

if TYPE_CHECKING:  # models can be imported only after Django's set-up
    from sprechzeit.audit.head import Head
    from sprechzeit.audit.verify import Break
    from sprechzeit.practices.models import Practice

app = typer.Typer(no_args_is_help=True, help="The trail: is it whole, and what is its head.")
ByPractice = Annotated[str, typer.Option("--practice", help="Only this practice, by the name in its address.")]


@app.command()
def verify(
    practice: ByPractice = "",
    head: Annotated[str, typer.Option(help="NUMBER:HASH as a mail told it; needs --practice.")] = "",
) -> None:
    """Recompute the chain of every event and compare it with the anchored heads. Exit code 1 names the first break."""
    from sprechzeit.audit.head import HeadsUnreadable, anchored_heads
    from sprechzeit.audit.verify import verify as recompute
    from sprechzeit.identifiers import PracticeId

    begun, events, practices, broken = time.monotonic(), 0, 0, False
    with wearing(Role.WORKER):
        chosen = list(_practices(practice))
        told = _told(head, chosen[0]) if head and practice else []
        if head and not told:
            _refuse("--head is NUMBER:HASH as the mail has it, together with --practice", 2)
        try:
            heads = anchored_heads(settings.ENVIRONMENT.data_folder)
        except HeadsUnreadable as error:
            _refuse(error.message, 1)
        for one in chosen:
            verdict = recompute(PracticeId(one.id), [*heads.pop(PracticeId(one.id), []), *told])
            events, practices = events + verdict.count, practices + 1
            if verdict.broken is not None:
                broken = True
                typer.echo(f"{one.slug}: BROKEN at event {verdict.broken.number}: {_meaning(verdict.broken)}")
            else:
                typer.echo(f"{one.slug}: {verdict.count:,} events, whole ({verdict.seconds:.1f} s)")
        for missing in () if practice else heads:
            broken = True
            typer.echo(f"practice {missing}: BROKEN: its head was anchored, and the practice is gone")
    typer.echo(f"{events:,} events of {practices:,} practices in {time.monotonic() - begun:.1f} s")
    raise typer.Exit(1 if broken else 0)


@app.command("head")
def tell_head(
    practice: ByPractice = "",
    anchor: Annotated[
        bool, typer.Option("--anchor", help="Also write all heads to their files and mail them, as every night.")
    ] = False,
) -> None:
    """Print the newest event's number and hash of each practice."""
    from sprechzeit.audit.head import anchor_heads, head_of
    from sprechzeit.audit.mail_heads import mail_heads
    from sprechzeit.identifiers import PracticeId

    with wearing(Role.WORKER):
        for one in _practices(practice):
            found = head_of(PracticeId(one.id))
            typer.echo(f"{one.slug} {found.number}:{found.hash}" if found else f"{one.slug} 0: no event yet")
        if anchor:
            anchored = anchor_heads(settings.ENVIRONMENT.data_folder)
            typer.echo(f"{len(anchored)} heads written, {mail_heads(anchored)} mailed")


def _practices(slug: str) -> Iterator[Practice]:
    from sprechzeit.practices.models import Practice

    found = Practice.objects.order_by("id")
    if slug:
        found = found.filter(slug=slug)
        if not found.exists():
            _refuse(f"there is no practice {slug!r}", 2)
    yield from found


def _told(head: str, practice: Practice) -> list[Head]:
    """The head that a mail told; nothing when it is malformed."""
    from sprechzeit import clock
    from sprechzeit.audit.head import Head
    from sprechzeit.identifiers import PracticeId

    match = re.fullmatch(r"([1-9][0-9]{0,17}):([0-9a-f]{64})", head)
    return [Head(PracticeId(practice.id), int(match[1]), match[2], clock.now())] if match else []


def _meaning(broken: Break) -> str:
    from sprechzeit.audit.verify import BreakKind

    return {
        BreakKind.GAP: "it is missing, later ones are there",
        BreakKind.PREVIOUS: "it does not follow the one before: the hash it carries is another",
        BreakKind.HASH: "its content does not fit its hash: it was changed",
        BreakKind.REWRITTEN: "its hash is not the anchored one: the chain was written anew up to here",
        BreakKind.CUT_OFF: "it and all before it were cut off, and the chain does not say so or they were too young",
        BreakKind.CUT: "it and all later ones are missing, although a later head was anchored",
    }[broken.kind]


def _refuse(reason: str, code: int) -> None:
    typer.echo(f"sprechzeit: {reason}", err=True)
    raise typer.Exit(code)
