"""How often somebody has asked for something lately, counted in the one place that all processes share."""

from django.db import models


class RequestCount(models.Model):
    """A count of the requests of one kind by one address, or about one, in the period that goes on."""

    # A fingerprint of who and what: it says neither.
    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.count} until {self.ends_at}"
