"""The Celery application: `celery -A smartsolar worker --beat`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smartsolar.settings")

app = Celery("smartsolar")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
