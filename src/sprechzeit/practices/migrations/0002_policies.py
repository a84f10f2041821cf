from django.db import migrations

from sprechzeit.database.policies import PRACTICE, rights, same_practice, tenant


class Migration(migrations.Migration):
    dependencies = [("practices", "0001_initial")]
    operations = [
        rights("practice", desk="select, update", front="select", worker="select, update (key_doubted_at)"),
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
        tenant("question", desk="select, insert, update, delete", front="select", worker="select"),
        tenant(
            "booking_code",
            desk="select, insert, update, delete",
            front="select, update (uses_left)",
            worker="select, delete",
        ),
        rights("next_free", desk="select", front="select", worker="select, insert, update, delete"),
        migrations.RunSQL(
            f"""
            alter table next_free enable row level security;
            alter table next_free force row level security;
            create policy directory on next_free for select using (true);
            create policy own on next_free using (practice_id = {PRACTICE}) with check (practice_id = {PRACTICE});
            """,
            migrations.RunSQL.noop,
        ),
        same_practice("question", "visit_type_id", "visit_type", on_delete="cascade"),
        same_practice("question", "other_id", "visit_type"),
        same_practice("booking_code", "visit_type_id", "visit_type", on_delete="cascade"),
        same_practice("next_free", "visit_type_id", "visit_type", on_delete="cascade"),
        same_practice("resource", "location_id", "location"),
        same_practice("lane", "resource_id", "resource", on_delete="cascade"),
        same_practice("visit_type_need", "visit_type_id", "visit_type", on_delete="cascade"),
        same_practice("visit_type_need", "resource_id", "resource", on_delete="cascade"),
    ]
