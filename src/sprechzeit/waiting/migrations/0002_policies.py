from django.db import migrations

from sprechzeit.database.policies import rights, same_practice, tenant

ENDED = "state, ended_at"
WISHES = "clinician_ids, weekdays, since_time, until_time, earliest, latest, notice_hours"
ANSWERED = "state, answered_at, hold_id"


class Migration(migrations.Migration):
    dependencies = [
        ("waiting", "0001_initial"),
        ("booking", "0002_policies"),
        ("messages", "0002_policies"),
        ("patients", "0002_policies"),
    ]
    operations = [
        tenant(
            "waiting_entry",
            desk="select, insert, update, delete",
            front=f"select, insert, update ({ENDED}, {WISHES})",
            worker=f"select, update ({ENDED}), delete",
        ),
        tenant(
            "waiting_offer",
            desk=f"select, insert, update ({ANSWERED}), delete",
            front=f"select, update ({ANSWERED})",
            worker=f"select, insert, update ({ANSWERED}), delete",
        ),
        # The worker holds what it offers, and lets go of it.
        rights("hold", worker="insert"),
        rights("occupancy", worker="insert"),
        same_practice("waiting_entry", "visit_type_id", "visit_type", on_delete="cascade"),
        same_practice("waiting_entry", "appointment_id", "appointment", on_delete="cascade"),
        same_practice("waiting_entry", "patient_id", "patient", on_delete="cascade"),
        same_practice("waiting_entry", "intake_id", "intake", on_delete="cascade"),
        same_practice("waiting_offer", "entry_id", "waiting_entry", on_delete="cascade"),
        same_practice("waiting_offer", "hold_id", "hold", on_delete="set null (hold_id)"),
    ]
