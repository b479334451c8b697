"""Channels, and who is told of what happens on them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.models import Record


class Channel(Record):
    """One subject that other programs can be told about, e.g. device credit."""

    name = models.CharField(_("name"), max_length=255, primary_key=True)

    class Meta:
        db_table = "channel"
        verbose_name = _("channel")
        verbose_name_plural = _("channels")

    def __str__(self) -> str:
        return self.name


class Subscriber(Record):
    """One address that receives the events of one channel, signed with the subscriber's key.

    With an entity it hears only of that entity's units.
    """

    subscriber_id = models.BigAutoField(_("subscriber ID"), primary_key=True)
    url = models.CharField(_("URL"), max_length=255)
    channel = models.ForeignKey(
        "notifications.Channel",
        on_delete=models.PROTECT,
        db_column="channel_name",
        related_name="subscribers",
        verbose_name=_("channel"),
    )
    entity = models.ForeignKey(
        "entities.Entity",
        on_delete=models.PROTECT,
        related_name="subscribers",
        null=True,
        blank=True,
        verbose_name=_("entity"),
    )
    key = models.CharField(_("key"), max_length=24)

    class Meta:
        db_table = "subscriber"
        verbose_name = _("subscriber")
        verbose_name_plural = _("subscribers")

    def __str__(self) -> str:
        return f"{self.url} ({self.channel_id})"
