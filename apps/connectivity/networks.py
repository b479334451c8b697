"""The networks a unit could be on. Reference: "/products/<imei>/available_networks"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from apps.connectivity.models import Connection, Network
from apps.core.columns import render_time
from apps.core.errors import Invalid
from apps.core.tables import table_of
from apps.parts.categories import PartCategory
from apps.parts.models import PartProductLinker


@dataclass(frozen=True, slots=True)
class Available:
    """Networks as the API serves them, by name; none where the type of the SIM is not known."""

    sim_known: bool
    networks: list[dict[str, Any]]


def available_networks(product_imei: str, *, mcc: int | None = None) -> Available:
    """The networks of the country `mcc` that the SIM in a unit gives access to.

    Without an mcc it is the country the unit was last heard from; raises Invalid where that is not
    known.
    """
    if mcc is None:
        mcc = last_country(product_imei)
    if mcc is None:
        raise Invalid(
            {"mcc": _("Give a country: it is not known where the unit was last heard from")}
        )
    sims = set(
        PartProductLinker.objects.filter(
            product_id=product_imei,
            date_removed__isnull=True,
            part__part_type__part_type_category_id=PartCategory.SIM,
        ).values_list("part__part_type_id", flat=True)
    )
    if not sims:
        return Available(sim_known=False, networks=[])
    provider = "sim_provider_network_linker__sim_provider__sim_part_type_sim_provider_linker"
    rows = (
        Network.objects.filter(**{"mcc": mcc, f"{provider}__sim_part_type_id__in": sims})
        .distinct()
        .order_by("name", "mccmnc")
        .values(*table_of(Network).names)
    )
    return Available(sim_known=True, networks=[_served(row) for row in rows])


def last_country(product_imei: str) -> int | None:
    """The mobile country code of the last network a unit was heard over, if it was over any."""
    return (
        Connection.objects.filter(product_id=product_imei, mcc__isnull=False)
        .order_by("-date", "-connection_id")
        .values_list("mcc", flat=True)
        .first()
    )


def _served(row: dict[str, Any]) -> dict[str, Any]:
    return row | {name: render_time(row[name]) for name in ("created_at", "modified_at")}
