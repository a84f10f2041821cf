from django.db import migrations

from sprechzeit.database.policies import same_practice, tenant


class Migration(migrations.Migration):
    dependencies = [("timetable", "0001_initial"), ("practices", "0002_policies")]
    operations = [
        tenant("weekly_rule", desk="select, insert, update, delete", front="select", worker="select"),
        tenant("schedule_exception", desk="select, insert, update, delete", front="select", worker="select, delete"),
        tenant("opening", desk="select, insert, delete", front="select", worker="select, insert, delete"),
        same_practice("weekly_rule", "resource_id", "resource", on_delete="cascade"),
        same_practice("schedule_exception", "resource_id", "resource", on_delete="cascade"),
        same_practice("opening", "resource_id", "resource", on_delete="cascade"),
    ]
