"""A scene for each command: units of every kind, what is expected of each, and what shows it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from apps.connectivity.models import SmsHistory
from apps.core.catalogue import reset_sequences
from apps.entities.models import Entity, ProductEntityLinker
from apps.entities.services import owners
from apps.products.models import (
    DataType,
    ParameterType,
    Product,
    ProductParameter,
    ProductSoftwareLinker,
    SoftwareVersionType,
    StateType,
)
from apps.products.services import switch, updates
from apps.products.services.settings import set_parameter
from tests.factories import (
    EnableHistoryFactory,
    EntityFactory,
    ParameterTypeFactory,
    ProductEntityLinkerFactory,
    ProductFactory,
    ProductSoftwareLinkerFactory,
    ProductTypeFactory,
    ProductTypeSoftwareVersionTypeLinkerFactory,
    SoftwareVersionTypeFactory,
    StateFactory,
)

STAFF = "staff@example.com"


class Scene:
    """A few units of one type, and what is needed to command them."""

    def __init__(self) -> None:
        self.type = ProductTypeFactory.create()
        self.units: dict[str, Product] = {}
        self.expected: dict[str, str | None] = {}

    def unit(self, reason: str | None, *, stage: int | None = 5, **columns: Any) -> Product:
        """A unit of which this is to be expected."""
        product = ProductFactory.create(**{"product_type": self.type, **columns})
        if stage is not None:
            kind = StateType.objects.get(pk=stage)
            product.latest_state = StateFactory.create(
                product=product, prev_state_type=kind, current_state_type=kind
            )
            product.save()
        self.expected[product.pk] = reason
        return product


# Each returns the parameters, and leaves what shows in a unit that the command was carried out.
Shown = Callable[[Product], bool]
Play = Callable[[Scene], tuple[dict[str, Any], Shown]]


def enable(scene: Scene) -> tuple[dict[str, Any], Shown]:
    scene.unit(None)
    scene.unit(None, stage=None)
    scene.unit("terminated", stage=9)
    switch.enable_product(product_imei=scene.unit("already").pk, by=STAFF)
    taken_back = scene.unit(None)
    switch.enable_product(product_imei=taken_back.pk, by=STAFF)
    switch.disable_product(product_imei=taken_back.pk, by=STAFF)
    return {}, lambda product: product.desired_enable_flag


def disable(scene: Scene) -> tuple[dict[str, Any], Shown]:
    scene.unit(None)
    scene.unit(None, stage=9)
    switch.disable_product(product_imei=scene.unit("already").pk, by=STAFF)
    # Its history says off, its wish says on: there is no step to take, but a wish to take back.
    at_odds = scene.unit(None, desired_enable_flag=True)
    EnableHistoryFactory.create(product=at_odds, current_enable_state="disabled")
    return {}, lambda product: product.disable_date is not None


def enable_tamper(scene: Scene) -> tuple[dict[str, Any], Shown]:
    scene.unit(None)
    scene.unit(None, stage=9)
    switch.enable_tamper_switch(product_imei=scene.unit("already").pk, by=STAFF)
    return {}, lambda product: product.desired_tamper_flag


def disable_tamper(scene: Scene) -> tuple[dict[str, Any], Shown]:
    scene.unit(None)
    switch.disable_tamper_switch(product_imei=scene.unit("already").pk, by=STAFF)
    return {}, lambda product: product.tamper_enable_history.exists()


def version_for(scene: Scene) -> SoftwareVersionType:
    version = SoftwareVersionTypeFactory.create()
    ProductTypeSoftwareVersionTypeLinkerFactory.create(
        product_type=scene.type, software_version_type=version
    )
    return version


def waits_for(version: SoftwareVersionType) -> Shown:
    rows = ProductSoftwareLinker.objects.filter(
        software_version_type=version, date_added=None, date_removed=None
    )
    return lambda product: rows.filter(product=product).exists()


def update_software(scene: Scene) -> tuple[dict[str, Any], Shown]:
    version, other = version_for(scene), version_for(scene)
    scene.unit(None)
    scene.unit(None, software_lock=version)
    scene.unit("locked", software_lock=other)
    scene.unit("wrong_type", product_type=ProductTypeFactory.create())
    scene.unit("terminated", stage=9)
    asked = {"software": version.pk, "by": STAFF}
    updates.update_software(product_imei=scene.unit("already").pk, **asked)
    ProductSoftwareLinkerFactory.create(
        product=scene.unit("already"), software_version_type=version, date_removed=None
    )
    overtaken = scene.unit(None)
    updates.update_software(product_imei=overtaken.pk, software=other.pk, by=STAFF)
    return {"software": version.name}, waits_for(version)


def lock_software(scene: Scene) -> tuple[dict[str, Any], Shown]:
    version, other = version_for(scene), version_for(scene)
    scene.unit(None)
    scene.unit(None, software_lock=other)
    scene.unit("wrong_type", product_type=ProductTypeFactory.create())
    scene.unit("terminated", stage=9)
    locked = scene.unit("already")
    updates.lock_software(product_imei=locked.pk, software=version.pk, by=STAFF)
    return {"software": version.pk}, lambda product: product.software_lock_id == version.pk


def unlock_software(scene: Scene) -> tuple[dict[str, Any], Shown]:
    scene.unit(None, software_lock=version_for(scene))
    scene.unit("already")
    return {}, lambda product: product.software_lock_id is None


def expire_software_updates(scene: Scene) -> tuple[dict[str, Any], Shown]:
    version = version_for(scene)
    asked = scene.unit(None)
    updates.update_software(product_imei=asked.pk, software=version.pk, by=STAFF)
    scene.unit("nothing_waits")
    waits = waits_for(version)
    return {}, lambda product: not waits(product)


def parameter(**columns: Any) -> ParameterType:
    return ParameterTypeFactory.create(
        **{"data_type": DataType.INT, "repeatable": False, "setting": True, **columns}
    )


def has_value(kind: ParameterType, text: str) -> Shown:
    rows = ProductParameter.objects.filter(parameter_type=kind, value=text)
    return lambda product: rows.filter(product=product, status__in=("pending", "active")).exists()


def set_a_parameter(scene: Scene) -> tuple[dict[str, Any], Shown]:
    kind = parameter()
    scene.unit(None)
    scene.unit("terminated", stage=9)
    strange = ProductTypeFactory.create(parameter_types=[kind.pk + 1])
    scene.unit("wrong_type", product_type=strange)
    asked = {"parameter_type": kind, "by": STAFF}
    set_parameter(product_imei=scene.unit("already").pk, value=7, **asked)
    other = scene.unit(None)
    set_parameter(product_imei=other.pk, value=8, **asked)
    return {"name": kind.name, "value": 7}, has_value(kind, "7")


def set_a_remark(scene: Scene) -> tuple[dict[str, Any], Shown]:
    """A parameter that is not sent to units, and stands beside others."""
    kind = parameter(setting=False, repeatable=True)
    scene.unit(None, stage=9)
    twice = scene.unit("already")
    for value in (7, 8):
        set_parameter(product_imei=twice.pk, parameter_type=kind, value=value, by=STAFF)
    return {"parameter_type_id": kind.pk, "value": "7"}, has_value(kind, "7")


def owned(scene: Scene, reason: str | None, *entities: Entity) -> Product:
    product = scene.unit(reason)
    for entity in entities:
        owners.assign_entity(product_imei=product.pk, entity_id=entity.pk, by=STAFF)
    return product


def has_owners(*entities: Entity) -> Shown:
    wanted = {entity.pk for entity in entities}

    def shown(product: Product) -> bool:
        rows = ProductEntityLinker.objects.filter(product=product, date_removed=None)
        return wanted <= set(rows.values_list("entity_id", flat=True))

    return shown


def nobody() -> Entity:
    """Unknown Entity, under the id that stands for having none."""
    unknown = Entity.objects.filter(pk=1).first() or EntityFactory.create(entity_id=1)
    reset_sequences(Entity)
    return unknown


def assign_entity(scene: Scene) -> tuple[dict[str, Any], Shown]:
    nobody()
    first, second = EntityFactory.create_batch(2)
    owned(scene, None)
    owned(scene, None, second)
    owned(scene, "already", first, second)
    return {"entity_id": first.pk}, has_owners(first)


def assign_nobody(scene: Scene) -> tuple[dict[str, Any], Shown]:
    unknown, first = nobody(), EntityFactory.create()
    owned(scene, None)
    owned(scene, "other_owners", first)
    ProductEntityLinkerFactory.create(product=scene.unit("already"), entity=unknown)
    return {"entity_id": 1}, has_owners(unknown)


def change_entity(scene: Scene) -> tuple[dict[str, Any], Shown]:
    nobody()
    old, new, third = EntityFactory.create_batch(3)
    owned(scene, None, old)
    owned(scene, None, old, third)
    owned(scene, None, old, new)
    owned(scene, "not_owned", third)
    owned(scene, "not_owned", new)
    moved = owned(scene, "already", old)
    owners.change_entity(
        product_imei=moved.pk, old_entity_id=old.pk, new_entity_id=new.pk, by=STAFF
    )
    return {"old_entity_id": old.pk, "new_entity_id": new.pk}, has_owners(new)


def change_to_nobody(scene: Scene) -> tuple[dict[str, Any], Shown]:
    unknown, old, third = nobody(), EntityFactory.create(), EntityFactory.create()
    owned(scene, None, old)
    owned(scene, "other_owners", old, third)
    return {"old_entity_id": old.pk, "new_entity_id": 1}, has_owners(unknown)


def change_to_the_same(scene: Scene) -> tuple[dict[str, Any], Shown]:
    nobody()
    old = EntityFactory.create()
    owned(scene, "already", old)
    owned(scene, "not_owned")
    return {"old_entity_id": old.pk, "new_entity_id": old.pk}, has_owners(old)


def remove_entity(scene: Scene) -> tuple[dict[str, Any], Shown]:
    unknown, first, second = nobody(), EntityFactory.create(), EntityFactory.create()
    owned(scene, None, first)
    owned(scene, "not_owned", second)
    return {"entity_id": first.pk}, has_owners(unknown)


def remove_nobody(scene: Scene) -> tuple[dict[str, Any], Shown]:
    unknown, first = nobody(), EntityFactory.create()
    owned(scene, "not_owned", first)
    ProductEntityLinkerFactory.create(product=scene.unit("no_owner"), entity=unknown)
    return {"entity_id": 1}, has_owners(unknown)


def change_a_state(scene: Scene) -> tuple[dict[str, Any], Shown]:
    scene.unit(None, stage=5)
    scene.unit(None, stage=7)
    scene.unit("already", stage=6)
    scene.unit("state", stage=2)
    scene.unit("state", stage=9)
    scene.unit("state", stage=None)
    return {"new_state": 6}, lambda p: p.latest_state.current_state_type_id == 6


def store(scene: Scene) -> tuple[dict[str, Any], Shown]:
    """A unit without any state stands at NON_EXISTANT."""
    scene.unit(None, stage=None)
    scene.unit("state", stage=3)
    return {"new_state": 2}, lambda p: p.latest_state.current_state_type_id == 2


def send_wakeup(scene: Scene) -> tuple[dict[str, Any], Shown]:
    version = SoftwareVersionTypeFactory.create(name="3.6a")
    for reason, stage in ((None, 5), ("not_wakeable", 9)):
        ProductSoftwareLinkerFactory.create(
            product=scene.unit(reason, stage=stage),
            software_version_type=version,
            date_removed=None,
        )
    scene.unit("not_wakeable")
    return {}, lambda product: SmsHistory.objects.filter(product=product).count() == 1


PLAYS: list[tuple[str, Play]] = [
    ("enable", enable),
    ("disable", disable),
    ("enable_tamper", enable_tamper),
    ("disable_tamper", disable_tamper),
    ("update_software", update_software),
    ("lock_software", lock_software),
    ("unlock_software", unlock_software),
    ("expire_software_updates", expire_software_updates),
    ("set_parameter", set_a_parameter),
    ("set_parameter", set_a_remark),
    ("assign_entity", assign_entity),
    ("assign_entity", assign_nobody),
    ("change_entity", change_entity),
    ("change_entity", change_to_nobody),
    ("change_entity", change_to_the_same),
    ("remove_entity", remove_entity),
    ("remove_entity", remove_nobody),
    ("change_state", change_a_state),
    ("change_state", store),
    ("send_wakeup", send_wakeup),
]
