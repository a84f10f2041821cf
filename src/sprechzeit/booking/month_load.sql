-- How full each day of a month is: minutes opened, booked and still free of the resources asked for, and how many
-- appointments begin. All of it counts places: a resource for two at once that is open for an hour offers 120 minutes.
--
-- Booked time is the visits themselves without buffers, whole on the day they begin, cancelled ones left out. Free is
-- what the openings leave: who was squeezed in takes no ordinary place and takes nothing away, a block takes every
-- place. A resource is never less than not free at all.
--
-- Row-level security lets only leak-proof operators into an index condition, so each table is bounded by starts_at from
-- both sides: an opening lasts 25 hours at most, a block and an appointment 24 (availability.sql). The plan:
--
--   Index Scan using opening_of_resource on opening (resource_id = any, starts_at between)
--   Index Scan using appointment_of_practice on appointment (practice_id =, starts_at between)
--   Index Scan using block_of_practice on block (practice_id =, starts_at between)
--   Hash Join on (resource, day): a span of a resource meets only those of the same day
with day as materialized (
    select
        day::date as day,
        day::date::timestamp at time zone %(zone)s as since,
        (day::date + 1)::timestamp at time zone %(zone)s as until
    from generate_series(%(first)s::date::timestamp, %(last)s::date::timestamp, interval '1 day') as day
),
edge as materialized (select min(since) as since, max(until) as until from day),
place as materialized (select id, capacity from resource where id = any(%(resources)s::int8[])),
opened as materialized (
    select
        opening.resource_id,
        day.day,
        place.capacity,
        greatest(opening.starts_at, day.since) as since,
        least(opening.ends_at, day.until) as until
    from edge
    join opening on opening.resource_id = any(%(resources)s::int8[])
        and opening.starts_at > edge.since - interval '25 hours'
        and opening.starts_at < edge.until
    join place on place.id = opening.resource_id
    join day on opening.starts_at < day.until and opening.ends_at > day.since
),
visit as materialized (
    select
        appointment.id,
        place.id as resource_id,
        (appointment.starts_at at time zone %(zone)s)::date as day,
        appointment.starts_at,
        appointment.ends_at,
        appointment.overbooked
    from edge
    join appointment on appointment.practice_id = %(practice)s::int8
        and appointment.starts_at > edge.since - interval '24 hours'
        and appointment.starts_at < edge.until
        and appointment.status <> 'cancelled'
    join place on place.id = any(appointment.resource_ids)
),
taken as (
    select resource_id, starts_at, ends_at, 1 as places from visit where not overbooked
    union all
    select block.resource_id, block.starts_at, block.ends_at, place.capacity
    from edge
    join block on block.practice_id = %(practice)s::int8
        and block.starts_at > edge.since - interval '24 hours'
        and block.starts_at < edge.until
    join place on place.id = block.resource_id
),
-- A span stands under every local day that it touches.
taken_of_day as materialized (
    select
        taken.resource_id,
        ((taken.starts_at at time zone %(zone)s)::date + later) as day,
        taken.starts_at,
        taken.ends_at,
        taken.places
    from taken
    cross join lateral generate_series(
        0, (taken.ends_at at time zone %(zone)s)::date - (taken.starts_at at time zone %(zone)s)::date
    ) as later
),
used as (
    select
        opened.resource_id,
        opened.day,
        sum(
            taken.places
            * extract(epoch from least(taken.ends_at, opened.until) - greatest(taken.starts_at, opened.since))
        ) as seconds
    from opened
    join taken_of_day as taken
        on taken.resource_id = opened.resource_id
        and taken.day = opened.day
        and taken.starts_at < opened.until
        and taken.ends_at > opened.since
    group by opened.resource_id, opened.day
),
offered as (
    select resource_id, day, sum(capacity * extract(epoch from until - since)) as seconds
    from opened
    group by resource_id, day
),
room as (
    select
        offered.day,
        sum(offered.seconds) as opened,
        sum(greatest(offered.seconds - coalesce(used.seconds, 0), 0)) as free
    from offered
    left join used on used.resource_id = offered.resource_id and used.day = offered.day
    group by offered.day
),
booked as (
    select day, sum(extract(epoch from ends_at - starts_at)) as seconds, count(distinct id) as visits
    from visit
    group by day
)
select
    day.day,
    (coalesce(room.opened, 0) / 60)::int,
    (coalesce(booked.seconds, 0) / 60)::int,
    (coalesce(room.free, 0) / 60)::int,
    coalesce(booked.visits, 0)::int
from day
left join room on room.day = day.day
left join booked on booked.day = day.day
order by day.day
