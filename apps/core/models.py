"""Record: what every table of the reference has in common."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from apps.core.counting import RowCount
from apps.core.events import Event
from apps.core.page_marks import PageMark

__all__ = ["META_COLUMNS", "Event", "PageMark", "Record", "RowCount"]

META_COLUMNS = ("created_at", "created_by", "modified_at", "modified_by")


class Record(models.Model):
    """One row of any table, with who wrote it and when (reference: "Meta Data").

    The four meta columns are set by the program alone; values a client sends are ignored.
    `modified_at` and `modified_by` stay null until the first change.
    """

    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.TextField(null=True, editable=False)
    modified_at = models.DateTimeField(null=True, editable=False)
    modified_by = models.TextField(null=True, editable=False)

    class Meta:
        abstract = True
