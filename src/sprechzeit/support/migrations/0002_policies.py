from django.db import migrations

from sprechzeit.database.policies import PRACTICE, tenant

# All that the role support can ever read. Whatever is not named here stays closed to it, new columns too.
READABLE = {
    "practice": "id, slug, kind, time_zone, subdivision, listed, accepts_new, confirm_email, day_sheet_by_mail, "
    "idle_minutes, session_hours, quiet_from, quiet_until, set_up_at, frozen_at, key_doubted_at, current_data_key",
    "resource": "id, practice_id, kind, name, capacity, overbooking, position, retired_at",
    "visit_type": "id, practice_id, name_de, duration_minutes, grid_minutes, online, access, lead_minutes, "
    "horizon_days, most_a_day, most_a_week, needs_confirmation, walk_in, position, retired_at",
    "weekly_rule": "id, practice_id, resource_id, weekday, opens, closes, valid_from, valid_until, every_weeks, "
    "on_holidays",
    "schedule_exception": "id, practice_id, resource_id, kind, during",
    "opening": "practice_id, resource_id, starts_at, ends_at",
    "appointment": "practice_id, visit_type_id, starts_at, ends_at, resource_ids, status, source, created_at",
    "message": "practice_id, kind, channel, state, reason, attempts, due_at",
    "alarm": "practice_id, rule, severity, count, first_seen, last_seen, mailed_at, settled_at",
}
SESSION = "id, practice_id, allowed_at, until, ended_at"
# By the server's own clock: no program has to remember to end it.
RUNS = """exists (
    select from support_session as session where session.practice_id = {practice}
        and session.allowed_at is not null and session.ended_at is null and session.until > clock_timestamp()
)"""
JOBS = f"""
create function support_jobs() returns table (task text, status text, count bigint, oldest timestamptz)
language plpgsql security definer set search_path = pg_catalog, public as $$
#variable_conflict use_column
begin
    if {RUNS.format(practice=PRACTICE)} then
        return query select job.task_name::text, job.status::text, count(*), min(job.scheduled_at)
            from procrastinate_jobs as job group by 1, 2 order by 1, 2;
    end if;
end $$;
revoke all on function support_jobs from public;
grant execute on function support_jobs to sprechzeit_support;
"""  # noqa: S608 - names from here


def opened(table: str, columns: str) -> str:
    practice = f"{table}.id" if table == "practice" else f"{table}.practice_id"
    return f"""
        grant select ({columns}) on {table} to sprechzeit_support;
        create policy support_session_runs on {table} as restrictive for select to sprechzeit_support
            using ({RUNS.format(practice=practice)});
    """


class Migration(migrations.Migration):
    dependencies = [
        ("support", "0001_initial"),
        ("practices", "0002_policies"),
        ("timetable", "0002_policies"),
        ("booking", "0002_policies"),
        ("messages", "0002_policies"),
        ("guard", "0002_policies"),
        ("procrastinate", "0041_post_retry_failed_job"),
    ]
    operations = [
        tenant(
            "support_session",
            desk="select, update (allowed_at, until, ended_at)",
            worker="select, insert, update (ended_at)",
        ),
        migrations.RunSQL(f"grant select ({SESSION}) on support_session to sprechzeit_support", migrations.RunSQL.noop),
        *(migrations.RunSQL(opened(*one), migrations.RunSQL.noop) for one in READABLE.items()),
        migrations.RunSQL(JOBS, migrations.RunSQL.noop),
    ]
