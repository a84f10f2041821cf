from django.db import migrations
from django.db.migrations import RunSQL

from sprechzeit.database.policies import same_practice, shreds, tenant

TOLD = "state, due_on, delay, identity, identity_at, refusal, identity_by, closed_by, closed_at"
# What the holder of the link may be told: neither who at the practice did it nor which record it is about.
SHOWN = (
    "id, practice_id, appointment_id, kind, state, received_on, due_on, delay, identity, refusal, created_at, closed_at"
)
# A merge takes the requests along and gives them back when it is undone. The absorbed record goes after its merge is
# written down, and is there again before that is deleted.
MERGED = """
    create function rights_request_follows_merge() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public as $$
    begin
        if tg_op = 'INSERT' then
            update rights_request set patient_id = new.kept, merged_from = merged_from || new.absorbed
            where practice_id = new.practice_id and patient_id = new.absorbed;
        elsif exists (select from patient where practice_id = old.practice_id and id = old.absorbed) then
            update rights_request set patient_id = old.absorbed, merged_from = trim_array(merged_from, 1)
            where practice_id = old.practice_id and patient_id = old.kept
                and merged_from[cardinality(merged_from)] = old.absorbed;
        end if;
        return null;
    end $$;
    revoke all on function rights_request_follows_merge from public;
    create trigger patient_merge_takes_requests after insert or delete on patient_merge
        for each row execute function rights_request_follows_merge();
"""
# What somebody wrote goes with everything else that says who they are.
FORGOTTEN = """
    create function rights_text_of_nobody() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public as $$
    begin
        if tg_table_name = 'appointment' then
            delete from rights_text using rights_request
            where rights_text.request_id = rights_request.id and rights_request.practice_id = new.practice_id
                and rights_request.appointment_id = new.id;
        else
            delete from rights_text where practice_id = new.practice_id and request_id = new.id;
        end if;
        return null;
    end $$;
    revoke all on function rights_text_of_nobody from public;
    create trigger appointment_of_nobody after update of patient_id, intake_id on appointment
        for each row when (
            new.patient_id is null and new.intake_id is null
            and (old.patient_id is not null or old.intake_id is not null)
        ) execute function rights_text_of_nobody();
    create trigger rights_request_of_nobody after update of patient_id, appointment_id on rights_request
        for each row when (new.patient_id is null and new.appointment_id is null)
        execute function rights_text_of_nobody();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("rights", "0001_initial"),
        ("practices", "0002_policies"),
        ("patients", "0002_policies"),
        ("booking", "0002_policies"),
    ]
    operations = [
        tenant(
            "rights_request",
            desk=f"select, insert, update ({TOLD})",
            front=f"insert, select ({SHOWN})",
            worker="select (id, practice_id, patient_id, appointment_id, state, closed_at), delete",
        ),
        # The patients' side puts it in and can never read it back.
        tenant("rights_text", desk="select, insert", front="insert", worker="select (request_id, practice_id), delete"),
        same_practice("rights_request", "patient_id", "patient", on_delete="set null (patient_id)"),
        same_practice("rights_request", "appointment_id", "appointment", on_delete="set null (appointment_id)"),
        same_practice("rights_text", "request_id", "rights_request", on_delete="cascade"),
        shreds("rights_text", "request_id"),
        RunSQL(MERGED, RunSQL.noop),
        RunSQL(FORGOTTEN, RunSQL.noop),
    ]
