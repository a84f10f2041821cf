"""The jobs that come by the clock. A job's arguments are a practice's number and nothing else; no job holds a key."""

from __future__ import annotations

from django.conf import settings
from procrastinate.contrib.django import app

from sprechzeit.audit.head import anchor_heads
from sprechzeit.audit.mail_heads import mail_heads
from sprechzeit.audit.watch_trails import watch_trails
from sprechzeit.booking.clipboard import forget_clipboards
from sprechzeit.booking.learn_limits import learn_limits
from sprechzeit.booking.mail_day_sheets import mail_day_sheets
from sprechzeit.booking.open_consultation import forget_numbers
from sprechzeit.booking.plan_reminders import plan_reminders
from sprechzeit.booking.prune import prune
from sprechzeit.booking.undo import forget_steps
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import wearing
from sprechzeit.guard.exposure import look_at_ourselves
from sprechzeit.guard.forget import forget_work
from sprechzeit.guard.limits import forget_counters
from sprechzeit.identifiers import PracticeId
from sprechzeit.messages.forget import forget_messages
from sprechzeit.patients.merge import forget_merges
from sprechzeit.practices.models import Practice
from sprechzeit.staff.forget import forget_ended
from sprechzeit.staff.swapped import watch_pairs
from sprechzeit.timetable.materialise import extend_openings


@app.periodic(cron="10 3 * * *")
@app.task(name="nightly", queueing_lock="nightly", pass_context=False)
def nightly(timestamp: int) -> None:
    """For each practice: openings one day further, forget what no longer serves; then anchor the trails' heads."""
    with wearing(Role.WORKER):
        for practice in Practice.objects.order_by("id").values_list("id", flat=True).iterator():
            extend_openings(PracticeId(practice))
            prune(PracticeId(practice))
            forget_steps(PracticeId(practice))
            forget_numbers(PracticeId(practice))
            forget_clipboards(PracticeId(practice))
            forget_ended(PracticeId(practice))
            forget_merges(PracticeId(practice))
            forget_messages(PracticeId(practice))
            forget_work(PracticeId(practice))
            learn_limits(PracticeId(practice))
        forget_counters()
        watch_trails(settings.ENVIRONMENT.data_folder)
        mail_heads(anchor_heads(settings.ENVIRONMENT.data_folder))


@app.periodic(cron="*/10 * * * *")
@app.task(name="day-sheets", queueing_lock="day-sheets", pass_context=False)
def day_sheets(timestamp: int) -> None:
    """Mail the encrypted day sheets, each morning and each evening."""
    with wearing(Role.WORKER):
        mail_day_sheets()


@app.periodic(cron="*/5 * * * *")
@app.task(name="reminders", queueing_lock="reminders", pass_context=False)
def reminders(timestamp: int) -> None:
    """Put in the reminders and follow-ups that fall due within the hour, for each practice."""
    with wearing(Role.WORKER):
        for practice in Practice.objects.order_by("id").only("id", "time_zone", "quiet_from", "quiet_until").iterator():
            plan_reminders(practice)


@app.periodic(cron="* * * * *")
@app.task(name="pairs", queueing_lock="pairs", pass_context=False)
def pairs(timestamp: int) -> None:
    """Hold every practice's public key against the fingerprint that its trail tells."""
    with wearing(Role.WORKER):
        watch_pairs()


@app.periodic(cron="40 4 * * *")
@app.task(name="exposure", queueing_lock="exposure", pass_context=False)
def exposure(timestamp: int) -> None:
    """Look at our own address from outside, as ``sprechzeit probe`` does."""
    look_at_ourselves(settings.PUBLIC_URL, settings.ENVIRONMENT.operator_email)
