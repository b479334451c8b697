"""bootstrap: complete, repeatable, and never in the way of staff."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from time import perf_counter
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection

from apps.alerts.models import AlertType, AlertTypeProductTypeLinker
from apps.appliances.models import ApplianceType
from apps.connectivity.models import Network
from apps.core.catalogue import AUTHOR, discover
from apps.entities.models import Entity
from apps.parts.models import DefaultEnergyLimit, PartType, PartTypeReplacementLinker
from apps.products.models import (
    LatestSoftware,
    ParameterType,
    ProductType,
    ProductTypeSoftwareVersionTypeLinker,
    SoftwareVersionType,
    StateType,
)
from apps.repairs.models import SymptomType

pytestmark = pytest.mark.django_db


def bootstrap(**options: Any) -> str:
    said = StringIO()
    call_command("bootstrap", stdout=said, **options)
    return said.getvalue()


def snapshot() -> dict[str, list[dict[str, Any]]]:
    return {table.model: list(table.stored.order_by("pk").values()) for table in discover()}


def test_state_types_have_the_ids_of_the_reference() -> None:
    bootstrap()
    assert list(StateType.objects.order_by("pk").values_list("pk", "name")) == [
        (1, "NON_EXISTANT"),
        (2, "STORED"),
        (3, "SHIPPED"),
        (4, "ACTIVATING"),
        (5, "ACTIVATED"),
        (6, "MONITORED"),
        (7, "UNMONITORED"),
        (8, "IN_REPAIR_SYSTEM"),
        (9, "TERMINATED"),
    ]


@pytest.mark.parametrize(
    ("model", "pk", "name"),
    [
        (Entity, 1, "Unknown Entity"),
        (ProductType, 1, "BB17SMART_v1"),
        (ProductType, 2, "BB17SMART_v2"),
        (ProductType, 4, "Enterprise"),
        (ProductType, 6, "Home 2"),
        (ProductType, 7, "Hub 2"),
        (ProductType, 10, "Home 3"),
        (PartType, 1, "Vodafone SIM"),
        (PartType, 2, "Wireless Logic SIM"),
        (PartType, 12, "Light Pipes"),
        (PartType, 13, "5A Fuse"),
        (PartType, 15, "Battery PCB Cable"),
        (PartType, 44, "BBOXX Home 2 PCB (Tiger 2)"),
        (PartType, 48, "BBOXX Home 2 PCB (Tiger 6)"),
        (PartType, 61, "BBOXX Home 2 PCB (Tiger 7)"),
        (PartType, 62, "BBOXX Home 2 (Tiger) Battery Cable"),
        (PartType, 69, "Home 2 Button Cap"),
        (Network, 63514, "Rwanda Airtel"),
        (Network, 63510, "Rwanda MTN"),
    ],
)
def test_rows_that_other_programs_know_by_id(model: Any, pk: int, name: str) -> None:
    bootstrap()
    assert model.objects.get(pk=pk).name == name


def test_every_row_is_by_system_and_every_table_has_rows() -> None:
    bootstrap()
    for table in discover():
        assert table.stored.count() == len(table.rows), table.model
        assert not table.stored.exclude(created_by=AUTHOR).exists(), table.model


def test_a_second_run_changes_nothing() -> None:
    bootstrap()
    before = snapshot()
    said = bootstrap()
    assert snapshot() == before
    assert "0 added, 0 corrected" in said


def test_it_takes_less_than_five_seconds() -> None:
    start = perf_counter()
    bootstrap()
    assert perf_counter() - start < 5


def test_every_product_type_is_complete() -> None:
    """Software, its latest version, parts, a battery's limits, symptoms: nothing is left out."""
    bootstrap()
    for product_type in ProductType.objects.all():
        latest = LatestSoftware.objects.get(product_type=product_type, date_removed=None)
        allowed = product_type.product_type_software_version_type_linker.values_list(
            "software_version_type", flat=True
        )
        assert latest.software_version_type_id in allowed, product_type
        assert product_type.part_type_product_type_linker.exists(), product_type
        assert product_type.symptom_types.exists(), product_type
        assert product_type.action_type_product_type_linker.exists(), product_type
        assert set(product_type.parameter_types) <= set(
            ParameterType.objects.values_list("pk", flat=True)
        )


def test_each_part_type_of_a_product_type_has_one_default_replacement() -> None:
    bootstrap()
    for product_type in ProductType.objects.all():
        for linker in product_type.part_type_product_type_linker.all():
            rules = PartTypeReplacementLinker.objects.filter(
                product_type=product_type, existing_part_type=linker.part_type
            )
            assert rules.filter(default_part_type=True).count() == 1


