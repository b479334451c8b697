"""The life of a unit: its moves from one stage to the next. Reference: "States"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.errors import DomainError, Invalid, only
from apps.core.events import publish_many
from apps.products.errors import IllegalTransition, UnknownProduct
from apps.products.lifecycle import LifeStage, may_follow
from apps.products.models import Product, State, StateType
from apps.products.moves import Move, follow
from apps.products.services.units import hold_units


def change_state(*, product_imei: str, new_state: int, by: str) -> State:
    """Move a unit to the stage of life `new_state` (a state_type_id); returns the row of the move.

    A unit without any state stands at NON_EXISTANT. What follows from the move, such as what ends
    with a unit's life, is in every app's `consequences`, in this transaction.
    Raises UnknownProduct; Invalid for a state that does not exist; IllegalTransition for one that
    may not follow, the present one included.
    """
    return only(change_states(imeis=[product_imei], new_state=new_state, by=by))


@transaction.atomic
def change_states(
    *, imeis: Sequence[str], new_state: int, by: str
) -> dict[str, State | DomainError]:
    """`change_state` for many units: what it would return, or raise, for each.

    What follows from the moves refuses all of them where it refuses one.
    """
    held = hold_units(imeis)
    exists = StateType.objects.filter(pk=new_state).exists()
    stages = _stages(held)
    came: dict[str, State | DomainError] = {}
    movers: list[Product] = []
    for imei in imeis:
        if imei not in held:
            came[imei] = UnknownProduct()
        elif not exists:
            came[imei] = Invalid({"new_state": _("No row with this key exists")})
        elif not may_follow(stages[imei], new_state):
            came[imei] = IllegalTransition(stages[imei], new_state)
        else:
            movers.append(held[imei])
    return came | _move(movers, stages, new_state, by)


def _stages(imeis: Iterable[str]) -> dict[str, int]:
    """The stage each unit stands at; read after their rows were locked."""
    found = Product.objects.filter(pk__in=imeis).values_list(
        "pk", "latest_state__current_state_type_id"
    )
    return {imei: LifeStage.NON_EXISTANT if stage is None else stage for imei, stage in found}


def _move(
    units: Sequence[Product], stages: Mapping[str, int], new: int, by: str
) -> dict[str, State]:
    if not units:
        return {}
    now = timezone.now()
    rows = State.objects.bulk_create(
        State(
            product=unit,
            prev_state_type_id=stages[unit.pk],
            current_state_type_id=new,
            created_at=now,
            created_by=by,
        )
        for unit in units
    )
    ours = State.objects.filter(pk__in=[row.pk for row in rows], product=OuterRef("pk"))
    Product.objects.filter(pk__in=[unit.pk for unit in units]).update(
        latest_state=Subquery(ours.values("pk")[:1]), modified_at=now, modified_by=by
    )
    moves = []
    for unit, row in zip(units, rows, strict=True):
        unit.latest_state = row
        unit.modified_at, unit.modified_by = now, by
        # Legal moves lead from and to the stages of the table alone.
        before, after = LifeStage(stages[unit.pk]), LifeStage(new)
        moves.append(Move(product=unit, before=before, after=after, at=now, by=by))
    follow(moves)
    publish_many(
        "state_changed",
        {
            unit.pk: {"state_id": row.pk, "from": int(stages[unit.pk]), "to": int(new), "by": by}
            for unit, row in zip(units, rows, strict=True)
        },
    )
    return {unit.pk: row for unit, row in zip(units, rows, strict=True)}
