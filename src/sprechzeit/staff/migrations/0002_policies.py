from django.db import migrations

from sprechzeit.database.policies import rights, tenant


class Migration(migrations.Migration):
    dependencies = [("staff", "0001_initial"), ("practices", "0002_policies")]
    operations = [
        rights("member", desk="select, insert"),
        rights("passkey", desk="select, insert, update, delete"),
        rights("challenge", desk="select, insert, delete", worker="select, delete"),
        tenant("membership", desk="select, insert, update, delete", own_member=True),
        tenant("sealed_data_key", desk="select, insert, delete"),
        tenant(
            "key_grant",
            desk="select, insert, delete",
            worker="select (practice_id, kind, credential), delete",
            own_member=True,
        ),
        tenant(
            "desk_session",
            desk="select, insert, update, delete",
            worker="select (practice_id, expires_at), delete",
            own_member=True,
        ),
        tenant("recovery_sheet", desk="select, insert, update, delete"),
        tenant("day_sheet_key", desk="select, insert, update, delete"),
        tenant("api_token", desk="select, insert, update, delete"),
        tenant(
            "enrolment",
            desk="select, insert, delete",
            worker="select (practice_id, expires_at, secret_hash), delete",
        ),
        # A grant that opens without a passkey can exist for a demo practice only.
        migrations.RunSQL(
            """
            create function demo_grant_for_demo_practice() returns trigger language plpgsql as $$
            begin
                if new.kind = 'demo' and (select kind from practice where id = new.practice_id) <> 'demo' then
                    raise exception 'demo grants are for demo practices' using errcode = 'check_violation',
                        constraint = 'key_grant_demo_only';
                end if;
                return new;
            end $$;
            create trigger key_grant_demo_only before insert or update on key_grant
                for each row execute function demo_grant_for_demo_practice();
            """,
            migrations.RunSQL.noop,
        ),
    ]
