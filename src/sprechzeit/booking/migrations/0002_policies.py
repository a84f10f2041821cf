from django.db import migrations

from sprechzeit.database.policies import same_practice, shreds, tenant

CHANGED = "status, version, changed_at, starts_at, ends_at, resource_ids, overbooked, given_up_at, patient_confirmed_at"


WAITING = "starts_at, intake_id, code_mac, code_tries, code_mails, code_until, expires_at"


class Migration(migrations.Migration):
    dependencies = [("booking", "0001_initial"), ("practices", "0002_policies"), ("patients", "0002_policies")]
    operations = [
        tenant(
            "hold",
            desk=f"select, insert, update (resource_ids, {WAITING}), delete",
            front=f"select, insert, update (resource_ids, {WAITING}), delete",
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
        # The patients' side may put a sealed note in and take its own back, and can never read one.
        tenant(
            "patient_note",
            desk="select, insert, update, delete",
            front="insert, select (id, practice_id, appointment_id, kind, created_at, settled_at), delete",
        ),
        tenant("appointment_note", desk="select, insert, update, delete"),
        tenant(
            "block",
            desk="select, insert, update, delete",
            worker="select (id, practice_id, ends_at), delete",
        ),
        tenant("clipboard_item", desk="select, insert, update, delete", worker="select, delete"),
        tenant(
            "queue_number",
            desk="select, insert, update (state, changed_at), delete",
            front="select, insert, update (state, changed_at)",
            worker="select, delete",
        ),
        shreds("patient_note", emptied="sealed"),
        shreds("appointment_note", "appointment_id"),
        same_practice("queue_number", "visit_type_id", "visit_type", on_delete="cascade"),
        tenant("saved_view", desk="select, insert, update, delete"),
        tenant("day_sheet", desk="select, insert, update, delete", worker="select, update (sent_at)"),
        tenant(
            "idempotency_key", desk="select, insert, update", front="select, insert, update", worker="select, delete"
        ),
        tenant("undo_step", desk="select, insert, update, delete", worker="select, delete"),
        same_practice("appointment_note", "appointment_id", "appointment", on_delete="cascade"),
        same_practice("patient_note", "appointment_id", "appointment", on_delete="cascade"),
        same_practice("block", "resource_id", "resource", on_delete="cascade"),
        same_practice("clipboard_item", "appointment_id", "appointment", on_delete="cascade"),
        same_practice("appointment", "treated_in_id", "resource"),
        same_practice("undo_step", "appointment_id", "appointment", on_delete="cascade"),
        same_practice("hold", "intake_id", "intake", on_delete="set null (intake_id)"),
        same_practice("hold", "visit_type_id", "visit_type", on_delete="cascade"),
        same_practice("appointment", "visit_type_id", "visit_type"),
        same_practice("appointment", "patient_id", "patient", on_delete="set null (patient_id)"),
        same_practice("appointment", "intake_id", "intake", on_delete="set null (intake_id)"),
        same_practice("occupancy", "lane_id", "lane", on_delete="cascade"),
    ]
