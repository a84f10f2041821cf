from django.db import migrations

from sprechzeit.database.policies import same_practice, shreds, tenant


class Migration(migrations.Migration):
    dependencies = [("patients", "0001_initial"), ("practices", "0002_policies")]
    operations = [
        # Nobody deletes a key: each goes with its row (``shreds``). The patients' side never reads one, the worker nothing.
        tenant("record_key", desk="select, insert", front="insert"),
        tenant("patient", desk="select, insert, update, delete"),
        # The worker forgets what is older than 30 days and reads nothing else of it.
        tenant(
            "patient_merge",
            desk="select, insert, update, delete",
            worker="select (id, practice_id, created_at), delete",
        ),
        tenant(
            "consent",
            desk="select, insert, update, delete",
            front="select, insert, update (withdrawn_at)",
            worker="select, delete",
        ),
        # The patients' side may put a sealed intake in and can never read one back.
        tenant(
            "intake",
            desk="select, insert, update, delete",
            front="insert, select (id, practice_id, created_at, accepted_at), delete",
            worker="select (id, practice_id), delete",
        ),
        tenant(
            "address_confirmation",
            desk="select, insert, update, delete",
            front="select, update (confirmed_at, refused_at)",
        ),
        same_practice("address_confirmation", "patient_id", "patient", on_delete="cascade"),
        same_practice("consent", "patient_id", "patient", on_delete="cascade"),
        same_practice("consent", "intake_id", "intake", on_delete="cascade"),
        # Of a merged record the key stays as long as the merge can be undone, and then goes with what is remembered.
        shreds(
            "patient",
            unless="exists (select from patient_merge where practice_id = old.practice_id and absorbed = old.id)",
        ),
        shreds(
            "patient_merge",
            "absorbed",
            unless="exists (select from patient where practice_id = old.practice_id and id = old.absorbed)",
        ),
        shreds("intake"),
    ]
