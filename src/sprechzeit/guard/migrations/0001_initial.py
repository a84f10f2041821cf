from django.db import migrations, models

from sprechzeit.database.policies import rights


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="RateCounter",
            fields=[
                ("bucket", models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ("hits", models.PositiveIntegerField()),
                ("ends_at", models.DateTimeField(db_index=True)),
            ],
            options={"db_table": "rate_counter"},
        ),
        migrations.RunSQL("alter table rate_counter set unlogged", migrations.RunSQL.noop),
        rights(
            "rate_counter",
            desk="select, insert, update",
            front="select, insert, update",
            worker="select, delete",
        ),
    ]
