"""Reads over the tables of units."""

from __future__ import annotations

from dataclasses import dataclass

from apps.products.models import (
    EnableState,
    ParameterStatus,
    Product,
    ProductParameter,
    ProductSoftwareLinker,
)

# The stage of life (state_type.name) from which no unit returns.
TERMINATED = "TERMINATED"


@dataclass(frozen=True, slots=True)
class SoftwareUpdate:
    """An update that waits for a unit: `pending_id` is its row of product_software_linker."""

    pending_id: int
    name: str
    link: str | None
    checksum: str | None


def life_stage(product_imei: str) -> str | None:
    """The name of the stage a unit is in, e.g. "ACTIVATED"; None where none was recorded."""
    return (
        Product.objects.filter(pk=product_imei)
        .values_list("latest_state__current_state_type__name", flat=True)
        .first()
    )


def stage_of(unit: Product) -> int | None:
    """The stage of life (state_type_id) of a unit whose latest state was read with it."""
    return unit.latest_state.current_state_type_id if unit.latest_state is not None else None


def is_terminated(unit: Product) -> bool:
    """Whether a unit whose latest state was read with it has left the system for good."""
    return unit.latest_state is not None and unit.latest_state.current_state_type.name == TERMINATED


def went_off_by_itself(unit: Product) -> bool:
    """Whether a unit that is to be on said it is off, and nobody had asked for that.

    Its latest row of enable_history was read with it.
    """
    latest = unit.latest_enable_history
    reported = latest is not None and latest.current_enable_state == EnableState.DISABLED
    return reported and unit.desired_enable_flag and not unit.current_enable_flag


def pending_software(product_imei: str) -> SoftwareUpdate | None:
    """The update a unit is to load, the newest if there are several."""
    row = (
        ProductSoftwareLinker.objects.filter(
            product_id=product_imei, date_added__isnull=True, date_removed__isnull=True
        )
        .order_by("-product_software_linker_id")
        .values_list(
            "product_software_linker_id",
            "software_version_type__name",
            "software_version_type__link",
            "software_version_type__checksum",
        )
        .first()
    )
    return SoftwareUpdate(*row) if row else None


def pending_parameters(product_imei: str) -> dict[str, str]:
    """The values a unit is to take, by the name of their type.

    Of several values of one type the newest counts; where a type may be set several times, the
    oldest, so that each is confirmed in its turn.
    """
    rows = (
        ProductParameter.objects.filter(product_id=product_imei, status=ParameterStatus.PENDING)
        .order_by("product_parameter_id")
        .values_list("parameter_type__name", "value", "parameter_type__repeatable")
    )
    found: dict[str, str] = {}
    for name, value, repeatable in rows:
        if not (repeatable and name in found):
            found[name] = value
    return found
