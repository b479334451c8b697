"""The made-up companies, their customers, and who owns which unit."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Any

from apps.core.demo import Fleet, Maker, Unit
from apps.entities.demo.places import COMPANIES, Company, Town
from apps.entities.models import (
    Customer,
    CustomerEntityLinker,
    CustomerProductHistory,
    Entity,
    EntityFacilityLinker,
    Hub,
    ProductEntityLinker,
    Shop,
)

UNKNOWN_ENTITY = 1
BY = "demo"
ERP = "erp@demo.example"
_REASONS = ("Repossessed after missed payments", "Moved away", "Changed to a larger unit")
# Degrees of latitude around a town within which its customers live; some 12 km.
_NEIGHBOURHOOD = 0.11


@dataclass(frozen=True)
class Ownership:
    """Which company a unit is made for, and where its customer lives."""

    company: Company
    entity_id: int
    town: Town
    latitude: float
    longitude: float
    hub_id: int
    shop_id: int

    def staff(self, role: str) -> str:
        """The username of somebody at the company, e.g. of its technician."""
        return f"{role}.{self.company.geic[:2].lower()}@demo.example"


@dataclass(frozen=True)
class _Place:
    """A town where a company has a hub, with the shops it supplies."""

    town: Town
    hub_id: int
    shop_ids: tuple[int, ...]


class EntityMaker(Maker):
    """Makes companies once; for each unit its owners and the customers who had it."""

    def setup(self, fleet: Fleet) -> None:
        self.entity_ids: list[int] = []
        self.places: list[list[_Place]] = []
        for company in COMPANIES:
            columns: dict[str, Any] = {
                "bboxx_company_flag": company.in_group,
                "tariff": company.tariff,
                "financier": False,
                "geic": company.geic,
            }
            entity, _is_new = Entity.objects.update_or_create(
                name=company.name,
                defaults=columns,
                create_defaults=columns | {"created_by": BY},
            )
            EntityFacilityLinker.objects.get_or_create(
                entity=entity,
                defaults={
                    "test_jig": company.in_group,
                    "test_bench": company.in_group,
                    "usb_diag_tool": True,
                    "rework_process": company.geic in ("KE01", "RW01"),
                    "created_by": BY,
                },
            )
            self.entity_ids.append(entity.pk)
            rng = fleet.rng("places", company.geic)
            self.places.append([_place(rng, entity, town) for town in company.towns])

    def plan(self, fleet: Fleet, unit: Unit) -> None:
        rng = fleet.rng("owner", unit.number)
        at = rng.choices(range(len(COMPANIES)), [company.share for company in COMPANIES])[0]
        place = rng.choice(self.places[at])
        unit.put(
            Ownership(
                company=COMPANIES[at],
                entity_id=self.entity_ids[at],
                town=place.town,
                latitude=place.town.latitude + rng.gauss(0, _NEIGHBOURHOOD),
                longitude=place.town.longitude + rng.gauss(0, _NEIGHBOURHOOD),
                hub_id=place.hub_id,
                shop_id=rng.choice(place.shop_ids),
            )
        )

    def write(self, fleet: Fleet, unit: Unit) -> None:
        rng = fleet.rng("customer", unit.number)
        self._owners(fleet, unit, rng)
        if unit.sold:
            _customers(fleet, unit, rng)

    def _owners(self, fleet: Fleet, unit: Unit, rng: Random) -> None:
        """Nobody's until it is shipped; a few were another company's before they were sold."""
        owners = [(UNKNOWN_ENTITY, unit.made)]
        entity_id = unit.get(Ownership).entity_id
        if unit.shipped:
            owners.append((entity_id, unit.shipped))
        if unit.shipped and unit.sold and rng.random() < 0.04:
            other = rng.choice([known for known in self.entity_ids if known != entity_id])
            passed_on = unit.shipped + (unit.sold - unit.shipped) / 2
            owners[1:] = [(other, unit.shipped), (entity_id, passed_on)]
        ends = [since for _entity, since in owners[1:]] + [None]
        for (owner, since), end in zip(owners, ends, strict=True):
            fleet.add(
                ProductEntityLinker,
                at=since,
                by=ERP,
                product_imei=unit.key,
                entity_id=owner,
                date_added=since,
                date_removed=end,
                modified_at=end,
                modified_by=ERP if end else None,
            )


def _place(rng: Random, entity: Entity, town: Town) -> _Place:
    where = {"latitude": f"{town.latitude:.6f}", "longitude": f"{town.longitude:.6f}"}
    hub, _is_new = Hub.objects.get_or_create(
        name=f"{town.name} Hub",
        defaults={"entity": entity, "guid": _guid(rng), "created_by": BY, **where},
    )
    shop_ids = []
    for quarter in rng.sample(("Central", "Market", "Station", "Lakeside", "North"), 2):
        shop, _is_new = Shop.objects.get_or_create(
            name=f"{town.name} {quarter} Shop",
            defaults={"hub": hub, "guid": _guid(rng), "created_by": BY, **where},
        )
        shop_ids.append(shop.pk)
    return _Place(town, hub.pk, tuple(shop_ids))


def _guid(rng: Random) -> str:
    return str(uuid.UUID(int=rng.getrandbits(128), version=4))


def _customers(fleet: Fleet, unit: Unit, rng: Random) -> None:
    """One customer, or two in turn where the unit came back and was sold again."""
    sold, end = unit.sold, unit.ended
    assert sold
    whole = (end or fleet.until) - sold
    if whole > dt.timedelta(days=200) and rng.random() < 0.13:
        returned, resold = sold + whole * 0.4, sold + whole * 0.5
        _customer(fleet, unit, rng, since=sold, until=returned, reason=rng.choice(_REASONS))
        sold = resold
    _customer(fleet, unit, rng, since=sold, until=end, reason="Unit written off" if end else None)


def _customer(
    fleet: Fleet,
    unit: Unit,
    rng: Random,
    *,
    since: dt.datetime,
    until: dt.datetime | None,
    reason: str | None,
) -> None:
    owner = unit.get(Ownership)
    number = rng.randrange(100_000, 10_000_000)
    add = partial(fleet.add, at=since, by=ERP)
    customer = add(
        Customer,
        name=f"{rng.choice(owner.company.first_names)} {rng.choice(owner.company.surnames)}",
        external_customer_id=number,
        external_customer_code=f"{owner.company.geic[:2]}-{number:07d}",
    )["customer_id"]
    time: dict[str, Any] = {
        "date_added": since,
        "date_removed": until,
        "modified_at": until,
        "modified_by": ERP if until else None,
    }
    add(CustomerEntityLinker, customer_id=customer, entity_id=owner.entity_id, **time)
    add(
        CustomerProductHistory,
        customer_id=customer,
        product_imei=unit.key,
        removal_reason=reason,
        **time,
    )


MAKER = EntityMaker()
