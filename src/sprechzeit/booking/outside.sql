-- Coming appointments that do not lie wholly within the openings of everybody and everything that takes part.
--
-- Bounded by starts_at from both sides as in availability.sql: an opening lasts one local day at most (25 hours).
select appointment.id
from appointment
where appointment.practice_id = %(practice)s::int8
    and appointment.starts_at > %(now)s::timestamptz
    and appointment.status = any(%(coming)s::text[])
    and exists (
        select from unnest(appointment.resource_ids) as used (resource_id)
        where not coalesce((
            select range_agg(opening.during) @> tstzrange(appointment.starts_at, appointment.ends_at)
            from opening
            where opening.resource_id = used.resource_id
                and opening.starts_at > appointment.starts_at - interval '25 hours'
                and opening.starts_at < appointment.ends_at
        ), false)
    )
