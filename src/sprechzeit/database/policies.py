"""Migration operations that give a table its rights, its row-level security and its tenant-safe references.

A reference check in PostgreSQL bypasses row-level security, so a plain foreign key would let one practice point at
another's row. References between tenants' tables therefore carry ``practice_id`` on both sides.
"""

from __future__ import annotations

from django.db.migrations import RunSQL

from sprechzeit.database.roles import Role

PRACTICE = "nullif(current_setting('sprechzeit.practice', true), '')::bigint"
MEMBER = "nullif(current_setting('sprechzeit.member', true), '')::uuid"


def rights(table: str, *, desk: str = "", front: str = "", worker: str = "") -> RunSQL:
    """Grant exactly these privileges (``"select, insert (id, sealed)"``) to the application's roles."""
    wanted = {Role.DESK: desk, Role.FRONT: front, Role.WORKER: worker}
    lines = [f'grant {what} on "{table}" to {role.value}' for role, what in wanted.items() if what]
    return RunSQL(";\n".join(lines), RunSQL.noop)


def tenant(table: str, *, desk: str = "", front: str = "", worker: str = "", own_member: bool = False) -> RunSQL:
    """Row-level security by practice, forced on the owner too, and the roles' privileges.

    ``own_member`` also shows a member its own rows of other practices, which log-in and change of practice need.
    """
    seen = f"practice_id = {PRACTICE}"
    if own_member:
        seen = f"({seen} or member_id = {MEMBER})"
    grants = rights(table, desk=desk, front=front, worker=worker).sql
    return RunSQL(
        f"""
        alter table "{table}" enable row level security;
        alter table "{table}" force row level security;
        create policy tenant on "{table}" using ({seen}) with check (practice_id = {PRACTICE});
        {grants}
        """,
        RunSQL.noop,
    )


def same_practice(table: str, column: str, target: str, *, on_delete: str = "no action") -> RunSQL:
    """A foreign key that also compares ``practice_id``; the target gets the unique key that this needs."""
    return RunSQL(
        f"""
        do $$ begin
            if not exists (select 1 from pg_constraint where conname = '{target}_within_practice') then
                alter table "{target}" add constraint {target}_within_practice unique (practice_id, id);
            end if;
        end $$;
        alter table "{table}" add constraint {table}_{column}_of_practice
            foreign key (practice_id, {column}) references "{target}" (practice_id, id) on delete {on_delete};
        """,  # noqa: S608 - names from our own migrations
        RunSQL.noop,
    )
