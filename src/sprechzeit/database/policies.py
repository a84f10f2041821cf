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


def shreds(table: str, column: str = "id", *, unless: str = "false", emptied: str = "") -> RunSQL:
    """A row takes its record's own key with it: the database deletes the key first, then the row, whoever deletes it.

    ``column`` names the record; with ``unless``, SQL over ``old``, the key stays because something else is under it.
    ``emptied`` is a sealed column that may be set to null: then nothing is under the key any more, and it goes too.
    As the tables' owner, because the patients' side and the worker may delete such rows and never touch a key.
    """
    on_emptied = f"""
        create trigger {table}_key_of_emptied before update on "{table}"
            for each row when (new.{emptied} is null and old.{emptied} is not null)
            execute function shred_key_of_{table}();
    """
    return RunSQL(
        f"""
        create function shred_key_of_{table}() returns trigger
        language plpgsql security definer set search_path = pg_catalog, public as $$
        begin
            if not ({unless}) then
                delete from record_key where practice_id = old.practice_id and record = old.{column};
            end if;
            if tg_op = 'DELETE' then
                return old;
            end if;
            return new;
        end $$;
        revoke all on function shred_key_of_{table} from public;
        create trigger {table}_key_first before delete on "{table}"
            for each row execute function shred_key_of_{table}();
        {on_emptied if emptied else ""}
        """,  # noqa: S608 - names from our own migrations
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