def test_a_tiger_is_replaced_by_any_tiger() -> None:
    bootstrap()
    rules = PartTypeReplacementLinker.objects.filter(product_type=6, existing_part_type=44)
    assert set(rules.values_list("replacement_part_type", flat=True)) == {61, 44, 48}


def test_energy_limits_lie_within_their_bounds_for_every_battery() -> None:
    bootstrap()
    batteries = PartType.objects.filter(part_type_category__name="Battery")
    for battery in batteries:
        assert DefaultEnergyLimit.objects.filter(battery_type=battery).count() == 7
    assert not [
        limit
        for limit in DefaultEnergyLimit.objects.all()
        if not limit.min_energy_limit <= limit.energy_limit <= limit.max_energy_limit
    ]


def test_alert_types_have_lengths_of_time() -> None:
    bootstrap()
    alert_type = AlertType.objects.get(name="no_connection")
    assert alert_type.analysis_frequency == timedelta(hours=1)
    assert alert_type.cooling_off_period == timedelta(days=7)


def test_what_staff_changed_is_kept() -> None:
    bootstrap()
    SymptomType.objects.filter(pk=1).update(name="dead", label="Stone dead", modified_by="jo")
    SoftwareVersionType.objects.filter(name="3.6").update(status="bad", link="https://x.example/")
    AlertType.objects.filter(pk=2).update(active=False)
    ApplianceType.objects.filter(pk=1).update(name="Lamp")
    before = snapshot()
    bootstrap()
    assert snapshot() == before


def test_facts_that_the_program_relies_on_are_put_right() -> None:
    bootstrap()
    StateType.objects.filter(pk=5).update(name="LIVE", description="On the wall")
    assert "1 corrected" in bootstrap()
    state_type = StateType.objects.get(pk=5)
    assert (state_type.name, state_type.description) == ("ACTIVATED", "On the wall")
    assert state_type.modified_by == AUTHOR
    assert state_type.modified_at is not None


def test_a_missing_type_is_put_back_with_its_links() -> None:
    bootstrap()
    before = AlertTypeProductTypeLinker.objects.count()
    alert_type = AlertType.objects.get(name="overload")
    alert_type.alert_type_product_type_linker.all().delete()
    alert_type.alert_type_state_type_linker.all().delete()
    alert_type.alert_type_anomaly_type_linker.all().delete()
    alert_type.delete()
    bootstrap()
    assert AlertType.objects.filter(name="overload").exists()
    assert AlertTypeProductTypeLinker.objects.count() == before


def test_a_link_that_staff_removed_stays_removed_until_asked_for() -> None:
    bootstrap()
    link = ProductTypeSoftwareVersionTypeLinker.objects.filter(product_type=6)[:1].get()
    again = ProductTypeSoftwareVersionTypeLinker.objects.filter(
        product_type=6, software_version_type=link.software_version_type
    )
    link.delete()
    bootstrap()
    assert not again.exists()
    bootstrap(restore=True)
    assert again.exists()


def test_another_latest_software_is_not_given_up_for_ours() -> None:
    bootstrap()
    LatestSoftware.objects.filter(product_type=6).update(software_version_type=10)
    bootstrap()
    latest = LatestSoftware.objects.get(product_type=6)
    assert latest.software_version_type_id == 10


def test_rows_made_afterwards_get_ids_of_their_own() -> None:
    bootstrap()
    made = PartType.objects.create(
        name="Hinge", part_type_category_id=6, serial_number_category="unknown"
    )
    assert made.pk > 18004
    assert Entity.objects.create(name="Acme", bboxx_company_flag=False).pk == 2


def test_an_id_taken_by_somebody_else_is_an_error_and_nothing_is_written() -> None:
    Entity.objects.create(pk=1, name="Acme", bboxx_company_flag=False, created_by="create_user")
    with pytest.raises(CommandError, match=r"1 is taken by “Acme”; “Unknown Entity” belongs there"):
        bootstrap()
    assert not StateType.objects.exists()


def test_a_name_taken_by_somebody_else_is_an_error() -> None:
    ProductType.objects.create(pk=500, name="Home 2", created_by="jo")
    with pytest.raises(CommandError, match="bears a name that the catalogue needs"):
        bootstrap()
    assert ProductType.objects.count() == 1


def test_catalogues_name_only_columns_and_rows_that_exist() -> None:
    labels = [table.model for table in discover()]
    assert len(labels) == len(set(labels))
    for table in discover():
        fields = {f.name for f in apps.get_model(table.model)._meta.concrete_fields} | {"pk"}
        assert set(table.columns) | set(table.defaults) | set(table.facts) <= fields


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has a single writer")
def test_runs_wait_for_each_other() -> None:
    bootstrap()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")
        assert cursor.fetchone()[0] >= 1
