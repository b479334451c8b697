"""Each command: what it does, whom it skips and why, and who may give it.

What the preview expects of a unit is held against what then comes of it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from apps.connectivity.models import SmsHistory
from apps.core.catalogue import reset_sequences
from apps.entities.models import Entity, ProductEntityLinker
from apps.entities.services import owners
from apps.fleet.commands import COMMANDS
from apps.fleet.models import CommandName, FleetCommand, FleetCommandUnit
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
    StateTypeFactory,
)
from tests.personas import Api

pytestmark = pytest.mark.django_db

STAFF = "staff@example.com"
PATH = "/v1/fleet_commands"
STAGES = (
    "NON_EXISTANT", "STORED", "SHIPPED", "ACTIVATING", "ACTIVATED", "MONITORED", "UNMONITORED",
    "IN_REPAIR_SYSTEM", "TERMINATED",
)  # fmt: skip


@pytest.fixture(autouse=True)
def stages(db: None) -> None:
    for key, name in enumerate(STAGES, start=1):
        StateTypeFactory.create(state_type_id=key, name=name)


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


@pytest.mark.parametrize(("name", "play"), PLAYS, ids=lambda value: getattr(value, "__name__", ""))
def test_what_is_expected_of_each_unit_is_what_comes_of_it(
    api: Api, work_off: Any, name: str, play: Play
) -> None:
    scene = Scene()
    parameters, shown = play(scene)
    imeis = list(scene.expected)
    body = {"command": name, "parameters": parameters, "product_imeis": imeis}
    answer = api.as_("system").post(PATH, json=body)
    assert answer.status_code == 201, answer.content
    number = answer.json()["data"]["fleet_command"]["fleet_command_id"]
    units = FleetCommandUnit.objects.filter(fleet_command=number)
    assert dict(units.values_list("product_id", "expected_reason")) == scene.expected

    assert api.as_("system").put(f"{PATH}/{number}/confirm").status_code == 200
    assert work_off(number).status == "finished"
    came = {
        unit.product_id: unit.reason if unit.outcome == "skipped" else unit.outcome
        for unit in units.all()
    }
    assert came == {imei: reason or "done" for imei, reason in scene.expected.items()}
    for imei, reason in scene.expected.items():
        if reason is None:
            assert shown(Product.objects.get(pk=imei)), imei


def test_every_command_is_played() -> None:
    assert {name for name, _play in PLAYS} == set(COMMANDS) == set(CommandName.values)


LEVELS = {
    "technician": {"enable", "disable", "enable_tamper", "disable_tamper"},
    "admin": {"change_state", "assign_entity", "change_entity", "remove_entity", "send_wakeup"},
    "factory": set[str](),
    "system": {
        "update_software",
        "lock_software",
        "unlock_software",
        "expire_software_updates",
        "set_parameter",
    },
}


@pytest.mark.parametrize("name", CommandName.values)
def test_a_command_asks_for_the_level_of_the_action_on_one_unit(api: Api, name: str) -> None:
    ProductFactory.create()
    allowed = False
    for persona, names in LEVELS.items():
        allowed = allowed or name in names
        answer = api.as_(persona).post(PATH, json={"command": name, "q": {}})
        assert (answer.status_code != 403) == allowed, persona
    api.as_("overview")
    assert api.as_("overview").post(PATH, json={"command": name, "q": {}}).status_code == 403


@pytest.mark.parametrize(
    ("command", "parameters", "named"),
    [
        ("change_state", {}, "new_state"),
        ("change_state", {"new_state": 77}, "new_state"),
        ("change_state", {"new_state": "5"}, "new_state"),
        ("update_software", {"software": "no such"}, "software"),
        ("update_software", {"software": 10**30}, "software"),
        ("lock_software", {}, "software"),
        ("set_parameter", {"value": 1}, "name"),
        ("set_parameter", {"name": "no such", "value": 1}, "name"),
        ("set_parameter", {"parameter_type_id": 99999, "value": 1}, "parameter_type_id"),
        ("assign_entity", {"entity_id": 99999}, "entity_id"),
        ("change_entity", {"old_entity_id": 99999, "new_entity_id": 99998}, "new_entity_id"),
        ("send_wakeup", {"text": "hello"}, "text"),
    ],
)
def test_wrong_parameters_are_named(
    api: Api, command: str, parameters: dict[str, Any], named: str
) -> None:
    ProductFactory.create()
    body = {"command": command, "parameters": parameters, "q": {}}
    answer = api.as_("system").post(PATH, json=body)
    assert answer.status_code == 400, answer.content
    assert named in answer.json()["validation_errors"]
    assert not FleetCommand.objects.exists()


def test_a_bad_version_and_a_value_that_the_type_does_not_take_are_refused(api: Api) -> None:
    ProductFactory.create()
    bad = SoftwareVersionTypeFactory.create(status="bad")
    kind = parameter()
    for body, named in (
        ({"command": "update_software", "parameters": {"software": bad.pk}}, "software"),
        ({"command": "set_parameter", "parameters": {"name": kind.name, "value": "x"}}, "value"),
    ):
        answer = api.as_("system").post(PATH, json={**body, "q": {}})
        assert answer.status_code == 400
        assert named in answer.json()["validation_errors"]


def test_an_entity_that_one_may_not_know_of_is_refused_as_if_it_were_not_there(
    api: Api, entity: Any, other_entity: Any
) -> None:
    ProductEntityLinkerFactory.create(entity=entity)
    answers = set()
    for key in (other_entity.pk, 99_999):
        body = {"command": "assign_entity", "parameters": {"entity_id": key}, "q": {}}
        answers.add(api.as_("insider").post(PATH, json=body).content)
    assert len(answers) == 1
    assert not FleetCommand.objects.exists()


def test_messages_are_counted_and_their_cost_is_told(api: Api, settings: Any) -> None:
    scene = Scene()
    send_wakeup(scene)
    for command in ("send_wakeup", "enable"):
        body = {"command": command, "q": {}}
        preview = api.as_("admin").post(PATH, json=body).json()["data"]["preview"]
        assert preview["sms"] == 1
        assert preview["sms_cost"] == float(settings.SMS_COST)
        assert preview["sms_currency"] == settings.SMS_CURRENCY


def test_a_second_wake_up_is_not_paid_for_while_the_first_is_on_its_way(
    api: Api, work_off: Any
) -> None:
    scene = Scene()
    send_wakeup(scene)
    reasons = []
    for _time in range(2):
        body = {"command": "send_wakeup", "q": {}, "confirm": True}
        data = api.as_("admin").post(PATH, json=body).json()["data"]
        number = data["fleet_command"]["fleet_command_id"]
        work_off(number)
        rows = FleetCommandUnit.objects.filter(fleet_command=number).order_by("product_id")
        reasons.append(list(rows.values_list("outcome", "reason")))
    assert reasons[0][0] == ("done", None)
    assert reasons[1][0] == ("skipped", "already")
    assert SmsHistory.objects.count() == 1
