"""Where the pages of a sweep begin, so that a deep page is found as fast as the first.

To skip rows the database has to count them off. Whoever reads one page after the other has just
been told where the next one begins: that is kept here, where every process sees it.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import connection, models
from django.utils import timezone

from apps.core.callers import Caller
from apps.core.prepared import Prepared

# A sweep asks for its next page within this time; a mark that is older may be off by the rows that
# came and went since.
GOOD_FOR = timedelta(hours=1)
KEPT_FOR = timedelta(days=1)


class PageMark(models.Model):
    """The key after which one page begins, as one user found it in one sweep."""

    user_id = models.BigIntegerField()
    sweep = models.CharField(max_length=64)
    size = models.BigIntegerField()
    page = models.BigIntegerField()
    after = models.CharField(max_length=255)
    at = models.DateTimeField()

    class Meta:
        db_table = "page_mark"
        constraints = [
            models.UniqueConstraint(
                fields=["user_id", "sweep", "size", "page"], name="page_mark_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.sweep} page {self.page} of {self.size}: after {self.after}"


_RECALL = Prepared(
    "page_mark_recall",
    "SELECT after FROM page_mark"
    " WHERE user_id = %s AND sweep = %s AND size = %s AND page = %s AND at > %s",
)
_REMEMBER = Prepared(
    "page_mark_remember",
    "INSERT INTO page_mark (user_id, sweep, size, page, after, at)"
    " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (user_id, sweep, size, page)"
    " DO UPDATE SET after = EXCLUDED.after, at = EXCLUDED.at",
)


def recall(caller: Caller, sweep: str, size: int, page: int) -> str | None:
    """The key after which the page begins, if the caller read the page before it lately."""
    since = connection.ops.adapt_datetimefield_value(timezone.now() - GOOD_FOR)
    with connection.cursor() as cursor:
        _RECALL.run(cursor, [caller.user_id, sweep, size, page, since])
        row = cursor.fetchone()
    return row[0] if row else None


def remember(caller: Caller, sweep: str, size: int, page: int, after: str) -> None:
    """Keep the key after which the page begins."""
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    with connection.cursor() as cursor:
        _REMEMBER.run(cursor, [caller.user_id, sweep, size, page, after, now])


def purge_marks() -> int:
    """Delete the marks of sweeps long over; returns how many."""
    return PageMark.objects.filter(at__lt=timezone.now() - KEPT_FOR).delete()[0]
