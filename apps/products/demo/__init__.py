"""The made-up units themselves, with the histories of their states, switches and settings."""

from __future__ import annotations

from random import Random
from typing import Any

from apps.core.demo import Fleet, Maker, Unit
from apps.entities.demo import ERP, Ownership
from apps.products.demo import life as lives
from apps.products.demo.identity import identify
from apps.products.demo.life import Life, between
from apps.products.demo.remarks import Groups, write_notes
from apps.products.demo.settings import FACTORY, Software, write_parameters
from apps.products.demo.switches import Chain, switch_on_and_off
from apps.products.models import (
    EnableHistory,
    Product,
    ProductMigrationHistory,
    State,
    TamperEnableHistory,
)

_NON_EXISTANT = 1
_ASSEMBLERS = ("Assembly House 1", "Assembly House 2", "Sunworth")


class ProductMaker(Maker):
    """Plans the life of each unit and writes its row with all its histories."""

    def exists(self) -> bool:
        return Product.objects.exists()

    def setup(self, fleet: Fleet) -> None:
        self.software = Software()
        self.groups = Groups()

    def plan(self, fleet: Fleet, unit: Unit) -> None:
        rng = fleet.rng("life", unit.number)
        model = lives.draw_model(rng)
        identity = identify(
            rng, number=unit.number, product_type_id=model.product_type_id, old=model.old
        )
        steps = lives.live(rng, model, fleet.until)
        life = Life(
            model=model,
            identity=identity,
            steps=steps,
            heard=lives.last_heard(rng, steps, fleet.until),
            dcm=rng.random() < model.dcm,
            rtc=rng.random() < model.rtc and identity.sim.rtc_network is not None,
            is_payg=rng.random() > 0.08,
        )
        unit.key = identity.imei
        unit.made = steps[0][0]
        when = {stage: at for at, stage in reversed(steps)}
        unit.shipped = when.get(lives.SHIPPED)
        unit.sold = when.get(lives.ACTIVATING) or life.activated
        unit.ended = when.get(lives.TERMINATED)
        unit.put(life)

    def write(self, fleet: Fleet, unit: Unit) -> None:
        rng = fleet.rng("product", unit.number)
        life = unit.get(Life)
        life.row = fleet.add(Product, at=unit.made, by=FACTORY, **_columns(rng, fleet, unit))
        _write_states(fleet, unit)
        if life.activated:
            _write_enabling(rng, fleet, unit)
            _write_tamper(rng, fleet, unit)
        self.software.write(fleet, unit, rng)
        write_parameters(fleet, unit, rng)
        write_notes(fleet, unit, rng)
        self.groups.write(fleet, unit, rng)
        if life.model.product_type_id == 1:
            _write_migration(rng, fleet, unit)


def _columns(rng: Random, fleet: Fleet, unit: Unit) -> dict[str, Any]:
    """The columns of the unit's row that no history decides."""
    life, owner = unit.get(Life), unit.get(Ownership)
    identity = life.identity
    placed = bool(unit.sold) and (life.model.old or rng.random() < 0.3)
    located = bool(life.activated) and not life.model.old and rng.random() < 0.3
    analysed = life.stage == lives.MONITORED
    changed = max(life.steps[-1][0], life.heard)
    return {
        "product_imei": identity.imei,
        "serial_number": life.serial,
        "product_type_id": life.model.product_type_id,
        "imsi": identity.imsi,
        "iccid": identity.iccid,
        "device_key": identity.device_key,
        "hub_id": owner.hub_id if placed else None,
        "shop_id": owner.shop_id if placed else None,
        "is_payg": life.is_payg,
        "dcm_enabled_flag": life.dcm,
        "rtc_enabled_flag": life.rtc,
        "rtc_network_name": identity.sim.rtc_network if life.rtc else None,
        "assembler": rng.choice(_ASSEMBLERS),
        "warranty_start_date": unit.sold.date() if unit.sold else None,
        "gps_lat": round(owner.latitude, 6) if located else None,
        "gps_lon": round(owner.longitude, 6) if located else None,
        "analysis_timestamp": between(rng, life.heard, fleet.until) if analysed else None,
        "modified_at": changed,
        "modified_by": "unit" if changed == life.heard else ERP,
        # Set by what follows, and by the makers of other apps.
        "current_enable_flag": False,
        "desired_enable_flag": False,
        "current_tamper_flag": False,
        "desired_tamper_flag": False,
    }


