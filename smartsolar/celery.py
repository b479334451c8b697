"""The Celery application: `celery -A smartsolar worker --beat`.

What runs by the clock is declared beside the task: a module `tasks` may hold `SCHEDULE`, a mapping
of task name to seconds or a Celery schedule. Beat copies it into the database, where operators may
change it in the admin.
"""

import os
import warnings
from datetime import timedelta
from importlib import import_module
from typing import Any

from celery import Celery
from celery.platforms import SecurityWarning
from celery.schedules import BaseSchedule
from kombu.transport import TRANSPORT_ALIASES

from smartsolar.rabbitmq import answering_within

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smartsolar.settings")

TRANSPORT_ALIASES |= {
    "filesystem": "smartsolar.broker:Transport",
    "amqp": "smartsolar.rabbitmq:Transport",
    "amqps": "smartsolar.rabbitmq:SecureTransport",
}

# Celery warns root of messages that carry code; JSON, the one format accepted, carries none.
warnings.filterwarnings("ignore", category=SecurityWarning, message=".*superuser privileges")

# A broker that holds a connection open and says nothing must not hold whoever asks for a task.
CONFIRMED_WITHIN = 5.0  # seconds


class PromptCelery(Celery):
    """Asking for a task fails, rather than waits, where the broker does not answer in time.

    What must happen is a row first, and found by a sweep; kombu's OperationalError is raised.
    """

    def send_task(self, *args: Any, **options: Any) -> Any:
        with answering_within(CONFIRMED_WITHIN):
            return super().send_task(*args, **options)


app = PromptCelery("smartsolar")
app.config_from_object("django.conf:settings", namespace="CELERY")
# Where all connections are held by requests that wait already, no further one waits longer.
app.conf.broker_pool_acquire_timeout = CONFIRMED_WITHIN
app.autodiscover_tasks()


@app.on_after_finalize.connect
def collect_schedules(sender: Celery, **_kwargs: Any) -> None:
    """Add every app's `tasks.SCHEDULE` to beat's."""
    from django.apps import apps
    from django.utils.module_loading import module_has_submodule

    for config in apps.get_app_configs():
        if not (config.name.startswith("apps.") and module_has_submodule(config.module, "tasks")):
            continue
        schedule = getattr(import_module(f"{config.name}.tasks"), "SCHEDULE", {})
        for task, every in schedule.items():
            sender.conf.beat_schedule[task] = _entry(task, every)


def _entry(task: str, every: float | timedelta | BaseSchedule) -> dict[str, Any]:
    entry: dict[str, Any] = {"task": task, "schedule": every}
    if isinstance(every, int | float):
        # A run that found no worker in time is not worth making up for: the next one is due.
        entry["options"] = {"expires": max(every, 1)}
    return entry
