-- How many appointments of the past came to nothing: in all, by visit type, by weekday and by how long before they were
-- booked. Nothing about who came is read.
--
-- Cancelled ones do not count as booked; late is who cancelled less than a day before (changed_at is when: a cancelled
-- appointment changes no more). Somebody who came without an appointment cannot miss it and is left out. The plan:
--
--   Index Scan using appointment_of_practice on appointment (practice_id =, starts_at between)
with visit as (
    select
        visit_type_id,
        extract(isodow from starts_at at time zone %(zone)s)::int as weekday,
        case
            when starts_at - created_at < interval '1 day' then 0
            when starts_at - created_at < interval '7 days' then 1
            when starts_at - created_at < interval '28 days' then 2
            else 3 end as lead,
        status,
        status = 'cancelled' and changed_at > starts_at - interval '1 day' as late
    from appointment
    where practice_id = %(practice)s::int8
        and starts_at >= %(since)s::timestamptz and starts_at < %(until)s::timestamptz
        and appointment_type <> 'walk-in'
)
select
    visit_type_id,
    weekday,
    lead,
    count(*) filter (where status <> 'cancelled') as booked,
    count(*) filter (where status = 'no-show') as missed,
    count(*) filter (where late) as late,
    count(*) filter (where status = 'booked') as unmarked
from visit
group by grouping sets ((), (visit_type_id), (weekday), (lead))
order by visit_type_id, weekday, lead
