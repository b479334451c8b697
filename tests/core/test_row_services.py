"""Tables whose rows a service writes: the API and the admin's form obey the same rules."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.core.checks import CheckMessage
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.core import checks
from apps.core.levels import READ_ONLY
from apps.core.resources import registry
from apps.entities.models import ProductEntityLinker
from apps.parts.models import PartParameter
from apps.products.models import (
    ParameterType,
    Product,
    ProductParameter,
    ProductSoftwareLinker,
    SoftwareStatus,
)
from tests.entities.conftest import unknown_entity
from tests.factories import (
    EnableHistoryFactory,
    ParameterTypeFactory,
    PartFactory,
    ProductEntityLinkerFactory,
    ProductFactory,
    ProductParameterFactory,
    ProductSoftwareLinkerFactory,
    ProductTypeSoftwareVersionTypeLinkerFactory,
    SoftwareVersionTypeFactory,
    TamperEnableHistoryFactory,
)

__all__ = ["unknown_entity"]

pytestmark = pytest.mark.django_db

PATHS = ("product_parameters", "parameters")


@pytest.fixture
def product(db: None) -> Product:
    return ProductFactory.create()


@pytest.fixture
def kind(db: None) -> ParameterType:
    return ParameterTypeFactory.create(data_type="int", validation_rules={"min": 1})


@pytest.fixture
def client(system: User) -> Client:
    """The browser of a person of SYSTEM level."""
    client = Client()
    client.force_login(system)
    return client


def body(product: Product, kind: ParameterType, value: Any) -> dict[str, Any]:
    return {"product_imei": product.pk, "parameter_type_id": kind.pk, "value": value}


def rows(product: Product) -> list[tuple[str, str | None]]:
    found = ProductParameter.objects.filter(product=product).order_by("pk")
    return list(found.values_list("value", "status"))


# --- the API -------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PATHS)
def test_a_parameter_that_is_posted_is_set(
    api: Any, product: Product, kind: ParameterType, path: str
) -> None:
    session = api.as_("system")
    answer = session.post(f"/v1/{path}", body(product, kind, "7.0"))
    assert answer.status_code == 201
    record = answer.json()
    assert (record["value"], record["status"], record["date_added"]) == ("7", "pending", None)
    assert record["created_by"] == "system@example.com"
    assert session.post(f"/v1/{path}", body(product, kind, "7")).json() == record
    assert session.post(f"/v1/{path}", body(product, kind, "8")).status_code == 201
    assert rows(product) == [("7", "expired"), ("8", "pending")]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("value", ["0", "much", "1.5"])
def test_a_value_that_its_type_does_not_take_is_refused(
    api: Any, product: Product, kind: ParameterType, path: str, value: str
) -> None:
    answer = api.as_("system").post(f"/v1/{path}", body(product, kind, value))
    assert answer.status_code == 400
    assert set(answer.json()["validation_errors"]) == {"value"}
    assert rows(product) == []


def test_what_was_written_is_not_rewritten(api: Any, product: Product) -> None:
    row = ProductParameterFactory.create(product=product)
    other = ProductFactory.create()
    where = f"/v1/product_parameters/{row.pk}"
    session = api.as_("system")
    before = session.get(where).json()
    for column, value in (
        ("value", "6"),
        ("product_imei", other.pk),
        ("parameter_type_id", ParameterTypeFactory.create().pk),
    ):
        answer = session.put(where, {column: value})
        assert answer.status_code == 400
        assert set(answer.json()["validation_errors"]) == {column}
        assert session.put(where, {column: before[column]}).status_code == 200
    after = session.get(where).json()
    assert {**after, "modified_at": None, "modified_by": None} == before


def test_a_parameter_of_a_part_waits_for_its_unit_too(api: Any) -> None:
    part, kind = PartFactory.create(), ParameterTypeFactory.create()
    values = {"part_id": part.pk, "parameter_type_id": kind.pk}
    for value in ("a", "b", "b"):
        answer = api.as_("system").post("/v1/part_parameters", {**values, "value": value})
        assert answer.status_code == 201
    found = PartParameter.objects.order_by("pk").values_list("value", "status")
    assert list(found) == [("a", "expired"), ("b", "pending")]
    part.part_type.parameter_types = [kind.pk + 1]
    part.part_type.save()
    answer = api.as_("system").post("/v1/part_parameters", {**values, "value": "c"})
    assert set(answer.json()["validation_errors"]) == {"parameter_type_id"}


def test_an_update_that_is_posted_is_asked_for(api: Any, system: User, product: Product) -> None:
    session = api.as_("system")
    versions = [SoftwareVersionTypeFactory.create() for _n in range(2)]
    for version in versions:
        ProductTypeSoftwareVersionTypeLinkerFactory.create(
            product_type=product.product_type, software_version_type=version
        )
        values = {"product_imei": product.pk, "software_version_type_id": version.pk}
        first = session.post("/v1/product_software_linker", values)
        assert first.status_code == 201
        assert session.post("/v1/product_software_linker", values).json() == first.json()
    found = ProductSoftwareLinker.objects.order_by("pk")
    assert [row.date_removed is None for row in found] == [False, True]
    logged = LogEntry.objects.filter(action=LogEntry.Action.CREATE).order_by("pk")
    assert [(entry.object_id, entry.actor_email) for entry in logged] == [
        (row.pk, system.email) for row in found
    ]


def test_an_update_that_the_unit_may_not_load_is_refused(api: Any, product: Product) -> None:
    bad = SoftwareVersionTypeFactory.create(status=SoftwareStatus.BAD)
    strange = SoftwareVersionTypeFactory.create()
    for version in (bad, strange):
        answer = api.as_("system").post(
            "/v1/product_software_linker",
            {"product_imei": product.pk, "software_version_type_id": version.pk},
        )
        assert answer.status_code == 400
        assert set(answer.json()["validation_errors"]) == {"software_version_type_id"}
    assert not ProductSoftwareLinker.objects.exists()


def test_the_version_of_a_row_of_software_stays(api: Any) -> None:
    row = ProductSoftwareLinkerFactory.create()
    answer = api.as_("system").put(
        f"/v1/product_software_linker/{row.pk}",
        {"software_version_type_id": SoftwareVersionTypeFactory.create().pk},
    )
    assert answer.status_code == 400
    assert set(answer.json()["validation_errors"]) == {"software_version_type_id"}


def owners(product: Product) -> list[int]:
    found = ProductEntityLinker.objects.filter(product=product, date_removed__isnull=True)
    return sorted(found.values_list("entity_id", flat=True))


def test_a_unit_whose_last_owner_is_deleted_belongs_to_unknown_entity(
    unknown_entity: Any, api: Any, product: Product
) -> None:
    first = ProductEntityLinkerFactory.create(product=product)
    second = ProductEntityLinkerFactory.create(product=product)
    session = api.as_("system")
    for row, left in ((first, [second.entity_id]), (second, [unknown_entity.pk])):
        where = f"/v1/product_entity_linker/{row.pk}"
        assert session.delete(where).status_code == 204
        assert session.get(where).status_code == 404
        assert owners(product) == left
    deleted = LogEntry.objects.filter(action=LogEntry.Action.DELETE)
    assert deleted.count() == 2


@pytest.mark.parametrize("path", ["enable_history", "tamper_enable_history"])
def test_no_gap_is_deleted_into_the_history_of_a_switch(
    api: Any, product: Product, path: str
) -> None:
    factory = EnableHistoryFactory if path == "enable_history" else TamperEnableHistoryFactory
    rows = [factory.create(product=product) for _number in range(2)]
    alone = factory.create()
    session = api.as_("system")
    for row in rows:
        answer = session.delete(f"/v1/{path}/{row.pk}")
        assert answer.status_code == 400
        assert product.pk in answer.json()["message"]
        assert session.get(f"/v1/{path}/{row.pk}").status_code == 200
    assert session.delete(f"/v1/{path}/{alone.pk}").status_code == 204


# --- the admin's form ----------------------------------------------------------------------------


def test_the_form_sets_a_parameter_as_the_api_does(
    client: Client, system: User, product: Product, kind: ParameterType
) -> None:
    page = reverse("admin:products_productparameter_add")
    for value in ("7.0", "7", "8"):
        form = {"product": product.pk, "parameter_type": kind.pk, "value": value}
        assert client.post(page, form).status_code == 302
    assert rows(product) == [("7", "expired"), ("8", "pending")]
    assert ProductParameter.objects.latest("pk").created_by == system.email
    assert LogEntry.objects.filter(action=LogEntry.Action.CREATE).count() == 2


def test_the_form_says_why_a_value_is_refused(
    client: Client, product: Product, kind: ParameterType
) -> None:
    form = {"product": product.pk, "parameter_type": kind.pk, "value": "0"}
    answer = client.post(reverse("admin:products_productparameter_add"), form, follow=True)
    assert "at least 1" in " ".join(str(said) for said in answer.context["messages"])
    assert rows(product) == []


def test_the_form_offers_no_change_of_what_was_written(client: Client, product: Product) -> None:
    row = ProductParameterFactory.create(product=product)
    page = reverse("admin:products_productparameter_change", args=(row.pk,))
    shown = client.get(page)
    assert not shown.context["adminform"].form.fields
    assert b'name="_save"' not in shown.content
    client.post(page, {"value": "6", "_save": "Save"})
    assert rows(product) == [("5", "active")]


@pytest.mark.parametrize("how", ["page", "list"])
def test_deleting_the_last_owner_in_the_admin_leaves_none_without(
    unknown_entity: Any, client: Client, product: Product, how: str
) -> None:
    row = ProductEntityLinkerFactory.create(product=product)
    if how == "page":
        page = reverse("admin:entities_productentitylinker_delete", args=(row.pk,))
        client.post(page, {"post": "yes"})
    else:
        client.post(
            reverse("admin:entities_productentitylinker_changelist"),
            {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"},
        )
    assert owners(product) == [unknown_entity.pk]


# --- declarations --------------------------------------------------------------------------------


def ids(messages: list[CheckMessage]) -> list[str | None]:
    return [message.id for message in messages]


def test_a_wrong_declaration_is_told_by_its_id() -> None:
    good = registry.at("product_parameters")
    assert list(checks._check_services(good)) == []
    closed = replace(good, levels=READ_ONLY)
    assert ids(list(checks._check_services(closed))) == ["core.E004"]
    imported = replace(good, importable=True)
    assert ids(list(checks._check_services(imported))) == ["core.E005"]
    twice = replace(good, read_only=("value",))
    assert ids(list(checks._check_services(twice))) == ["core.E006"]
    unknown = replace(good, write_once=("worth",))
    assert ids(list(checks._check_columns(unknown))) == ["core.E002"]
