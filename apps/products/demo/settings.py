"""The software and the parameters of a made-up unit, with what they were before."""

from __future__ import annotations

import datetime as dt
import zlib
from collections import defaultdict
from random import Random
from typing import Any

from apps.core.demo import Fleet, Unit
from apps.entities.demo import Ownership
from apps.products.demo.life import NOT_SOLD, Life, between
from apps.products.demo.switches import UNIT
from apps.products.models import (
    LatestSoftware,
    ParameterStatus,
    ProductParameter,
    ProductSoftwareLinker,
    ProductTypeSoftwareVersionTypeLinker,
    SoftwareStatus,
    SoftwareVersionType,
)

FACTORY = "factory@demo.example"

# Parameter types, and what is set on new units: energy (Wh) or charge (Ah) by product type.
ENERGY_LIMIT, ENERGY_LIMIT_CAP, ACCESSORY_ENERGY, PANEL_WATTAGE, SAMPLING_PERIOD = 3, 4, 5, 6, 7
CAPACITY_LIMIT = 52
_ENERGY = {4: 460.8, 6: 55.4, 7: 460.8, 8: 184.3, 9: 460.8, 10: 55.4}
_CHARGE = {1: (5, 7, 17), 2: (5, 7, 17), 3: (17, 30, 40)}
_PANELS = {4: (200, 300, 400), 7: (200, 300), 9: (100, 150, 200)}


class Software:
    """The versions each product type went through, oldest first."""

    def __init__(self) -> None:
        self.versions: dict[int, list[int]] = defaultdict(list)
        self.odd: dict[int, list[int]] = defaultdict(list)
        self.latest: dict[int, int] = dict(
            LatestSoftware.objects.filter(date_removed__isnull=True).values_list(
                "product_type", "software_version_type"
            )
        )
        allowed = ProductTypeSoftwareVersionTypeLinker.objects.order_by(
            "software_version_type__release_date", "software_version_type"
        ).values_list("product_type", "software_version_type", "software_version_type__status")
        for product_type, version, status in allowed:
            sound = status in (SoftwareStatus.STABLE, SoftwareStatus.OUTDATED)
            (self.versions if sound else self.odd)[product_type].append(version)

        _publish_images()

    def write(self, fleet: Fleet, unit: Unit, rng: Random) -> None:
        """One version after another; exactly one without an end, and here and there a wish."""
        life = unit.get(Life)
        path = self._path(rng, life)
        since = [unit.made]
        if len(path) > 1:
            assert life.activated
            since += sorted(between(rng, life.activated, life.heard) for _step in path[1:])
        for version, start, end in zip(path, since, [*since[1:], None], strict=True):
            fleet.add(
                ProductSoftwareLinker,
                at=start,
                by=FACTORY if start == unit.made else UNIT,
                product_imei=unit.key,
                software_version_type_id=version,
                date_added=start,
                date_removed=end,
                update_attempts=0 if start == unit.made else rng.choice((1, 1, 1, 2, 3)),
                modified_at=end,
                modified_by=UNIT if end else None,
            )
        if rng.random() < 0.01:
            life.row["software_lock"] = path[-1]
        latest = self.latest[life.model.product_type_id]
        if path[-1] != latest and life.stage not in NOT_SOLD and rng.random() < 0.15:
            self._wish(fleet, unit, rng, latest)

    def _path(self, rng: Random, life: Life) -> list[int]:
        known = self.versions[life.model.product_type_id]
        last = known[-1] if rng.random() < 0.72 else rng.choice(known)
        odd = self.odd[life.model.product_type_id]
        if odd and rng.random() < 0.02:
            last = rng.choice(odd)
        if life.stage in NOT_SOLD or life.activated is None:
            return [last]
        earlier = known[: known.index(last)] if last in known else known
        count = min(len(earlier), rng.choices((0, 1, 2, 3), (40, 35, 18, 7))[0])
        return [*sorted(rng.sample(earlier, count), key=known.index), last]

    def _wish(self, fleet: Fleet, unit: Unit, rng: Random, version: int) -> None:
        asked = between(rng, unit.get(Life).heard, fleet.until)
        fleet.add(
            ProductSoftwareLinker,
            at=asked,
            by=unit.get(Ownership).staff("admin"),
            product_imei=unit.key,
            software_version_type_id=version,
            date_added=None,
            update_attempts=rng.choice((0, 0, 1, 2, 5)),
        )


