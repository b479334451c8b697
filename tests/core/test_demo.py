"""The demonstration fleet tells one story: every history fits every pointer and flag."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from io import StringIO
from itertools import pairwise
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection, models, transaction

from apps.alerts.models import Alert
from apps.connectivity.models import Connection, Network, SmsHistory
from apps.core.catalogue import discover
from apps.core.models import Record
from apps.dcm.models import Balance, FinalBalance, PaymentCommand
from apps.entities.models import CustomerProductHistory, ProductEntityLinker
from apps.factory.serials import has_good_check
from apps.parts.models import Part, PartProductLinker
from apps.products.models import (
    EnableHistory,
    Product,
    ProductParameter,
    ProductSoftwareLinker,
    ProductTypeSoftwareVersionTypeLinker,
    State,
    TamperEnableHistory,
)
from apps.repairs.models import Repair
from apps.rtc.models import RtcConnectionHistory

pytestmark = pytest.mark.django_db

UNITS = 250
UNTIL = dt.datetime(2024, 6, 3, 12, tzinfo=dt.UTC)
IN_USE = {5, 6, 7}
NOT_SOLD = {2, 3, 4}
ALLOWED = {
    1: {2},
    2: {3, 9},
    3: {4, 5, 8, 9},
    4: {5, 8, 9},
    5: {6, 7, 8, 9},
    6: {7, 8, 9},
    7: {6, 8, 9},
    8: {5, 9},
    9: set(),
}
FLAGS = {
    "enabled": (True, True),
    "pending_disabled": (True, False),
    "disabled": (False, False),
    "pending_enabled": (False, True),
}


@pytest.fixture(scope="module", autouse=True)
def fleet(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """One fleet for all tests here, which only look at it."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("demo", units=UNITS, seed=3, until=UNTIL, stdout=StringIO())
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def products(fleet: None) -> list[Product]:
    return list(
        Product.objects.select_related(
            "latest_state", "latest_enable_history", "latest_connection", "product_type"
        ).order_by("pk")
    )


def by_unit(model: type[models.Model], *order: str) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for row in model._default_manager.order_by(*order, "pk"):
        found[row.product_id].append(row)  # type: ignore[attr-defined]
    return found


def passes_luhn(digits: str) -> bool:
    values = [int(digit) * (2 if at % 2 else 1) for at, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in values) % 10 == 0


def test_as_many_units_as_asked_for_of_several_types(products: list[Product]) -> None:
    assert len(products) == UNITS
    assert len({product.product_type_id for product in products}) >= 8
    assert {product.latest_state.current_state_type_id for product in products} >= {2, 3, 5, 6, 8}


def test_foreign_keys_lead_somewhere() -> None:
    connection.check_constraints()


def test_rows_would_pass_the_checks_of_a_form() -> None:
    """Bulk writing skips validators; what it wrote must not need them."""
    for model in apps.get_models():
        if issubclass(model, Record):
            for row in model._default_manager.order_by("pk")[:15]:
                try:
                    row.full_clean(validate_unique=False)
                except ValidationError as error:
                    pytest.fail(f"{model._meta.db_table} {row.pk}: {error}")


def test_nothing_is_in_the_future() -> None:
    catalogue = {table.model for table in discover()}
    made_by_demo = {"expected_expiry"}
    for model in apps.get_models():
        if not issubclass(model, Record) or model._meta.label in catalogue:
            continue
        for field in model._meta.concrete_fields:
            if isinstance(field, models.DateTimeField) and field.name not in made_by_demo:
                late = model._default_manager.filter(**{f"{field.name}__gt": UNTIL})
                late = late.exclude(created_by="demo")
                assert not late.exists(), (model._meta.db_table, field.name)


def test_identifiers_have_their_shapes_and_check_digits(products: list[Product]) -> None:
    homes = {str(pk) for pk in Network.objects.values_list("pk", flat=True)}
    for product in products:
        assert re.fullmatch(r"\d{15}", product.product_imei)
        assert passes_luhn(product.product_imei)
        assert re.fullmatch(r"\d{15}", product.imsi)
        assert product.imsi[:5] in homes
        assert re.fullmatch(r"89\d{18}", product.iccid or "")
        assert passes_luhn(product.iccid or "")
        assert re.fullmatch(r"[0-9a-f]{24}", product.device_key or "")
        assert re.fullmatch(
            r"BB17SMART-\d{6}-\d{4,}|(HB000[35]01|BX0020|PA040000)-\d{6,}-[0-9A-Z]",
            product.serial_number,
        )
        assert product.serial_number.startswith("BB") or has_good_check(product.serial_number)


