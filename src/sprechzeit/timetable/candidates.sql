-- For each need of a visit type at one start: the lanes that are free, those of the least busy resource first. Lanes
-- for overbooking come only where they are asked for, and last.
--
-- Bounded by starts_at from both sides for the same reason as availability.sql. A resource's load is the number of
-- its occupancies that begin on the local day of the start.
with visit as materialized (
    select
        %(start)s::timestamptz - make_interval(mins => visit_type.buffer_before_minutes) as begins,
        %(start)s::timestamptz
            + make_interval(
                mins => coalesce(%(minutes)s::int, visit_type.duration_minutes) + visit_type.buffer_after_minutes
            ) as ends,
        date_trunc('day', %(start)s::timestamptz, practice.time_zone) as day,
        -- A day's length on the wall clock: it has 23 or 25 hours when the clocks change.
        (date_trunc('day', %(start)s::timestamptz at time zone practice.time_zone) + interval '1 day')
            at time zone practice.time_zone as next_day
    from visit_type
    join practice on practice.id = visit_type.practice_id
    where visit_type.id = %(visit_type)s::int8
),
need as materialized (
    select number, resource_id from visit_type_need where visit_type_id = %(visit_type)s::int8
),
wanted as materialized (
    select need.number, need.resource_id, lane.id as lane_id, lane.number as lane_number, lane.overbooking
    from need
    join resource on resource.id = need.resource_id and resource.retired_at is null
    join lane on lane.resource_id = need.resource_id and (not lane.overbooking or %(overbook)s::boolean)
    where %(asked)s::int8 is null
        or need.resource_id = %(asked)s::int8
        or need.number <> (select number from need where resource_id = %(asked)s::int8)
),
used as materialized (
    select
        wanted.*,
        taken.that_day,
        coalesce(taken.at_start, false) or (
            %(inside)s::boolean and not exists (
                select from opening
                where opening.resource_id = wanted.resource_id
                    and opening.starts_at > visit.begins - interval '25 hours'
                    and opening.starts_at < visit.ends
                having range_agg(opening.during) @> tstzrange(visit.begins, visit.ends)
            )
        ) as is_taken
    from visit
    cross join wanted
    cross join lateral (
        select
            count(*) filter (where starts_at >= visit.day and starts_at < visit.next_day) as that_day,
            bool_or(starts_at < visit.ends and ends_at > visit.begins) as at_start
        from occupancy
        where occupancy.lane_id = wanted.lane_id
            and occupancy.starts_at > least(visit.begins - interval '24 hours', visit.day - interval '1 microsecond')
            and occupancy.starts_at < greatest(visit.ends, visit.next_day)
            and (occupancy.expires_at is null or occupancy.expires_at > %(now)s::timestamptz)
            and (%(ignoring)s::uuid is null or occupancy.appointment_id is distinct from %(ignoring)s::uuid)
    ) as taken
),
candidate as (
    select used.*, sum(that_day) over (partition by resource_id) as load from used
)
select number, candidate.resource_id, candidate.lane_id
from (select distinct number from need) as all_needs
left join (select * from candidate where not is_taken) as candidate using (number)
order by number, candidate.overbooking, load, candidate.resource_id, candidate.lane_number
