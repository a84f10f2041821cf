from django.db import migrations

from sprechzeit.database.policies import same_practice, tenant

CHANGED = "status, version, changed_at, starts_at, ends_at, resource_ids, overbooked"


class Migration(migrations.Migration):
    dependencies = [("booking", "0001_initial"), ("practices", "0002_policies"), ("patients", "0002_policies")]
    operations = [
        tenant(
            "hold",
            desk="select, insert, update (resource_ids), delete",
            front="select, insert, update (resource_ids), delete",
            worker="select, delete",
        ),
        tenant(
            "appointment",
            desk="select, insert, update, delete",
            front=f"select, insert, update ({CHANGED})",
            worker="select",
        ),
        tenant(
            "occupancy",
            desk="select, insert, update, delete",
            front="select, insert, update (appointment_id, hold_id, expires_at), delete",
            worker="select, delete",
        ),
        tenant("appointment_note", desk="select, insert, update, delete"),
        tenant(
            "block",
            desk="select, insert, update, delete",
            worker="select (id, practice_id, ends_at), delete",
        ),
        tenant("clipboard_item", desk="select, insert, update, delete", worker="select, delete"),
        tenant("saved_view", desk="select, insert, update, delete"),
        tenant("day_sheet", desk="select, insert, update, delete", worker="select, update (sent_at)"),
        tenant(
            "idempotency_key", desk="select, insert, update", front="select, insert, update", worker="select, delete"
        ),
        tenant("undo_step", desk="select, insert, update, delete", worker="select, delete"),
        same_practice("appointment_note", "appointment_id", "appointment", on_delete="cascade"),
        same_practice("block", "resource_id", "resource", on_delete="cascade"),
        same_practice("clipboard_item", "appointment_id", "appointment", on_delete="cascade"),
        same_practice("appointment", "treated_in_id", "resource"),
        same_practice("undo_step", "appointment_id", "appointment", on_delete="cascade"),
        same_practice("hold", "visit_type_id", "visit_type", on_delete="cascade"),
        same_practice("appointment", "visit_type_id", "visit_type"),
        same_practice("appointment", "patient_id", "patient", on_delete="set null (patient_id)"),
        same_practice("appointment", "intake_id", "intake", on_delete="set null (intake_id)"),
        same_practice("occupancy", "lane_id", "lane", on_delete="cascade"),
    ]