def test_states_chain_by_allowed_transitions_up_to_the_latest(products: list[Product]) -> None:
    states = by_unit(State, "created_at")
    for product in products:
        chain = states[product.pk]
        assert chain[0].prev_state_type_id == 1
        for before, after in pairwise(chain):
            assert after.prev_state_type_id == before.current_state_type_id
        for state in chain:
            assert state.current_state_type_id in ALLOWED[state.prev_state_type_id]
        assert product.latest_state_id == chain[-1].pk


def test_enable_history_chains_from_init_and_fits_the_flags(products: list[Product]) -> None:
    histories = by_unit(EnableHistory, "date")
    for product in products:
        chain = histories[product.pk]
        if not chain:
            assert product.latest_state.current_state_type_id in NOT_SOLD
            assert product.latest_enable_history_id is None
            assert not product.current_enable_flag
            assert not product.desired_enable_flag
            continue
        assert chain[0].prev_enable_state == "init"
        for before, after in pairwise(chain):
            assert after.prev_enable_state == before.current_enable_state
            assert after.date > before.date
        assert product.latest_enable_history_id == chain[-1].pk
        flags = (product.current_enable_flag, product.desired_enable_flag)
        assert flags == FLAGS[chain[-1].current_enable_state]
        assert (product.disable_date is None) == product.desired_enable_flag


def test_a_unit_confirms_only_what_it_heard(products: list[Product]) -> None:
    """Confirmed before its last connection; a pending change was asked for after it."""
    heard = {product.pk: product.latest_connection.date for product in products}
    for row in EnableHistory.objects.all():
        if row.current_enable_state in ("enabled", "disabled"):
            assert row.user == "unit"
            assert row.date <= heard[row.product_id]
    for product in products:
        latest = product.latest_enable_history
        if latest and latest.current_enable_state.startswith("pending"):
            assert latest.date >= heard[product.pk]


def test_tamper_history_chains_from_init_and_fits_the_flags(products: list[Product]) -> None:
    histories = by_unit(TamperEnableHistory, "date")
    for product in products:
        chain = histories[product.pk]
        flags = (product.current_tamper_flag, product.desired_tamper_flag)
        if not chain:
            assert flags == (False, False)
            continue
        assert chain[0].prev_tamper_enable_state == "init"
        for before, after in pairwise(chain):
            assert after.prev_tamper_enable_state == before.current_tamper_enable_state
        assert flags == FLAGS[chain[-1].current_tamper_enable_state]


def test_every_unit_runs_exactly_one_software_that_its_type_may_run(
    products: list[Product],
) -> None:
    allowed = set(
        ProductTypeSoftwareVersionTypeLinker.objects.values_list(
            "product_type", "software_version_type"
        )
    )
    linkers = by_unit(ProductSoftwareLinker, "date_added")
    for product in products:
        rows = linkers[product.pk]
        ran = [row for row in rows if row.date_added]
        assert sum(row.date_removed is None for row in ran) == 1
        for before, after in pairwise(sorted(ran, key=lambda row: row.date_added)):
            assert before.date_removed == after.date_added
        for row in rows:
            assert (product.product_type_id, row.software_version_type_id) in allowed


def test_parameters_belong_to_the_type_and_none_is_active_twice(products: list[Product]) -> None:
    parameters = by_unit(ProductParameter)
    for product in products:
        rows = parameters[product.pk]
        assert {row.parameter_type_id for row in rows} <= set(product.product_type.parameter_types)
        active = Counter(row.parameter_type_id for row in rows if row.status == "active")
        assert set(active.values()) <= {1}
        for row in rows:
            assert (row.date_added is None) == (row.status == "pending")
            assert (row.date_removed is not None) == (row.status == "removed")


def test_every_unit_has_one_owner_at_a_time(products: list[Product]) -> None:
    owners = by_unit(ProductEntityLinker, "date_added")
    for product in products:
        chain = owners[product.pk]
        assert [row.date_removed is None for row in chain].count(True) == 1
        assert chain[0].entity_id == 1
        for before, after in pairwise(chain):
            assert before.date_removed == after.date_added
        stored = product.latest_state.current_state_type_id == 2
        assert (chain[-1].entity_id == 1) == stored


def test_units_in_use_have_a_customer(products: list[Product]) -> None:
    customers = by_unit(CustomerProductHistory, "date_added")
    for product in products:
        open_rows = [row for row in customers[product.pk] if row.date_removed is None]
        stage = product.latest_state.current_state_type_id
        assert len(open_rows) == (1 if stage in IN_USE | {4, 8} else 0)


def test_every_unit_has_a_sim_and_a_pcb_of_its_own(products: list[Product]) -> None:
    parts = {part.pk: part for part in Part.objects.select_related("part_type")}
    linkers = by_unit(PartProductLinker)
    for product in products:
        inside = [parts[row.part_id] for row in linkers[product.pk] if row.date_removed is None]
        kinds = Counter(part.part_type.part_type_category_id for part in inside)
        assert kinds[1] == kinds[2] == 1
        assert kinds[3] == (0 if product.product_type.name == "Hub 2" else 1)
        serials = {part.serial_number for part in inside}
        assert {product.product_imei, product.iccid} <= serials


