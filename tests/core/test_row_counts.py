"""The kept number of rows of a table is the number of rows in it, whatever happens to them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from apps.core.counting import KeepRowCount, RowCount, fold_slots, kept_count
from apps.core.resources import registry
from apps.dcm.guards import close_ledger, open_ledger
from apps.products.models import Product
from tests.contract.rows import make
from tests.core.lists import Lists
from tests.factories import ProductFactory, ProductTypeFactory
from tests.personas import Api

pytestmark = pytest.mark.django_db
COUNTED = [resource for resource in registry if resource.counted]
on_postgresql = pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="SQLite has one writer at a time"
)


def exact(table: str = "product") -> int:
    """The kept count, after showing that it is right."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT COUNT(*) FROM "{table}"')
        found = cursor.fetchone()[0]
    assert kept_count(table) == found
    return found


def new_units(count: int) -> list[Product]:
    """Units that are not stored yet."""
    kind = ProductTypeFactory.create()
    return ProductFactory.build_batch(count, product_type=kind)


def in_another_connection(work: Callable[[], Any]) -> None:
    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(10)
    assert not thread.is_alive()


@pytest.mark.parametrize("resource", COUNTED, ids=lambda r: r.path)
def test_a_counted_table_is_counted_by_the_database(resource: Any) -> None:
    """Also shows that no migration has dropped the triggers along with a rebuilt table."""
    before = exact(resource.name)
    rows = [make(resource.model) for _ in range(3)]
    assert exact(resource.name) == before + 3
    rows[0].delete()
    assert exact(resource.name) == before + 2


def test_many_at_once_are_counted() -> None:
    before = exact()
    Product.objects.bulk_create(new_units(250))
    assert exact() == before + 250
    keys = Product.objects.order_by("pk").values_list("pk", flat=True)[:100]
    Product.objects.filter(pk__in=list(keys)).delete()
    assert exact() == before + 150


def test_a_row_that_is_there_already_is_not_counted_again() -> None:
    units = new_units(3)
    Product.objects.bulk_create(units[:2])
    before = exact()
    Product.objects.bulk_create(units, ignore_conflicts=True)
    assert exact() == before + 1
    Product.objects.bulk_create(
        units, update_conflicts=True, unique_fields=["product_imei"], update_fields=["assembler"]
    )
    assert exact() == before + 1


def test_nothing_is_counted_that_is_rolled_back() -> None:
    before = exact()
    with transaction.atomic():
        Product.objects.bulk_create(new_units(5))
        assert exact() == before + 5
        transaction.set_rollback(True)
    assert exact() == before


def test_updates_change_no_count() -> None:
    Product.objects.bulk_create(new_units(3))
    before = exact()
    Product.objects.update(assembler="Ann")
    assert exact() == before


def test_the_list_tells_the_kept_count(api: Api) -> None:
    ProductFactory.create_batch(12)
    page = Lists(api.as_("system"), "products", "assembler").page()
    assert (page["num_results"], page["total_pages"]) == (12, 2)


# --- beyond one transaction ----------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", [1, 2])
def test_an_emptied_database_counts_from_nothing(time: int) -> None:
    """Transactional tests empty all tables when they end: the second time shows what is left."""
    assert exact() == 0
    Product.objects.bulk_create(new_units(4))
    assert exact() == 4


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_two_connections_count_side_by_side() -> None:
    units = new_units(6)
    with transaction.atomic():
        Product.objects.bulk_create(units[:2])
        # The other one neither waits for our open transaction nor sees its rows.
        in_another_connection(lambda: Product.objects.bulk_create(units[2:]))
        assert exact() == 6
    assert exact() == 6
    in_another_connection(lambda: Product.objects.filter(pk=units[0].pk).delete())
    assert exact() == 5
    assert RowCount.objects.filter(table="product").count() >= 2


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_slots_are_folded_into_one() -> None:
    units = new_units(5)
    for unit in units:
        in_another_connection(unit.save)
    assert RowCount.objects.filter(table="product").exclude(slot=0).exists()
    assert fold_slots() > 0
    assert set(RowCount.objects.values_list("slot", flat=True)) == {0}
    assert exact() == 5
    assert fold_slots() == 0
    in_another_connection(units[0].delete)
    assert exact() == 4


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_folding_leaves_the_slot_of_a_transaction_under_way() -> None:
    units = new_units(3)
    in_another_connection(units[0].save)
    with transaction.atomic():
        units[1].save()
        in_another_connection(fold_slots)
        units[2].save()
    assert exact() == 3


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_a_truncated_table_counts_nothing() -> None:
    Product.objects.bulk_create(new_units(3))
    with transaction.atomic(), connection.cursor() as cursor:
        open_ledger(connection)
        cursor.execute("TRUNCATE product CASCADE")
        close_ledger(connection)
    assert exact() == 0
    Product.objects.bulk_create(new_units(1))
    assert exact() == 1


@pytest.mark.django_db(transaction=True)
def test_counting_can_be_taken_back_and_begun_again() -> None:
    counting = KeepRowCount("product")
    Product.objects.bulk_create(new_units(2))
    with connection.schema_editor() as editor:
        counting.database_backwards("products", editor)
    assert kept_count("product") == 0
    Product.objects.bulk_create(new_units(1))
    assert kept_count("product") == 0
    with connection.schema_editor() as editor:
        counting.database_forwards("products", editor)
    assert exact() == 3
    Product.objects.bulk_create(new_units(1))
    assert exact() == 4
