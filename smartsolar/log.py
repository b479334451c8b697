"""Logging: one line for each record, with the id of the request it belongs to."""

import logging
from typing import Any

from apps.core.request_ids import current_request_id

OUTSIDE = "-"


class RequestIdFilter(logging.Filter):
    """Adds `request` to each record: the current request's id in brackets, or nothing."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Never drops a record."""
        value = current_request_id.get()
        record.request = "" if value == OUTSIDE else f" [{value}]"
        return True


class OneLineFormatter(logging.Formatter):
    """Keeps a record on one line: line ends, tracebacks' included, are written as `\\n`."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as a single line."""
        return super().format(record).replace("\r", "\\r").replace("\n", "\\n")


def logging_config(*, level: str) -> dict[str, Any]:
    """Return the LOGGING setting: our own records from `level`, libraries' from WARNING."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"request_id": {"()": RequestIdFilter}},
        "formatters": {
            "line": {
                "()": OneLineFormatter,
                "format": "%(asctime)s %(levelname)s %(name)s%(request)s %(message)s",
            }
        },
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": "line",
                "filters": ["request_id"],
            }
        },
        "root": {"handlers": ["console"], "level": "WARNING"},
        "loggers": {
            "apps": {"level": level},
            "smartsolar": {"level": level},
            # Django's own handlers would print each record a second time.
            "django": {"handlers": [], "level": "WARNING", "propagate": True},
            # A client's mistake is answered to the client; only our own failures are logged.
            "django.request": {"level": "ERROR"},
            "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
        },
    }
