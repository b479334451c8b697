"""Connections: each time a unit reported to us, and where it was."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.models import Record


class Connection(Record):
    """One report of one unit over the mobile network, with the cells it saw and the place found.

    Cell 1 is the cell that served; `mcc` and `mnc` are its network. `location_failed_flag` is set
    when there was nothing that led to a place. A connection that has neither a place nor the flag
    waits for its cells to be looked up. `error_radius` is in metres; a position by GPS has none,
    for units do not say how good it is.
    """

    connection_id = models.BigAutoField(_("connection ID"), primary_key=True)
    product = models.ForeignKey(
        "products.Product",
        on_delete=models.PROTECT,
        db_column="product_imei",
        related_name="connections",
        db_index=False,  # the composite index begins with it
        null=True,
        blank=True,
        verbose_name=_("product"),
    )
    date = models.DateTimeField(_("date"))
    location_failed_flag = models.BooleanField(_("location failed"), default=False)
    mcc = models.IntegerField(_("MCC"), null=True, blank=True)
    mnc = models.IntegerField(_("MNC"), null=True, blank=True)
    cell_1_lac = models.IntegerField(_("cell 1 LAC"), null=True, blank=True)
    cell_1_cid = models.IntegerField(_("cell 1 cell ID"), null=True, blank=True)
    cell_1_signal = models.IntegerField(_("cell 1 signal"), null=True, blank=True)
    cell_1_mcc = models.IntegerField(_("cell 1 MCC"), null=True, blank=True)
    cell_1_mnc = models.IntegerField(_("cell 1 MNC"), null=True, blank=True)
    cell_2_lac = models.IntegerField(_("cell 2 LAC"), null=True, blank=True)
    cell_2_cid = models.IntegerField(_("cell 2 cell ID"), null=True, blank=True)
    cell_2_signal = models.IntegerField(_("cell 2 signal"), null=True, blank=True)
    cell_2_mcc = models.IntegerField(_("cell 2 MCC"), null=True, blank=True)
    cell_2_mnc = models.IntegerField(_("cell 2 MNC"), null=True, blank=True)
    cell_3_lac = models.IntegerField(_("cell 3 LAC"), null=True, blank=True)
    cell_3_cid = models.IntegerField(_("cell 3 cell ID"), null=True, blank=True)
    cell_3_signal = models.IntegerField(_("cell 3 signal"), null=True, blank=True)
    cell_3_mcc = models.IntegerField(_("cell 3 MCC"), null=True, blank=True)
    cell_3_mnc = models.IntegerField(_("cell 3 MNC"), null=True, blank=True)
    cell_4_lac = models.IntegerField(_("cell 4 LAC"), null=True, blank=True)
    cell_4_cid = models.IntegerField(_("cell 4 cell ID"), null=True, blank=True)
    cell_4_signal = models.IntegerField(_("cell 4 signal"), null=True, blank=True)
    cell_4_mcc = models.IntegerField(_("cell 4 MCC"), null=True, blank=True)
    cell_4_mnc = models.IntegerField(_("cell 4 MNC"), null=True, blank=True)
    cell_5_lac = models.IntegerField(_("cell 5 LAC"), null=True, blank=True)
    cell_5_cid = models.IntegerField(_("cell 5 cell ID"), null=True, blank=True)
    cell_5_signal = models.IntegerField(_("cell 5 signal"), null=True, blank=True)
    cell_5_mcc = models.IntegerField(_("cell 5 MCC"), null=True, blank=True)
    cell_5_mnc = models.IntegerField(_("cell 5 MNC"), null=True, blank=True)
    cell_6_lac = models.IntegerField(_("cell 6 LAC"), null=True, blank=True)
    cell_6_cid = models.IntegerField(_("cell 6 cell ID"), null=True, blank=True)
    cell_6_signal = models.IntegerField(_("cell 6 signal"), null=True, blank=True)
    cell_6_mcc = models.IntegerField(_("cell 6 MCC"), null=True, blank=True)
    cell_6_mnc = models.IntegerField(_("cell 6 MNC"), null=True, blank=True)
    cell_7_lac = models.IntegerField(_("cell 7 LAC"), null=True, blank=True)
    cell_7_cid = models.IntegerField(_("cell 7 cell ID"), null=True, blank=True)
    cell_7_signal = models.IntegerField(_("cell 7 signal"), null=True, blank=True)
    cell_7_mcc = models.IntegerField(_("cell 7 MCC"), null=True, blank=True)
    cell_7_mnc = models.IntegerField(_("cell 7 MNC"), null=True, blank=True)
    frequency = models.IntegerField(_("frequency"), null=True, blank=True)
    timing_advance = models.IntegerField(_("timing advance"), null=True, blank=True)
    latitude = models.CharField(_("latitude"), max_length=12, null=True, blank=True)
    longitude = models.CharField(_("longitude"), max_length=12, null=True, blank=True)
    error_radius = models.IntegerField(_("error radius"), null=True, blank=True)
    address = models.CharField(_("address"), max_length=255, null=True, blank=True)
    country_code = models.IntegerField(_("country code"), null=True, blank=True)

    class Meta:
        db_table = "connection"
        verbose_name = _("connection")
        verbose_name_plural = _("connections")
        indexes = [
            models.Index(fields=["product", "-date"], name="connection_product_date"),
            models.Index(
                fields=["connection_id"],
                condition=models.Q(latitude__isnull=True, location_failed_flag=False),
                name="connection_to_locate",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} {self.date:%Y-%m-%d %H:%M}"
