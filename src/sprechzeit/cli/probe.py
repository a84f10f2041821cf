"""``sprechzeit probe``: what somebody sees who looks for a way in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sprechzeit.probe import Report


def probe(
    address: Annotated[str, typer.Argument(help="https://termine.example.org, a host that is yours.")],
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
    ports: Annotated[
        bool | None,
        typer.Option("--ports/--no-ports", help="Try the ports of databases and tools; not on this machine."),
    ] = None,
    timeout: Annotated[float, typer.Option(help="Seconds for everything together.", min=5, max=3600)] = 300,
    http_port: Annotated[
        int | None, typer.Option(help="Where plain http leads to https, beside another port than 443.")
    ] = None,
    ca_file: Annotated[Path | None, typer.Option(help="Further authorities (PEM) that sign certificates.")] = None,
) -> None:
    """Look at a deployment from outside: exposed files and tools, provoked errors, TLS, headers, cookies, ports.

    Exit code 0: nothing found, 1: findings, 2: it could not look, or not at everything.
    """
    from sprechzeit.probe import CannotLook
    from sprechzeit.probe import probe as look
    from sprechzeit.probe.ports import PORTS

    wanted = None if ports is None else (PORTS if ports else ())
    try:
        report = look(address, seconds=timeout, ports=wanted, http_port=http_port, ca_file=ca_file)
    except CannotLook as error:
        typer.echo(f"sprechzeit: {error}", err=True)
        raise typer.Exit(2) from None
    typer.echo(json.dumps(report.as_dict(), indent=2) if as_json else _table(report))
    raise typer.Exit(1 if report.findings else 0 if report.complete else 2)


def _table(report: Report) -> str:
    lines = []
    for one in report.findings:
        lines += [
            f"{one.severity.upper():8} {one.what}  [{one.code}]",
            f"         seen:  {one.seen}",
            f"         where: {', '.join(one.where)}",
            f"         mend:  {one.mend}",
        ]
    lines += report.notes
    count = len(report.findings)
    found = "1 finding" if count == 1 else f"{count or 'no'} findings"
    lines.append(f"{report.address}: {found}, {report.requests} requests in {report.seconds:.0f} s")
    return "\n".join(lines)
