"""The nightly forgetting. It holds no key; its arguments are none."""

from __future__ import annotations

import structlog
from django.db import DatabaseError
from procrastinate.contrib.django import app

from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import wearing
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.models import Practice
from sprechzeit.retention.mail import tell_owner
from sprechzeit.retention.run import forget_what_is_due

log = structlog.get_logger("sprechzeit.retention")


@app.periodic(cron="40 3 * * *")
@app.task(name="retention", queueing_lock="retention", pass_context=False)
def retention(timestamp: int) -> None:
    """For each practice: forget what is due, and tell its owner. One that fails keeps no other from it."""
    failed: list[DatabaseError] = []
    with wearing(Role.WORKER):
        for practice in Practice.objects.order_by("id").iterator():
            try:
                gone = forget_what_is_due(PracticeId(practice.id))
                tell_owner(practice)
            except DatabaseError as error:
                failed.append(error)
                continue
            if gone:
                log.info("forgotten", practice=practice.id, **gone)
    if failed:
        raise failed[0]  # the job counts as failed, and is in the log
