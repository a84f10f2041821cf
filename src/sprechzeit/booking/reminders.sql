-- The reminders and follow-ups that are wanted at these moments, each for an address kept for its appointment.
--
-- A reminder is for what is booked, a follow-up for who came; both for who has agreed to be reminded by this channel
-- (the record's consent, or the intake's until that is taken over), at hours that the visit type still has; at those of
-- the second reminder only for who has asked for it besides. What was booked after a reminder was due has just been
-- confirmed and gets none. Where processing is restricted (GDPR Art. 18) nothing is written after a visit.
select
    appointment.id as about,
    address.channel,
    address.language,
    asked.kind,
    asked.due_at,
    asked.hours,
    appointment.starts_at,
    appointment.ends_at,
    appointment.version,
    case when asked.kind = 'reminder' then ''
        when address.language like 'de%%' or visit_type.follow_up_en = '' then visit_type.follow_up_de
        else visit_type.follow_up_en end as told
from unnest(
    %(kinds)s::text[], %(moments)s::timestamptz[], %(earliest)s::timestamptz[], %(hours)s::int[],
    %(dues)s::timestamptz[]
) as asked (kind, moment, earliest, hours, due_at)
join appointment on appointment.practice_id = %(practice)s
    and (%(about)s::uuid is null or appointment.id = %(about)s)
    and appointment.starts_at between asked.earliest and asked.moment
    and case asked.kind
        when 'reminder' then appointment.starts_at = asked.moment and appointment.status = 'booked'
            and (not appointment.needs_confirmation or appointment.confirmed_at is not null)
        else appointment.ends_at = asked.moment and appointment.status in ('arrived', 'in-treatment', 'done') end
    and appointment.created_at <= asked.due_at
join visit_type on visit_type.practice_id = %(practice)s and visit_type.id = appointment.visit_type_id
    and case asked.kind
        when 'reminder' then asked.hours = any(visit_type.reminder_hours)
            or asked.hours = visit_type.second_reminder_hours and exists (
                select from consent
                where consent.purpose = 'reminder-again' and consent.withdrawn_at is null
                    and case when appointment.patient_id is null then consent.intake_id = appointment.intake_id
                        else consent.patient_id = appointment.patient_id end
            )
        else asked.hours = visit_type.follow_up_hours and visit_type.follow_up_de <> '' end
join notifier_address as address on address.practice_id = %(practice)s and address.about = appointment.id
    and address.sealed is not null and not address.unconfirmed
where not (asked.kind = 'follow-up' and exists (
    select from patient where patient.id = appointment.patient_id and patient.restricted_at is not null
)) and (exists (
    select from consent
    where consent.patient_id = appointment.patient_id
        and consent.purpose = case address.channel when 'sms' then 'reminder-sms' else 'reminder-email' end
        and consent.withdrawn_at is null
) or appointment.patient_id is null and exists (
    select from consent
    where consent.intake_id = appointment.intake_id
        and consent.purpose = case address.channel when 'sms' then 'reminder-sms' else 'reminder-email' end
        and consent.withdrawn_at is null
))
