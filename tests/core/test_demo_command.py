"""manage.py demo: the same seed makes the same fleet, and nothing is made over another."""

from __future__ import annotations

import datetime as dt
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.core.management import CommandError, call_command
from django.db import transaction

from apps.connectivity.models import Connection
from apps.products.models import EnableHistory, Product, State

pytestmark = pytest.mark.django_db

UNTIL = dt.datetime(2024, 6, 3, 12, tzinfo=dt.UTC)
COLUMNS = ("product_imei", "serial_number", "imsi", "device_key", "created_at", "modified_at")


def demo(**options: Any) -> str:
    said = StringIO()
    call_command("demo", stdout=said, **{"seed": 5, "until": UNTIL, **options})
    return said.getvalue()


def fleet_of(units: int, seed: int) -> list[Any]:
    """What a run makes, undone again."""
    with transaction.atomic():
        demo(units=units, seed=seed)
        found = [
            list(Product.objects.order_by("pk").values_list(*COLUMNS)),
            list(
                State.objects.order_by("pk").values_list(
                    "product", "current_state_type", "created_at"
                )
            ),
            list(EnableHistory.objects.order_by("pk").values_list("product", "date")),
            list(
                Connection.objects.order_by("pk").values_list(
                    "product", "date", "latitude", "cell_1_cid", "cell_1_signal"
                )
            ),
        ]
        transaction.set_rollback(True)
    return found


def test_the_same_seed_makes_the_same_fleet() -> None:
    assert fleet_of(25, seed=5) == fleet_of(25, seed=5)


def test_another_seed_makes_another_fleet() -> None:
    one, other = fleet_of(10, seed=5)[0], fleet_of(10, seed=6)[0]
    assert not {row[3] for row in one} & {row[3] for row in other}


def test_a_larger_fleet_begins_with_the_smaller_one() -> None:
    small, large = fleet_of(10, seed=5)[0], fleet_of(30, seed=5)[0]
    assert {row[:4] for row in small} <= {row[:4] for row in large}


@pytest.mark.parametrize("seed", [5, 6])
def test_a_second_fleet_is_added_to_the_first(seed: int) -> None:
    demo(units=10, seed=5)
    demo(units=10, seed=seed)
    assert Product.objects.count() == 20


def test_two_runs_make_what_one_does() -> None:
    together = fleet_of(20, seed=5)[0]
    demo(units=8)
    demo(units=12)
    assert list(Product.objects.order_by("pk").values_list(*COLUMNS)) == together


def test_if_empty_makes_a_fleet_only_where_there_is_none() -> None:
    assert "10 units" in demo(units=10, if_empty=True)
    assert "nothing done" in demo(units=20, if_empty=True)
    assert Product.objects.count() == 10


def test_the_days_decide_how_many_connections_are_kept() -> None:
    with transaction.atomic():
        demo(units=20, days=1)
        few = Connection.objects.count()
        transaction.set_rollback(True)
    demo(units=20, days=6)
    assert Connection.objects.count() > 3 * few


def test_more_units_than_a_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.core.demo.BATCH", 8)
    said = demo(units=20)
    assert "8 of 20 units" in said
    assert "20 of 20 units" in said
    assert Product.objects.count() == 20


def test_rows_made_afterwards_get_free_ids() -> None:
    demo(units=5)
    state = State.objects.order_by("-pk")[:1].get()
    following = State.objects.create(
        product=state.product, prev_state_type_id=5, current_state_type_id=6
    )
    assert following.pk > state.pk


@pytest.mark.parametrize(
    ("name", "level", "entity"),
    [
        ("overview", "OVERVIEW", None),
        ("technician", "TECHNICAL", None),
        ("admin", "ADMIN", None),
        ("factory", "FACTORY", None),
        ("system", "SYSTEM", None),
        ("kenya", "ADMIN", "BBOXX Capital Kenya"),
    ],
)
def test_its_users_sign_in(rf: Any, name: str, level: str, entity: str | None) -> None:
    said = demo(units=1)
    email = f"{name}@demo.example"
    assert email in said
    assert "demo-solar" in said
    user = authenticate(rf.post("/"), username=email, password="demo-solar")
    assert user == get_user_model().objects.get(email=email)
    assert user.get_level_display() == level
    assert (user.entity.name if user.entity else None) == entity
    assert user.scope == ("ENTITY" if entity else "GLOBAL")


@pytest.mark.parametrize("options", [{"units": 0}, {"days": 0}])
def test_less_than_one_is_refused(options: dict[str, int]) -> None:
    with pytest.raises(CommandError, match="at least 1"):
        demo(**options)
    assert not Product.objects.exists()


def test_a_moment_that_is_none_is_refused() -> None:
    with pytest.raises(CommandError, match="until"):
        call_command("demo", "--until", "yesterday")
