"""``sprechzeit backup`` and ``sprechzeit restore``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from django.conf import settings

from sprechzeit.backup.errors import BackupError

Folder = Annotated[Path, typer.Argument(help="Where the files of the backups lie.")]


def backup(folder: Folder) -> None:
    """Write the data to a new file, and the records' own keys in place of the ones before (docs/backup.md)."""
    from sprechzeit.backup.make import KEYS, make_backup

    with _reached() as url:
        data = make_backup(folder, url)
    typer.echo(f"{data.name}: everything but the records' own keys, {data.stat().st_size:,} bytes")
    typer.echo(f"{KEYS}: the newest keys, {(folder / KEYS).stat().st_size:,} bytes. Keep no older ones anywhere.")


def restore(
    folder: Folder,
    at: Annotated[str, typer.Option(help="The newest data from before this moment, like 2026-11-25T03:00 (UTC).")] = "",
) -> None:
    """Fill an empty database from a backup; what was erased since does not come back."""
    from sprechzeit.backup.restore import restore as run

    with _reached() as url:
        try:
            moment = datetime.fromisoformat(at) if at else None
        except ValueError:
            raise BackupError("--at must look like 2026-11-25T03:00") from None
        if moment is not None and moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        restored = run(folder, url, at=moment)
    typer.echo(f"{restored.data.name} is restored.")
    typer.echo(f"{sum(restored.erased.values())} rows were left out: their records have been erased since.")
    for table, count in restored.erased.items():
        typer.echo(f"  {table}: {count}")


@contextmanager
def _reached() -> Iterator[str]:
    """The database that is configured, as a log-in that may read all of it; every error is one line."""
    from sprechzeit.database.connections import EMBEDDED_DATABASE
    from sprechzeit.database.embedded import EmbeddedError, EmbeddedServer
    from sprechzeit.database.embedded.rules import SUPERUSER

    environment = settings.ENVIRONMENT
    given = environment.role_urls.get("BACKUP") or environment.database_url
    try:
        if given:
            yield given
            return
        server = EmbeddedServer(environment.data_folder / "postgres")
        was_running = server.is_running()
        server.start()
        try:
            server.ensure_roles_and_database(EMBEDDED_DATABASE)
            yield server.url(SUPERUSER, EMBEDDED_DATABASE)
        finally:
            if not was_running:
                server.stop()
    except (BackupError, EmbeddedError) as error:
        typer.echo(f"sprechzeit: {error}", err=True)
        raise typer.Exit(1) from None
