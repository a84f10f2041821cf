"""Counters of the rate limits. What is counted is known by a keyed hash only: no address stands in the table."""

from __future__ import annotations

from django.db import models


class RateCounter(models.Model):
    """Hits of one bucket until ``ends_at``. Unlogged: a crash of the database forgets it, which does no harm."""

    bucket = models.BinaryField(primary_key=True, max_length=32)
    hits = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "rate_counter"
