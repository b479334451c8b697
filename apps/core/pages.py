"""Where the tables that belong to no domain stand in the menu."""

from django.conf import settings

from apps.core.menu import SYSTEM, place

place(
    SYSTEM,
    settings.AUTH_USER_MODEL,
    "django_celery_beat.PeriodicTask",
    "django_celery_beat.IntervalSchedule",
    "django_celery_beat.CrontabSchedule",
    "auditlog.LogEntry",
    "axes.AccessAttempt",
)
