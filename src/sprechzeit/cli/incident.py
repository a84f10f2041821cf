"""``sprechzeit incident``: whose data a breach reached, and tell the practices. The host has no key of any of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer
from django.conf import settings

from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import wearing

if TYPE_CHECKING:  # models can be imported only after Django's set-up
    from sprechzeit.audit.head import Head
    from sprechzeit.identifiers import PracticeId
    from sprechzeit.incident.concerned import Wanted
    from sprechzeit.practices.models import Practice

app = typer.Typer(no_args_is_help=True, help="A breach: whose data it reached, and the notices that the law asks for.")
Since = Annotated[str, typer.Option("--from", help="2026-11-24T08:00, on the practice's clock, or with an offset.")]
Until = Annotated[str, typer.Option("--to", help="Until before this moment.")]
Members = Annotated[list[str], typer.Option("--member", help="Identifier of a member or program; may be repeated.")]
Sessions = Annotated[list[str], typer.Option("--session", help="Identifier of a log-in; may be repeated.")]
Addresses = Annotated[list[str], typer.Option("--address", help="Network address or CIDR; may be repeated.")]
Dump = Annotated[bool, typer.Option("--dump", help="A copy of the whole database is in strange hands.")]


@app.command()
def report(
    practice: Annotated[str, typer.Option(help="The practice, by the name in its address.")] = "",
    since: Since = "",
    until: Until = "",
    member: Members = [],  # noqa: B006 - typer makes a list of its own
    session: Sessions = [],  # noqa: B006 - typer copies it
    address: Addresses = [],  # noqa: B006 - typer copies it
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
    out: Annotated[Path | None, typer.Option(help="Write the extent and drafts of the notices here.")] = None,
    dump: Dump = False,
) -> None:
    """Compute from the trail whose data were disclosed or changed: identifiers and counts, no names."""
    from sprechzeit.incident.extent import extent_of
    from sprechzeit.incident.report import lines_of, write_files
    from sprechzeit.incident.stored import to_values

    with wearing(Role.DESK):
        if dump:
            _report_dump(as_json=as_json)
            return
        if not (practice and since and until):
            _refuse("--practice, --from and --to are needed, or --dump")
        (home,) = _practices([practice])
        wanted = _wanted(home, since, until, member, session, address)
        extent = extent_of(_number(home), wanted, _heads(_number(home)))
        paths = write_files(out, home, extent) if out else []
    typer.echo(json.dumps(to_values(extent), indent=2) if as_json else "\n".join(lines_of(home, extent)))
    for path in paths:
        typer.echo(f"written: {path}", err=True)


@app.command()
def notify(
    since: Since,
    until: Until,
    practice: Annotated[list[str], typer.Option(help="May be repeated; without it all practices.")] = [],  # noqa: B006 - typer copies it
    member: Members = [],  # noqa: B006 - typer copies it
    session: Sessions = [],  # noqa: B006 - typer copies it
    address: Addresses = [],  # noqa: B006 - typer copies it
    dump: Dump = False,
    facts: Annotated[str, typer.Option(help="What happened, in German; nothing personal.")] = "",
    facts_en: Annotated[str, typer.Option(help="The same in English.")] = "",
    measures: Annotated[str, typer.Option(help="What the host has done, in German.")] = "",
    measures_en: Annotated[str, typer.Option(help="The same in English.")] = "",
    contact: Annotated[str, typer.Option(help="Whom practices can ask; by default OPERATOR_EMAIL.")] = "",
    reference: Annotated[str, typer.Option(help="Go on with this notice: who has it is left alone.")] = "",
) -> None:
    """Tell practices of a breach (Art. 33(2) GDPR): an entry in each register, an alarm, a mail to the practice.

    Exit code 1: to some no mail went. Their names and phone numbers are printed; call them.
    """
    from sprechzeit.errors import DomainError
    from sprechzeit.identifiers import new_id
    from sprechzeit.incident.extent import extent_of
    from sprechzeit.incident.mail_notice import mail_notices
    from sprechzeit.incident.notify import Notice, notify_practice

    number = _uuid(reference) if reference else new_id()
    told = {"facts_de": facts, "facts_en": facts_en or facts, "contact": contact}
    told |= {"measures_de": measures, "measures_en": measures_en or measures}
    entered = []
    typer.echo(f"reference {number}")
    for home in _practices(practice):
        wanted = _wanted(home, since, until, member, session, address)
        extent = None
        if not dump:
            with wearing(Role.DESK):
                extent = extent_of(_number(home), wanted, _heads(_number(home)))
        notice = Notice(number, wanted.since, wanted.until, told, dump)
        try:
            with wearing(Role.WORKER):
                row, _is_new = notify_practice(_number(home), notice, extent)
        except DomainError as error:
            _refuse(error.message)
        entered.append((home, row, extent))
    with wearing(Role.WORKER):
        left = mail_notices(entered)
    typer.echo(f"{len(entered):,} practices have it in their registers, to {len(entered) - len(left):,} it was mailed")
    for home in left:
        typer.echo(f"not mailed, call them: {home.slug}: {home.name}, {home.phone or 'no phone number'}")
    raise typer.Exit(1 if left else 0)


def _report_dump(*, as_json: bool) -> None:
    from sprechzeit.incident.dump import loot_of, tables_in_a_dump
    from sprechzeit.incident.report import lines_of_dump

    tables = tables_in_a_dump()
    loot = [(one, loot_of(_number(one))) for one in _practices([])]
    if as_json:
        found = {"tables": [vars(one) for one in tables], "practices": {one.slug: vars(all_) for one, all_ in loot}}
        typer.echo(json.dumps(found, indent=2))
        return
    for line in lines_of_dump(tables, loot):
        typer.echo(line)


def _wanted(
    home: Practice, since: str, until: str, members: list[str], sessions: list[str], addresses: list[str]
) -> Wanted:
    from sprechzeit.errors import DomainError
    from sprechzeit.incident.begin import require_wanted
    from sprechzeit.incident.concerned import Wanted

    actors, logins = ([str(_uuid(one)) for one in texts] for texts in (members, sessions))
    wanted = Wanted(_moment(since, home), _moment(until, home), frozenset(actors), frozenset(logins), tuple(addresses))
    try:
        return require_wanted(wanted)
    except DomainError as error:
        _refuse(error.message)
        raise


def _moment(text: str, home: Practice) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        _refuse(f"{text!r} is no moment like 2026-11-24T08:00")
        raise
    return moment if moment.tzinfo else moment.replace(tzinfo=home.zone)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        _refuse(f"{text!r} is no identifier")
        raise


def _heads(practice: PracticeId) -> list[Head]:
    """What was anchored of this practice, where this user may read it."""
    from sprechzeit.audit.head import HeadsUnreadable, anchored_heads

    try:
        return anchored_heads(settings.ENVIRONMENT.data_folder).get(practice, [])
    except (OSError, HeadsUnreadable):
        return []


def _practices(slugs: list[str]) -> Iterator[Practice]:
    from sprechzeit.practices.models import Practice

    found = Practice.objects.order_by("id")
    if slugs:
        missing = set(slugs) - set(found.filter(slug__in=slugs).values_list("slug", flat=True))
        if missing:
            _refuse(f"there is no practice {sorted(missing)[0]!r}")
        found = found.filter(slug__in=slugs)
    yield from found


def _number(practice: Practice) -> PracticeId:
    from sprechzeit.identifiers import PracticeId

    return PracticeId(practice.id)


def _refuse(reason: str) -> None:
    typer.echo(f"sprechzeit: {reason}", err=True)
    raise typer.Exit(2)