def _write_states(fleet: Fleet, unit: Unit) -> None:
    life = unit.get(Life)
    owner = unit.get(Ownership)
    by = {
        lives.STORED: FACTORY,
        lives.SHIPPED: FACTORY,
        lives.MONITORED: "system",
        lives.IN_REPAIR: owner.staff("technician"),
        lives.TERMINATED: owner.staff("admin"),
    }
    before = _NON_EXISTANT
    for at, stage in life.steps:
        row = fleet.add(
            State,
            at=at,
            by=by.get(stage, ERP),
            product_imei=unit.key,
            prev_state_type=before,
            current_state_type=stage,
        )
        before = stage
    life.row["latest_state_id"] = row["state_id"]


def _write_enabling(rng: Random, fleet: Fleet, unit: Unit) -> None:
    life = unit.get(Life)
    assert life.activated
    chain = Chain()
    months = (life.heard - life.activated).days / 30
    # Who has paid it off, or pays into the unit itself, is not switched off for want of payment.
    pays_here = life.is_payg and not life.dcm
    times = min(6, int(months / 2 * rng.random())) if pays_here else 0
    ended = life.stage == lives.TERMINATED
    ends_off = ended or (pays_here and rng.random() < 0.12)
    switch_on_and_off(
        rng,
        chain,
        start=life.activated,
        heard=life.heard,
        until=fleet.until,
        by=ERP if pays_here else unit.get(Ownership).staff("admin"),
        times=max(times, 1) if ends_off else times,
        ends_off=ends_off,
        pending=not ended and life.is_payg and rng.random() < 0.05,
    )
    for change in chain.changes:
        row = fleet.add(
            EnableHistory,
            at=change.at,
            by=change.by,
            product_imei=unit.key,
            prev_enable_state=str(change.before),
            current_enable_state=str(change.after),
            user=change.by,
            date=change.at,
        )
        life.enable_rows.append(row)
    life.row |= {
        "latest_enable_history_id": row["enable_history_id"],
        "current_enable_flag": chain.current,
        "desired_enable_flag": chain.desired,
        "disable_date": chain.switched_off_at,
    }


def _write_tamper(rng: Random, fleet: Fleet, unit: Unit) -> None:
    """On once installed; off and on again for the road, e.g. to a repair centre."""
    life = unit.get(Life)
    assert life.activated
    chain = Chain()
    off_at_end = life.stage == lives.IN_REPAIR or rng.random() < 0.06
    switch_on_and_off(
        rng,
        chain,
        start=life.activated,
        heard=life.heard,
        until=fleet.until,
        by=unit.get(Ownership).staff("technician"),
        times=1 if off_at_end or rng.random() < 0.1 else 0,
        ends_off=off_at_end,
        pending=life.stage != lives.TERMINATED and rng.random() < 0.02,
    )
    for change in chain.changes:
        fleet.add(
            TamperEnableHistory,
            at=change.at,
            by=change.by,
            product_imei=unit.key,
            prev_tamper_enable_state=str(change.before),
            current_tamper_enable_state=str(change.after),
            user=change.by,
            date=change.at,
        )
    life.row |= {"current_tamper_flag": chain.current, "desired_tamper_flag": chain.desired}


def _write_migration(rng: Random, fleet: Fleet, unit: Unit) -> None:
    """The oldest units were kept in another system at first."""
    at = between(rng, unit.made, fleet.until, 0.3, 0.35)
    fleet.add(
        ProductMigrationHistory,
        at=at,
        by="system",
        product_imei=unit.key,
        latest_migration_timestamp=at,
        last_migrated_at=at,
    )


MAKER = ProductMaker()
