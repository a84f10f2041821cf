-- What the calendar marks on these appointments: the practice's comment, whether it is the patient's first visit, whether
-- reminders are agreed to, and whether processing is restricted.
--
-- All rows are found by keys: appointment and comment by the appointment, earlier visits and consents by the patient.
-- The search for an earlier visit ends at the first that counts; who is new has few. So it costs the same however many
-- appointments the practice has. "offset 0" keeps the comparison of times out of the index scan: with it PostgreSQL
-- reads everything the practice ever had before that time, thirty times as long on a full day.
select
    appointment.id,
    note.note_sealed,
    record_key.key,
    appointment.patient_id is not null and not exists (
        select from (
            select id, starts_at, status from appointment as visit where visit.patient_id = appointment.patient_id offset 0
        ) as earlier
        where (earlier.starts_at, earlier.id) < (appointment.starts_at, appointment.id)
            and earlier.status <> 'cancelled'
    ) as is_new,
    exists (
        select from consent
        where consent.patient_id = appointment.patient_id
            and consent.purpose = any(%(purposes)s::text[])
            and consent.withdrawn_at is null
    ) or appointment.patient_id is null and exists (
        select from consent
        where consent.intake_id = appointment.intake_id
            and consent.purpose = any(%(purposes)s::text[])
            and consent.withdrawn_at is null
    ) as is_reminded,
    exists (
        select from patient where patient.id = appointment.patient_id and patient.restricted_at is not null
    ) as is_restricted
from unnest(%(appointments)s::uuid[]) as asked (id)
join appointment on appointment.id = asked.id
left join appointment_note as note on note.appointment_id = appointment.id
left join record_key on record_key.practice_id = note.practice_id and record_key.record = note.appointment_id
