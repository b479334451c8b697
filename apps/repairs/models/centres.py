"""Where repairs happen, and who works there."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.models import Record


class RepairCentre(Record):
    """One workshop of an entity where units are repaired."""

    repair_centre_id = models.BigAutoField(_("repair centre ID"), primary_key=True)
    name = models.CharField(_("name"), max_length=255, unique=True)
    entity = models.OneToOneField(
        "entities.Entity",
        on_delete=models.PROTECT,
        related_name="repair_centre",
        verbose_name=_("entity"),
    )

    class Meta:
        db_table = "repair_centre"
        verbose_name = _("repair centre")
        verbose_name_plural = _("repair centres")

    def __str__(self) -> str:
        return self.name


class UserRepairCentreLink(Record):
    """The repair centre where one user works; users are named by their e-mail address."""

    user_repair_centre_link_id = models.BigAutoField(_("link ID"), primary_key=True)
    username = models.CharField(_("username"), max_length=255, unique=True)
    repair_centre = models.OneToOneField(
        "repairs.RepairCentre",
        on_delete=models.PROTECT,
        related_name="user_repair_centre_link",
        verbose_name=_("repair centre"),
    )

    class Meta:
        db_table = "user_repair_centre_link"
        verbose_name = _("user of a repair centre")
        verbose_name_plural = _("users of repair centres")

    def __str__(self) -> str:
        return self.username