def _publish_images() -> None:
    """Give each version that has none a link and a checksum, as whoever uploads its image does."""
    for version in SoftwareVersionType.objects.filter(link__isnull=True):
        version.link = f"https://software.demo.example/{version.name}.bin"
        version.checksum = f"{zlib.crc32(version.name.encode()):08x}"
        version.save(update_fields=["link", "checksum"])


def write_parameters(fleet: Fleet, unit: Unit, rng: Random) -> None:
    """What is set on the unit, what was, and what it has not taken up yet."""
    life = unit.get(Life)
    start = life.activated or unit.made
    product_type = life.model.product_type_id
    staff = unit.get(Ownership).staff("technician")
    if product_type in _CHARGE:
        limit = rng.choice(_CHARGE[product_type])
        life.row["capacity_limit"] = str(limit)
        _set(fleet, unit, CAPACITY_LIMIT, str(limit), at=start, by=FACTORY)
        return
    energy = _ENERGY[product_type]
    if rng.random() < 0.25 and life.activated:
        changed = between(rng, life.activated, life.heard, 0.2, 0.9)
        _set(fleet, unit, ENERGY_LIMIT, f"{energy}", at=start, by=FACTORY, end=changed)
        energy = round(energy * rng.choice((0.5, 0.6, 0.75, 0.9)), 1)
        _set(fleet, unit, ENERGY_LIMIT, f"{energy}", at=changed, by=staff)
    else:
        _set(fleet, unit, ENERGY_LIMIT, f"{energy}", at=start, by=FACTORY)
    if life.activated and rng.random() < 0.03:
        asked = between(rng, life.heard, fleet.until)
        _wish(fleet, unit, ENERGY_LIMIT, f"{round(energy * 0.8, 1)}", at=asked, by=staff)
    if rng.random() < 0.1:
        cap = round(_ENERGY[product_type] * 0.9, 1)
        _set(fleet, unit, ENERGY_LIMIT_CAP, f"{cap}", at=start, by=FACTORY)
    if product_type in (6, 8, 10) and rng.random() < 0.3:
        used = round(energy * rng.uniform(0.4, 0.9), 1)
        _set(fleet, unit, ACCESSORY_ENERGY, f"{used}", at=start, by="erp@demo.example")
    if product_type in _PANELS:
        _set(fleet, unit, PANEL_WATTAGE, str(rng.choice(_PANELS[product_type])), at=start, by=staff)
    if rng.random() < 0.15:
        _set(fleet, unit, SAMPLING_PERIOD, str(rng.choice((60, 120, 300))), at=start, by=staff)


def _set(
    fleet: Fleet,
    unit: Unit,
    parameter_type_id: int,
    value: str,
    *,
    at: dt.datetime,
    by: str,
    end: dt.datetime | None = None,
) -> None:
    status = ParameterStatus.REMOVED if end else ParameterStatus.ACTIVE
    _row(fleet, unit, parameter_type_id, value, at, by, status, date_added=at, date_removed=end)


def _wish(
    fleet: Fleet, unit: Unit, parameter_type_id: int, value: str, *, at: dt.datetime, by: str
) -> None:
    _row(fleet, unit, parameter_type_id, value, at, by, ParameterStatus.PENDING, date_added=None)


def _row(
    fleet: Fleet,
    unit: Unit,
    parameter_type_id: int,
    value: str,
    at: dt.datetime,
    by: str,
    status: str,
    **dates: Any,
) -> None:
    fleet.add(
        ProductParameter,
        at=at,
        by=by,
        product_imei=unit.key,
        parameter_type_id=parameter_type_id,
        value=value,
        status=str(status),
        **dates,
    )
