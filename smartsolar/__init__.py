"""The project: settings, URLs and processes. Nothing here knows the domain."""

from smartsolar.celery import app as celery_app

__all__ = ["celery_app"]
