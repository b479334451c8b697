"""Units in every situation, and what the page says of them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from apps.core.causes import Explanation, explain
from apps.products.lifecycle import LifeStage
from apps.products.models import EnableHistory, EnableState, Product, StateType
from apps.products.unit_page import RELATED
from tests.factories import (
    ConnectionFactory,
    EnableHistoryFactory,
    ProductFactory,
    StateFactory,
    StateTypeFactory,
)

NOW = dt.datetime(2024, 5, 1, 12, tzinfo=dt.UTC)
GRACE = "grace@example.com"
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)


def a_unit(
    *,
    on: bool = True,
    wished: bool | None = None,
    stage: LifeStage = LifeStage.MONITORED,
    since: dt.timedelta = 30 * DAY,
    heard: dt.timedelta | None = HOUR,
    **columns: Any,
) -> Product:
    """A unit that says it is `on`, is wished to be, and was last heard that long ago."""
    wished = on if wished is None else wished
    unit = ProductFactory.create(current_enable_flag=on, desired_enable_flag=wished, **columns)
    move(unit, stage, since)
    if heard is not None:
        contact(unit, heard)
    return unit


def move(unit: Product, stage: LifeStage, since: dt.timedelta, by: str = GRACE) -> None:
    """Put the unit into a stage of its life, so long ago."""
    kind = StateType.objects.filter(pk=stage).first()
    kind = kind or StateTypeFactory.create(pk=stage, name=stage.name)
    row = StateFactory.create(
        product=unit,
        prev_state_type=kind,
        current_state_type=kind,
        created_at=NOW - since,
        created_by=by,
    )
    _point(unit, latest_state=row)


def contact(unit: Product, ago: dt.timedelta, **columns: Any) -> None:
    """Let the unit have been heard so long ago, and not since."""
    at = NOW - ago
    row = ConnectionFactory.create(product=unit, date=at, created_at=at, **columns)
    _point(unit, latest_connection=row)


def switched(
    unit: Product, state: EnableState, ago: dt.timedelta, by: str = GRACE
) -> EnableHistory:
    """Add a row to the history of the unit's switch."""
    row: EnableHistory = EnableHistoryFactory.create(
        product=unit, current_enable_state=state, user=by, date=NOW - ago
    )
    _point(unit, latest_enable_history=row)
    return row


def explained(unit: Product, *, hidden: tuple[str, ...] = ()) -> Explanation:
    """What the page says to somebody who may see every table but those `hidden`."""
    row = Product.objects.select_related(*RELATED).get(pk=unit.pk)
    found = explain(row, lambda model: model._meta.db_table not in hidden)
    assert found is not None
    return found


def why(unit: Product) -> str:
    """The sentence at the top of the page."""
    return str(explained(unit).answer.sentence)


def keys(unit: Product) -> list[str]:
    """The keys of the answer and the remarks, in order."""
    found = explained(unit)
    return [found.answer.key, *(remark.key for remark in found.remarks)]


def _point(unit: Product, **latest: Any) -> None:
    Product.objects.filter(pk=unit.pk).update(**latest)
