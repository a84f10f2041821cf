from django.db import migrations

from sprechzeit.database.policies import PRACTICE, rights, tenant

RAISE = """
create function raise_alarm(
    new_id uuid, of_practice bigint, of_rule text, how_bad text, of_cause text, by_kind text, by_actor text, by_address text,
    at_time timestamptz, more jsonb
) returns boolean language plpgsql security definer set search_path = pg_catalog, public as $$
declare
    is_new boolean;
begin
    insert into alarm as open (
        id, practice_id, rule, severity, cause, actor_kind, actor, address, first_seen, last_seen, count, details
    ) values (new_id, of_practice, of_rule, how_bad, of_cause, by_kind, by_actor, by_address, at_time, at_time, 1, more)
    on conflict (practice_id, rule, cause) where settled_at is null
        do update set count = open.count + 1, last_seen = greatest(open.last_seen, excluded.last_seen)
    returning id = new_id into is_new;
    if is_new then
        perform pg_notify('alarm', coalesce(of_practice::text, ''));
    end if;
    return is_new;
end $$;
revoke all on function raise_alarm from public;
grant execute on function raise_alarm to sprechzeit_desk, sprechzeit_front, sprechzeit_worker;
"""


class Migration(migrations.Migration):
    dependencies = [("guard", "0001_initial"), ("practices", "0002_policies")]
    operations = [
        migrations.RunSQL("alter table rate_counter set unlogged", migrations.RunSQL.noop),
        rights(
            "rate_counter",
            desk="select, insert, update",
            front="select, insert, update",
            worker="select, delete",
        ),
        migrations.RunSQL("alter table work_count set unlogged", migrations.RunSQL.noop),
        tenant("work_count", desk="select, insert, update", worker="select (practice_id, since, id), delete"),
        tenant("work_limit", desk="select", worker="select, insert, update"),
        tenant("habit", desk="select, insert, update", worker="select, delete"),
        tenant("canary", desk="select, insert, delete", worker="select"),
        # Raised by the function alone; an alarm without a practice is seen outside of any practice only.
        migrations.RunSQL(
            f"""
            alter table alarm enable row level security;
            alter table alarm force row level security;
            create policy tenant on alarm
                using (practice_id is not distinct from {PRACTICE})
                with check (practice_id is not distinct from {PRACTICE});
            """,
            migrations.RunSQL.noop,
        ),
        rights(
            "alarm",
            desk="select, update (settled_at, settled_by, note_sealed)",
            worker="select, update (mailed_at, settled_at, settled_by)",
        ),
        migrations.RunSQL(RAISE, migrations.RunSQL.noop),
        rights("server_brake", desk="select", front="select", worker="select, update"),
        migrations.RunSQL("insert into server_brake (id) values (1)", migrations.RunSQL.noop),
    ]
