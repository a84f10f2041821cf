"""``sprechzeit drill``: the leak, replayed against a fresh instance of our own."""

from __future__ import annotations

import json
import sys
from typing import Annotated, Literal

import typer
from django.conf import settings


def drill(
    scale: Annotated[Literal["small", "seed"], typer.Option(help="10,000 or 960,000 patients.")] = "small",
    as_json: Annotated[bool, typer.Option("--json", help="For machines; progress goes to standard error.")] = False,
) -> None:
    """Play the whole leak against a fresh instance on this machine: what would the same loot open, what is noticed?

    Exit code 0: every step held, 1: one did not, 2: it could not be played.
    """
    from sprechzeit.bench.errors import BenchError
    from sprechzeit.bench.progress import Progress
    from sprechzeit.database.embedded import EmbeddedError
    from sprechzeit.drill.run import drill as play
    from sprechzeit.drill.table import print_table

    try:
        found = play(settings.ENVIRONMENT.data_folder / "drill", scale, Progress(sys.stderr))
    except (BenchError, EmbeddedError) as error:
        typer.echo(f"sprechzeit: {error}", err=True)
        raise typer.Exit(2) from None
    if as_json:
        typer.echo(json.dumps(found.as_dict(), indent=2))
    else:
        print_table(found, sys.stdout)
    raise typer.Exit(0 if found.passed else 1)
