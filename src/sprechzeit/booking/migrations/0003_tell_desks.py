from django.db import migrations

# The payload names the practice and moments, never a person; PostgreSQL sends it when the transaction commits, once.
TELL = """
create function tell_desks() returns trigger language plpgsql as $$
begin
    if tg_op <> 'INSERT' then
        perform pg_notify('sprechzeit_desks', old.practice_id || ' ' || extract(epoch from old.starts_at)::bigint);
    end if;
    if tg_op <> 'DELETE' then
        perform pg_notify('sprechzeit_desks', new.practice_id || ' ' || extract(epoch from new.starts_at)::bigint);
    end if;
    return null;
end $$;
create trigger appointment_tells_desks after insert or update or delete on appointment
    for each row execute function tell_desks();
create trigger block_tells_desks after insert or update or delete on block
    for each row execute function tell_desks();
create trigger hold_tells_desks after insert or delete on hold
    for each row execute function tell_desks();
"""


class Migration(migrations.Migration):
    """A booking, move, cancellation or arrival made anywhere appears at once in every open desk."""

    dependencies = [("booking", "0002_policies")]
    operations = [migrations.RunSQL(TELL, migrations.RunSQL.noop)]
