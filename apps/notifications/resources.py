"""Channels and subscribers, as served."""

from apps.core.levels import READ_ONLY, TYPE_TABLE
from apps.core.resources import Resource, register
from apps.core.scope import PUBLIC, via_entity
from apps.notifications import models

register(
    Resource(
        model=models.Channel,
        path="channels",
        levels=TYPE_TABLE,
        scope=PUBLIC,
        listed=("name", "created_at", "created_by"),
        search=("name",),
        importable=True,
    ),
    Resource(
        model=models.Subscriber,
        path="subscribers",
        levels=READ_ONLY,
        scope=via_entity(),
        # Shown once, to whoever subscribes: it signs what they receive.
        secret=("key",),
        listed=("url", "channel", "entity", "created_by", "created_at"),
        search=("url", "entity__name"),
        filters=("channel", "entity"),
    ),
)
