from django.db import migrations

from sprechzeit.database.policies import same_practice, tenant


class Migration(migrations.Migration):
    dependencies = [
        ("recall", "0001_initial"),
        ("practices", "0002_policies"),
        ("patients", "0002_policies"),
        ("booking", "0002_policies"),
    ]
    operations = [
        tenant("recall", desk="select, insert, update, delete", worker="select, insert, update"),
        same_practice("recall", "patient_id", "patient", on_delete="cascade"),
        same_practice("recall", "visit_type_id", "visit_type", on_delete="cascade"),
        same_practice("recall", "appointment_id", "appointment", on_delete="set null (appointment_id)"),
    ]
