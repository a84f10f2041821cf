from django.db import migrations

from sprechzeit.database.policies import PRACTICE, rights, same_practice, tenant


class Migration(migrations.Migration):
    dependencies = [("practices", "0001_initial")]
    operations = [
        rights("practice", desk="select, update", front="select", worker="select"),
        migrations.RunSQL(
            f"""
            alter table practice enable row level security;
            alter table practice force row level security;
            create policy directory on practice for select using (true);
            create policy founded on practice for insert with check (true);
            create policy own on practice for update using (id = {PRACTICE}) with check (id = {PRACTICE});
            create policy own_deletion on practice for delete using (id = {PRACTICE});
            """,
            migrations.RunSQL.noop,
        ),
        tenant("location", desk="select, insert, update", front="select", worker="select"),
        tenant("resource", desk="select, insert, update", front="select", worker="select"),
        tenant("lane", desk="select, insert, update (number), delete", front="select", worker="select"),
        tenant("visit_type", desk="select, insert, update", front="select", worker="select"),
        tenant("visit_type_need", desk="select, insert, update, delete", front="select", worker="select"),
        same_practice("resource", "location_id", "location"),
        same_practice("lane", "resource_id", "resource", on_delete="cascade"),
        same_practice("visit_type_need", "visit_type_id", "visit_type", on_delete="cascade"),
        same_practice("visit_type_need", "resource_id", "resource", on_delete="cascade"),
    ]
