-- The moments at which this practice's reminders and follow-ups fall due: each start (or end) with its hours, once.
-- They are few, however many appointments there are. Read by appointment_of_practice; it has no index on ends, so
-- follow-ups are looked for by starts of the day before too (an appointment lasts half a day at most).
select distinct 'reminder', appointment.starts_at, hours
from visit_type
cross join lateral unnest(array_append(visit_type.reminder_hours, visit_type.second_reminder_hours)) as wanted (hours)
join appointment on appointment.practice_id = %(practice)s and appointment.visit_type_id = visit_type.id
    and appointment.starts_at > greatest(%(now)s, %(first)s + hours * interval '1 hour')
    and appointment.starts_at <= %(last)s + hours * interval '1 hour'
where visit_type.practice_id = %(practice)s and appointment.status = 'booked'
union all
select distinct 'follow-up', appointment.ends_at, visit_type.follow_up_hours
from visit_type
join appointment on appointment.practice_id = %(practice)s and appointment.visit_type_id = visit_type.id
    and appointment.starts_at > %(first)s - (visit_type.follow_up_hours + 24) * interval '1 hour'
    and appointment.starts_at <= %(last)s - visit_type.follow_up_hours * interval '1 hour'
where visit_type.practice_id = %(practice)s and visit_type.follow_up_hours is not null
    and appointment.status in ('arrived', 'in-treatment', 'done')
