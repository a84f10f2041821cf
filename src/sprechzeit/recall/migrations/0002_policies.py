from django.db import migrations
from django.db.migrations import RunSQL

from sprechzeit.database.policies import same_practice, tenant

# Whoever comes by the link of an invitation: neither when somebody is due nor how often they were invited.
FOUND = "id, practice_id, patient_id, visit_type_id, state, secret_hash, invited_at, appointment_id"
# The kept address goes with the recall, however that ends: by the desk, the patient, the night or an erasure. One that
# says that it is not for them stays, empty, until its time.
FORGET = """
    create function forget_address_of_recall() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public as $$
    begin
        delete from notifier_address
        where practice_id = old.practice_id and about = old.id and (tg_op = 'DELETE' or refused_at is null);
        return null;
    end $$;
    revoke all on function forget_address_of_recall from public;
    create trigger recall_deleted after delete on recall
        for each row execute function forget_address_of_recall();
    create trigger recall_ended after update of state on recall
        for each row when (new.state not in ('due', 'invited')) execute function forget_address_of_recall();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("recall", "0001_initial"),
        ("practices", "0002_policies"),
        ("patients", "0002_policies"),
        ("booking", "0002_policies"),
        ("messages", "0002_policies"),
    ]
    operations = [
        tenant(
            "recall",
            desk="select, insert, update, delete",
            worker="select, insert, update",
            front=f"select ({FOUND}), update (state, appointment_id, changed_at)",
        ),
        same_practice("recall", "patient_id", "patient", on_delete="cascade"),
        same_practice("recall", "visit_type_id", "visit_type", on_delete="cascade"),
        same_practice("recall", "appointment_id", "appointment", on_delete="set null (appointment_id)"),
        RunSQL(FORGET, RunSQL.noop),
    ]
