"""Cells: where the masts of mobile networks stand, as far as it is known."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Radio(models.IntegerChoices):
    """How a cell speaks; the same numbers may mean another cell to another radio."""

    GSM = 1, "GSM"
    CDMA = 2, "CDMA"
    UMTS = 3, "UMTS"
    LTE = 4, "LTE"
    NR = 5, "NR"


class Cell(models.Model):
    """One cell of a mobile network and about where it is, as surveyed by others.

    A table of places to look up, not a record of the reference: the API does not serve it. There
    may be tens of millions of rows, so the key is what is looked up and nothing else is kept.
    `reach` is the distance in metres within which it was heard, 0 where that is not known;
    `surveyed` is when, in Unix seconds.
    """

    pk = models.CompositePrimaryKey("mcc", "mnc", "lac", "cid", "radio")
    mcc = models.SmallIntegerField(_("MCC"))
    mnc = models.SmallIntegerField(_("MNC"))
    lac = models.IntegerField(_("LAC"))
    cid = models.BigIntegerField(_("cell ID"))
    radio = models.SmallIntegerField(_("radio"), choices=Radio.choices)
    latitude = models.FloatField(_("latitude"))
    longitude = models.FloatField(_("longitude"))
    reach = models.IntegerField(_("reach"))
    samples = models.IntegerField(_("samples"))
    surveyed = models.BigIntegerField(_("surveyed"))

    class Meta:
        db_table = "cell"
        verbose_name = _("cell")
        verbose_name_plural = _("cells")

    def __str__(self) -> str:
        return f"{self.mcc}-{self.mnc:02d} {self.lac}/{self.cid}"


class CellNetwork(models.Model):
    """How many cells of one mobile network are known, kept by the imports themselves.

    `surveyed` is when the latest survey among them was, in Unix seconds; `changed_at` when an
    import last added or replaced any, null where that was before it was noted.
    """

    mcc = models.SmallIntegerField(_("MCC"))
    mnc = models.SmallIntegerField(_("MNC"))
    cells = models.BigIntegerField(_("cells"), default=0)
    surveyed = models.BigIntegerField(_("latest survey"), default=0)
    changed_at = models.DateTimeField(_("last import"), null=True)

    class Meta:
        db_table = "cell_network"
        verbose_name = _("network with known cells")
        verbose_name_plural = _("known cells")
        constraints = [models.UniqueConstraint(fields=["mcc", "mnc"], name="cell_network_code")]

    def __str__(self) -> str:
        return f"{self.mcc}-{self.mnc:02d}"