def test_pointers_lead_to_the_newest_connection(products: list[Product]) -> None:
    connections = by_unit(Connection, "date")
    for product in products:
        rows = connections[product.pk]
        assert product.latest_connection_id == rows[-1].pk
        located = [row for row in rows if not row.location_failed_flag]
        assert product.latest_connection_location_id == (located[-1].pk if located else None)
        for row in rows:
            assert (row.latitude is None) == row.location_failed_flag
            assert (row.cell_1_mcc, row.cell_1_mnc) == (row.mcc, row.mnc)


def test_most_units_in_use_were_heard_in_the_last_four_hours(products: list[Product]) -> None:
    ages = [
        UNTIL - product.latest_connection.date
        for product in products
        if product.latest_state.current_state_type_id in IN_USE
    ]
    hours = sorted(age.total_seconds() / 3600 for age in ages)
    assert 0.6 < sum(hour <= 4 for hour in hours) / len(hours) < 0.9
    assert hours[-1] > 7 * 24


def test_connections_of_a_unit_are_some_four_hours_apart(products: list[Product]) -> None:
    gaps = [
        (after.date - before.date).total_seconds() / 3600
        for rows in by_unit(Connection, "date").values()
        for before, after in pairwise(rows)
    ]
    assert min(gaps) > 3.9
    assert sum(gap < 4.2 for gap in gaps) / len(gaps) > 0.8
    assert max(gaps) > 7


def test_messages_belong_to_the_request_they_were_sent_for() -> None:
    rows = SmsHistory.objects.exclude(enable_history=None).select_related("enable_history")
    assert rows
    for row in rows:
        assert row.enable_history is not None
        assert row.product_id == row.enable_history.product_id
        assert row.sent_time == row.enable_history.date


def test_credit_adds_up(products: list[Product]) -> None:
    commands = by_unit(PaymentCommand)
    balances = {row.product_id: row for row in Balance.objects.all()}
    zeroed = {row.product_id: row for row in FinalBalance.objects.all()}
    assert balances
    for imei, balance in balances.items():
        booked = [row for row in commands[imei] if row.status == "acknowledged"]
        assert 0 <= balance.balance <= sum(row.value for row in booked if not row.void)
        if imei in zeroed:
            assert balance.balance == 0
            paid = [row for row in booked if row.category != "zero-command"]
            assert all(row.void for row in paid)
            assert zeroed[imei].total_added == sum(row.value for row in paid)
            assert zeroed[imei].final_balance <= zeroed[imei].total_added
    for product in products:
        if product.product_type.name == "BPower20":
            assert product.dcm_enabled_flag


def test_silent_units_have_the_alert_their_analysis_would_raise(products: list[Product]) -> None:
    alerted = set(
        Alert.objects.filter(
            alert_type__name="no_connection", dismissed_at__isnull=True
        ).values_list("product_id", flat=True)
    )
    silent = {
        product.pk
        for product in products
        if product.latest_state.current_state_type_id in {5, 6}
        and UNTIL - product.latest_connection.date > dt.timedelta(hours=48)
    }
    assert silent
    assert alerted == silent


def test_no_alert_is_open_twice() -> None:
    rows = Alert.objects.filter(dismissed_at__isnull=True).values_list("product", "alert_type")
    assert len(rows) == len(set(rows))


def test_units_in_repair_are_on_the_bench(products: list[Product]) -> None:
    under_way = Counter(
        Repair.objects.filter(refurbishment_date=None).values_list("product_id", flat=True)
    )
    in_repair = {p.pk for p in products if p.latest_state.current_state_type_id == 8}
    assert in_repair
    assert set(under_way) == in_repair
    assert set(under_way.values()) == {1}
    for repair in Repair.objects.exclude(refurbishment_date=None):
        assert repair.repair_symptom_type_linker.exists()
        assert repair.repair_action_type_linker.exists()
        assert repair.refurbishment_date >= repair.arrival_date


def test_a_replaced_battery_is_out_and_the_new_one_in() -> None:
    changed = PartProductLinker.objects.exclude(replaced_part=None)
    assert changed
    for row in changed:
        old = PartProductLinker.objects.get(part=row.replaced_part)
        assert old.date_removed == row.date_added
        assert old.removed_repair_id == row.added_repair_id
        assert row.date_removed is None


def test_rtc_pointers_lead_to_the_newest_status(products: list[Product]) -> None:
    histories = by_unit(RtcConnectionHistory, "connection_status_time")
    assert histories
    for product in products:
        rows = histories[product.pk]
        assert product.latest_rtc_connection_history_id == (rows[-1].pk if rows else None)
        if rows:
            assert product.rtc_enabled_flag
            assert product.rtc_network_name
