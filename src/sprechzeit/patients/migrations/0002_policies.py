from django.db import migrations

from sprechzeit.database.policies import tenant


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
        # The patients' side may put a sealed intake in and can never read one back.
        tenant(
            "intake",
            desk="select, insert, update, delete",
            front="insert, select (id, practice_id, created_at, accepted_at)",
        ),
    ]
