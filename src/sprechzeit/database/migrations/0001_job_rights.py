from django.db import migrations

WORKER = """
do $$
declare job_table record;
begin
    for job_table in select tablename from pg_tables where schemaname = 'public' and tablename like 'procrastinate\\_%' loop
        execute format('grant select, insert, update, delete on %I to sprechzeit_worker', job_table.tablename);
    end loop;
end $$;
grant usage on all sequences in schema public to sprechzeit_worker;
alter default privileges in schema public grant usage on sequences to sprechzeit_desk, sprechzeit_front, sprechzeit_worker;
grant usage on all sequences in schema public to sprechzeit_desk, sprechzeit_front;
"""


class Migration(migrations.Migration):
    """The job tables belong to the worker. Patients' pages and the desk get rights with the first job they defer."""

    initial = True
    dependencies = [
        ("procrastinate", "0041_post_retry_failed_job"),
        ("booking", "0003_tell_desks"),
        ("staff", "0002_policies"),
        ("timetable", "0002_policies"),
        ("audit", "0002_append_only"),
    ]
    operations = [migrations.RunSQL(WORKER, migrations.RunSQL.noop)]
