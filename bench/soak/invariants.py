"""What always holds of one unit, whatever was done to it and in whatever order."""

from __future__ import annotations

from collections import Counter
from typing import Any

from apps.core.callers import Caller
from apps.core.levels import Level
from apps.core.resources import registry
from apps.core.scope import restrict
from apps.entities.models import ProductEntityLinker
from apps.entities.selectors import UNKNOWN_ENTITY_ID
from apps.products.lifecycle import LifeStage, may_follow
from apps.products.models import (
    EnableHistory,
    ParameterStatus,
    Product,
    ProductParameter,
    ProductSoftwareLinker,
    State,
    TamperEnableHistory,
)

_PENDING = {"pending_enabled": True, "pending_disabled": False}


def check_unit(imei: str, entities: list[int]) -> None:
    """Every invariant of one unit; `entities` are the keys of all there are."""
    unit = Product.objects.get(pk=imei)
    check_switches(unit)
    check_states(unit)
    check_software(imei)
    check_parameters(imei)
    check_owners(imei, entities)


def check_switches(unit: Product) -> None:
    """Histories chain from their first row to their last, which says what the flags say."""
    newest = chain(EnableHistory, "enable_state", unit.pk)
    assert unit.latest_enable_history_id == (newest.pk if newest else None)
    if newest is not None:
        _agree(newest.current_enable_state, unit.current_enable_flag, unit.desired_enable_flag)
    newest = chain(TamperEnableHistory, "tamper_enable_state", unit.pk)
    if newest is not None:
        _agree(
            newest.current_tamper_enable_state, unit.current_tamper_flag, unit.desired_tamper_flag
        )


def chain(history: Any, column: str, imei: str) -> Any:
    """The newest row of a switch's history, whose rows must each begin where the last one ended."""
    rows = list(history.objects.filter(product_id=imei).order_by("date", "pk"))
    state = "init"
    for row in rows:
        assert getattr(row, f"prev_{column}") == state, f"a gap before row {row.pk} of {imei}"
        state = getattr(row, f"current_{column}")
    return rows[-1] if rows else None


def _agree(state: str, current: bool | None, desired: bool | None) -> None:
    """A pending state names the wish, a settled one what the unit last said."""
    if state in _PENDING:
        assert desired is _PENDING[state], (state, desired)
    else:
        assert current is (state == "enabled"), (state, current)


def check_states(unit: Product) -> None:
    """Each stage of life follows from the one before it by the table of transitions."""
    stage = int(LifeStage.NON_EXISTANT)
    last = None
    for row in State.objects.filter(product=unit).order_by("pk"):
        assert row.prev_state_type_id == stage, f"a gap before state {row.pk} of {unit.pk}"
        assert may_follow(stage, row.current_state_type_id), row
        stage, last = row.current_state_type_id, row.pk
    assert unit.latest_state_id == last
    if stage == LifeStage.TERMINATED:
        newest = chain(EnableHistory, "enable_state", unit.pk)
        assert newest is None or newest.current_enable_state != "pending_enabled"


def check_software(imei: str) -> None:
    """One version runs, one at most is asked for, and no row ends before it began."""
    rows = list(ProductSoftwareLinker.objects.filter(product_id=imei))
    begun = [(row.date_added, row.date_removed) for row in rows if row.date_added is not None]
    assert len([ended for _began, ended in begun if ended is None]) <= 1, imei
    assert len(rows) - len(begun) <= 1, imei
    assert all(ended is None or began <= ended for began, ended in begun)


def check_parameters(imei: str) -> None:
    """At most one value stands and one waits for each type that is not repeatable."""
    rows = ProductParameter.objects.filter(product_id=imei).select_related("parameter_type")
    counted = Counter(
        (row.parameter_type_id, row.status) for row in rows if not row.parameter_type.repeatable
    )
    for (kind, status), count in counted.items():
        if status in (ParameterStatus.ACTIVE, ParameterStatus.PENDING):
            assert count == 1, f"{count} {status} values of parameter type {kind} on {imei}"
    for row in rows:
        standing = row.status in (ParameterStatus.ACTIVE, ParameterStatus.PENDING)
        assert (row.date_removed is None) == standing, row.pk


def check_owners(imei: str, entities: list[int]) -> None:
    """A unit is seen by just the entities that own it, and Unknown Entity owns what nobody does."""
    rows = ProductEntityLinker.objects.filter(product_id=imei, date_removed=None)
    owners = list(rows.values_list("entity_id", flat=True))
    assert len(owners) == len(set(owners)) >= 1
    assert (UNKNOWN_ENTITY_ID in owners) == (owners == [UNKNOWN_ENTITY_ID])
    scope = registry.named("product").scope
    for entity_id in entities:
        caller = Caller(user_id=0, username="", level=Level.OVERVIEW, entity_id=entity_id)
        seen = restrict(Product.objects.filter(pk=imei), caller, scope).exists()
        assert seen == (entity_id in owners), (imei, entity_id)
