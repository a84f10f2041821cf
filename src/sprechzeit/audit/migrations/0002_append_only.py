from django.db import migrations

from sprechzeit.database.policies import tenant

APPEND = """
create function append_event(
    of_practice bigint, at_time timestamptz, by_kind text, by_actor text, by_address text, what text, subject_ids uuid[], more jsonb
) returns bigint language plpgsql security definer set search_path = pg_catalog, public as $$
declare
    last_number bigint;
    last_hash bytea;
    next_hash bytea;
begin
    -- One writer at a time in each practice: the chain has no forks. Released with the transaction.
    perform pg_advisory_xact_lock(7301, of_practice::int);
    select number, hash into last_number, last_hash from audit_event
        where practice_id = of_practice order by number desc limit 1;
    last_number := coalesce(last_number, 0);
    last_hash := coalesce(last_hash, sha256('sprechzeit/v1/audit'));
    next_hash := sha256(last_hash || event_bytes(of_practice, last_number + 1, at_time, by_kind, by_actor, by_address, what, subject_ids, more));
    insert into audit_event (practice_id, number, at, actor_kind, actor, address, action, subjects, details, previous, hash)
        values (of_practice, last_number + 1, at_time, by_kind, by_actor, by_address, what, subject_ids, more, last_hash, next_hash);
    return last_number + 1;
end $$;
"""

# Length-prefixed, so that no two different events have the same bytes.
BYTES = """
create function event_bytes(
    of_practice bigint, event_number bigint, at_time timestamptz, by_kind text, by_actor text, by_address text, what text,
    subject_ids uuid[], more jsonb
) returns bytea language sql stable set search_path = pg_catalog, public as $$
    select convert_to(string_agg(octet_length(part) || ':' || part, ',' order by place), 'UTF8')
    from unnest(array[
        of_practice::text, event_number::text, (extract(epoch from at_time) * 1000000)::bigint::text,
        by_kind, by_actor, by_address, what, array_to_string(subject_ids, ' '), more::text
    ]) with ordinality as parts (part, place)
$$;
"""

REFUSE = """
create function refuse_change() returns trigger language plpgsql as $$
begin
    -- What lies before the checkpoint was cut off by cut_trail (retention): nobody else may set one.
    if tg_op = 'DELETE' and exists (
        select from audit_checkpoint where practice_id = old.practice_id and number >= old.number
    ) then
        return old;
    end if;
    raise exception 'the trail is append-only' using errcode = 'insufficient_privilege';
end $$;
create trigger audit_event_append_only before update or delete on audit_event
    for each row execute function refuse_change();
create trigger audit_event_no_truncate before truncate on audit_event
    for each statement execute function refuse_change();
revoke all on function append_event, event_bytes from public;
grant execute on function append_event to sprechzeit_desk, sprechzeit_front, sprechzeit_worker;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial"), ("practices", "0002_policies")]
    operations = [
        tenant("audit_event", desk="select", worker="select"),
        tenant("audit_checkpoint", desk="select", worker="select"),
        migrations.RunSQL(BYTES, migrations.RunSQL.noop),
        migrations.RunSQL(APPEND, migrations.RunSQL.noop),
        migrations.RunSQL(REFUSE, migrations.RunSQL.noop),
    ]
