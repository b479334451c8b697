"""Mobile networks and the SIM providers that give access to them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.models import Record


class Network(Record):
    """One mobile network that units may be on; the key is its MCC and MNC written together."""

    mccmnc = models.IntegerField(_("MCC and MNC"), primary_key=True)
    name = models.CharField(_("name"), max_length=255)
    mcc = models.IntegerField(_("MCC"), null=True, blank=True)
    mnc = models.IntegerField(_("MNC"), null=True, blank=True)

    class Meta:
        db_table = "network"
        verbose_name = _("network")
        verbose_name_plural = _("networks")

    def __str__(self) -> str:
        return f"{self.name} ({self.mccmnc})"


class SimProvider(Record):
    """One company that supplies the SIM cards in units."""

    sim_provider_id = models.BigAutoField(_("SIM provider ID"), primary_key=True)
    name = models.CharField(_("name"), max_length=255, unique=True)

    class Meta:
        db_table = "sim_provider"
        verbose_name = _("SIM provider")
        verbose_name_plural = _("SIM providers")

    def __str__(self) -> str:
        return self.name


class SimProviderNetworkLinker(Record):
    """Access to one network through the SIMs of one provider."""

    sim_provider_network_linker_id = models.BigAutoField(_("linker ID"), primary_key=True)
    sim_provider = models.ForeignKey(
        "connectivity.SimProvider",
        on_delete=models.PROTECT,
        related_name="sim_provider_network_linker",
        db_index=False,  # the unique constraint begins with it
        verbose_name=_("SIM provider"),
    )
    network = models.ForeignKey(
        "connectivity.Network",
        on_delete=models.PROTECT,
        related_name="sim_provider_network_linker",
        verbose_name=_("network"),
    )

    class Meta:
        db_table = "sim_provider_network_linker"
        verbose_name = _("network of a SIM provider")
        verbose_name_plural = _("networks of SIM providers")
        constraints = [
            models.UniqueConstraint(
                fields=["sim_provider", "network"], name="sim_provider_network_once"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.sim_provider_id} → {self.network_id}"


class SimPartTypeSimProviderLinker(Record):
    """The provider of one type of SIM card."""

    sim_part_type_sim_provider_linker_id = models.BigAutoField(_("linker ID"), primary_key=True)
    sim_part_type = models.OneToOneField(
        "parts.PartType",
        on_delete=models.PROTECT,
        related_name="sim_part_type_sim_provider_linker",
        verbose_name=_("SIM part type"),
    )
    sim_provider = models.ForeignKey(
        "connectivity.SimProvider",
        on_delete=models.PROTECT,
        related_name="sim_part_type_sim_provider_linker",
        verbose_name=_("SIM provider"),
    )

    class Meta:
        db_table = "sim_part_type_sim_provider_linker"
        verbose_name = _("provider of a SIM type")
        verbose_name_plural = _("providers of SIM types")

    def __str__(self) -> str:
        return f"#{self.sim_part_type_id} → #{self.sim_provider_id}"
