"""The fleet's credit: what is counted, for whom, where each figure leads, and at what cost."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.authentication import session_caller
from apps.accounts.models import User
from apps.dcm.figures import bars, groups
from apps.dcm.fleet import credit_counts
from apps.dcm.models import Balance, CreditDrift, PaymentCommand
from apps.products.models import Product
from tests.dcm.conftest import NOW
from tests.dcm.ledger import Ledger
from tests.factories import BalanceFactory, ProductEntityLinkerFactory, ProductFactory

pytestmark = pytest.mark.django_db

HOUR = 3_600
DAY = 24 * HOUR
FLEET, DRIFT = "admin:dcm_balance_fleet", "admin:dcm_balance_drift"


def ends_in(seconds: int, **unit: Any) -> Balance:
    product = ProductFactory.create(**{"dcm_enabled_flag": True, **unit})
    expiry = NOW + dt.timedelta(seconds=seconds)
    found: Balance = BalanceFactory.create(product=product, balance=DAY, expected_expiry=expiry)
    return found


def waits_since(seconds: int, product: Product | None = None) -> PaymentCommand:
    unit = product or ProductFactory.create(dcm_enabled_flag=True)
    found = PaymentCommand.objects.get(transaction_id=Ledger(unit.pk).pay(DAY))
    # The ledger lets nobody change a row: the same command, accepted earlier.
    values = {"product": unit, "value": DAY, "category": "payment"}
    made: PaymentCommand = PaymentCommand.objects.create(
        transaction_id=f"old-{found.pk}", created_at=NOW - dt.timedelta(seconds=seconds), **values
    )
    return made


def drifting(product: Product, drift: int = 9 * DAY) -> CreditDrift:
    return CreditDrift.objects.create(
        product=product,
        balance=10 * DAY,
        lowest=0,
        highest=DAY,
        drift=drift,
        reported_at=NOW,
        since=NOW,
        checked_at=NOW,
    )


@pytest.fixture
def fleet(product: Product) -> Product:
    """Something of each; the unit waits for a zero and drifts."""
    for seconds in (HOUR, DAY, DAY + 1, 3 * DAY, 3 * DAY + 1, 0, -HOUR):
        ends_in(seconds)
    ends_in(HOUR, is_payg=False)
    ends_in(HOUR, dcm_enabled_flag=False)
    for seconds in (DAY - 1, DAY, 3 * DAY - 1, 3 * DAY, 8 * DAY):
        waits_since(seconds)
    Ledger(product.pk).zero()
    drifting(product)
    return product


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_each_is_counted_where_it_belongs(fleet: Product, overview: User) -> None:
    counts = credit_counts(session_caller(overview))
    assert counts.expiries == {"24h": 2, "3d": 4}
    # Beside each old command stands one of this moment, and the zero.
    assert counts.waits == {"1d": 1 + 5 + 1, "3d": 2, "7d": 1, "older": 1}
    assert (counts.zeroes, counts.drifting) == (1, 1)


def test_each_figure_leads_to_as_many_rows_and_to_a_file_of_them(
    fleet: Product, overview: User
) -> None:
    client = as_(overview)
    for tile in (tile for group in groups(session_caller(overview)) for tile in group.tiles):
        shown = client.get(tile.url)
        assert shown.status_code == 200
        found = shown.context["cl"].result_list if "cl" in shown.context else shown.context["shown"]
        assert len(found) == tile.value, tile.label
        answer: Any = client.get(tile.csv_url)
        text = b"".join(answer.streaming_content).decode("utf-8-sig")
        assert len(list(csv.DictReader(io.StringIO(text)))) == tile.value, tile.label


def test_an_unknown_filter_shows_every_row(fleet: Product, overview: User) -> None:
    for name, parameter in (("balance", "ends"), ("paymentcommand", "waits")):
        url = reverse(f"admin:dcm_{name}_changelist")
        client = as_(overview)
        every = len(client.get(url).context["cl"].result_list)
        assert len(client.get(url, {parameter: "x"}).context["cl"].result_list) == every


def test_a_caller_counts_its_own_units(
    fleet: Product, insider: User, outsider: User, entity: Any
) -> None:
    ProductEntityLinkerFactory.create(product=fleet, entity=entity, date_removed=None)
    assert credit_counts(session_caller(insider)).zeroes == 1
    none = credit_counts(session_caller(outsider))
    assert sum((*none.expiries.values(), *none.waits.values(), none.zeroes, none.drifting)) == 0
    assert fleet.serial_number in as_(insider).get(reverse(DRIFT)).content.decode()
    page = as_(outsider)
    assert fleet.serial_number not in page.get(reverse(DRIFT)).content.decode()
    answer: Any = page.get(reverse("admin:dcm_balance_drift_export"))
    assert fleet.pk.encode() not in b"".join(answer.streaming_content)


def test_nobody_looks_without_signing_in(fleet: Product) -> None:
    for name in (FLEET, DRIFT, "admin:dcm_balance_drift_export"):
        assert Client().get(reverse(name)).status_code == 302


def test_the_figures_cost_three_queries(
    fleet: Product, overview: User, django_assert_num_queries: Any
) -> None:
    caller = session_caller(overview)
    with django_assert_num_queries(3):
        credit_counts(caller)
    for _unit in range(10):
        ends_in(HOUR)
        waits_since(DAY)
    with django_assert_num_queries(3):
        credit_counts(caller)


def test_the_list_of_drift_costs_the_same_with_more_units(
    product: Product, overview: User, django_assert_max_num_queries: Any
) -> None:
    drifting(product)
    client = as_(overview)
    client.get(reverse(DRIFT))
    for _unit in range(60):
        drifting(ProductFactory.create(dcm_enabled_flag=True), -DAY)
    with django_assert_max_num_queries(5):
        shown = client.get(reverse(DRIFT)).context["shown"]
    assert len(shown) == 50
    assert (shown[0]["drift"], shown[1]["drift"]) in {("+9 days", "−1 day"), ("−1 day", "−1 day")}


def test_home_shows_what_is_not_in_order(fleet: Product, overview: User) -> None:
    told = {str(bar.label): bar.value for bar in bars(session_caller(overview))}
    assert told["Ends within 24 hours"] == 2
    assert told["Units whose credit drifts"] == 1
    charts = as_(overview).get(reverse("admin:index")).context["charts"]
    assert [chart for chart in charts if str(chart["title"]) == "Credit"]


def test_the_lists_of_the_menu_lead_to_the_figures(fleet: Product, overview: User) -> None:
    for name in ("balance", "paymentcommand"):
        page = as_(overview).get(reverse(f"admin:dcm_{name}_changelist"))
        assert f'href="{reverse(FLEET)}"' in page.content.decode()
