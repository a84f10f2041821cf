from django.db import migrations

from sprechzeit.database.policies import tenant

KNOWN = (
    "id, practice_id, kind, channel, about, language, kept, stop_hash, dedupe_key, due_at, state, attempts, reason, "
    "created_at, done_at"
)
SEEN = f"{KNOWN}, settled_at"
PUT_IN = f"{SEEN}, facts, sealed"
ADDRESS = (
    "id, practice_id, about, channel, language, stop_hash, refused_at, unconfirmed, instead_of, confirm_hash, "
    "created_at, delete_after"
)
KEEP = f"select ({ADDRESS}), insert ({ADDRESS}, sealed), update ({ADDRESS}, sealed), delete"


class Migration(migrations.Migration):
    dependencies = [("messages", "0001_initial"), ("practices", "0002_policies")]
    operations = [
        # Who serves pages puts messages in and stops them; the sealed column is the worker's alone.
        tenant(
            "message",
            desk=(
                f"select ({SEEN}, facts), insert ({PUT_IN}), "
                "update (state, reason, done_at, due_at, attempts, settled_at, sealed), delete"
            ),
            front=f"select ({KNOWN}), insert ({PUT_IN}), update (state, reason, done_at, sealed)",
            worker="select, insert, update, delete",
        ),
        tenant(
            "message_template",
            desk="select, insert, update, delete",
            front="select (id, practice_id, names_visit_type)",
            worker="select",
        ),
        tenant("notifier_address", desk=KEEP, front=KEEP, worker="select, update, delete"),
        # The worker looks for what is due over all practices, by this door only; it then acts for one at a time.
        migrations.RunSQL(
            """
            create policy due on message for select to sprechzeit_worker
                using (state = 'waiting' and current_setting('sprechzeit.due', true) = 'all')
            """,
            migrations.RunSQL.noop,
        ),
        # And for the one message whose number a mail server's report names.
        migrations.RunSQL(
            """
            create policy bounced on message for select to sprechzeit_worker
                using (id = nullif(current_setting('sprechzeit.bounced', true), '')::uuid)
            """,
            migrations.RunSQL.noop,
        ),
    ]
