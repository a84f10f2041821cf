from django.db import migrations

from sprechzeit.database.policies import rights, tenant

# Only from the beginning of the chain, only what is older than both the practice's period and a year, and never the
# newest event: the number of the next one comes from it. How old is asked of the server's own clock.
CUT = """
create function cut_trail(of_practice bigint, keep_days integer) returns table (number bigint, hash bytea, cut bigint)
language plpgsql security definer set search_path = pg_catalog, public as $$
#variable_conflict use_column
declare
    since timestamptz := now() - make_interval(days => greatest(
        coalesce((select keep_trail_days from retention_rules where practice_id = of_practice), 1095), keep_days, 365
    ));
    last_cut bigint;
    last_hash bytea;
    removed bigint;
begin
    perform pg_advisory_xact_lock(7301, of_practice::int);
    select min(event.number) - 1 into last_cut from audit_event as event
        where event.practice_id = of_practice and event.at >= since;
    if last_cut is null then
        select max(event.number) - 1 into last_cut from audit_event as event where event.practice_id = of_practice;
    end if;
    select event.hash into last_hash from audit_event as event
        where event.practice_id = of_practice and event.number = last_cut;
    if last_hash is null then
        return;
    end if;
    insert into audit_checkpoint (practice_id, number, hash) values (of_practice, last_cut, last_hash)
        on conflict (practice_id) do update set number = excluded.number, hash = excluded.hash;
    delete from audit_event as event where event.practice_id = of_practice and event.number <= last_cut;
    get diagnostics removed = row_count;
    return query select last_cut, last_hash, removed;
end $$;
revoke all on function cut_trail from public;
grant execute on function cut_trail to sprechzeit_worker;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("retention", "0001_initial"),
        ("audit", "0002_append_only"),
        ("patients", "0002_policies"),
        ("booking", "0002_policies"),
    ]
    operations = [
        tenant("retention_rules", desk="select, insert, update", worker="select"),
        tenant("retention_report", worker="select, insert, update"),
        # What the nightly forgetting needs: to find and delete, never to read what is sealed. ``update (version)`` is what
        # PostgreSQL asks for to lock a row.
        rights("patient", worker="select (id, practice_id, created_at, restricted_at), update (version), delete"),
        rights("intake", worker="select (id, practice_id, created_at), delete"),
        rights("appointment", worker="delete"),
        rights("appointment_note", worker="select (appointment_id, practice_id), delete"),
        rights("patient_note", worker="select (id, practice_id, appointment_id), delete"),
        rights("patient_merge", worker="select (kept, absorbed)"),
        migrations.RunSQL(CUT, migrations.RunSQL.noop),
    ]
