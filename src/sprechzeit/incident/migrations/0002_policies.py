from django.db import migrations

from sprechzeit.database.policies import tenant


class Migration(migrations.Migration):
    dependencies = [("incident", "0001_initial"), ("practices", "0002_policies")]
    operations = [
        # A register: nobody deletes from it, and what was told by whom since when stays.
        tenant(
            "incident",
            desk=(
                "select, insert, update (state, happened_from, happened_until, aware_at, actors, sessions, networks,"
                " risk, authority_at, patients_at, extent, texts_sealed, closed_at, version)"
            ),
            # The host's notice is entered and mailed as the worker; what the practice writes it never sees.
            worker=(
                "select (id, practice_id, happened_from, happened_until, aware_at, reference, source, told,"
                " notice_mailed_at), insert, update (notice_mailed_at)"
            ),
        ),
    ]
