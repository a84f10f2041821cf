from django.db import migrations

from sprechzeit.database.policies import same_practice, tenant


class Migration(migrations.Migration):
    dependencies = [("patients", "0001_initial"), ("practices", "0002_policies")]
    operations = [
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
    ]
