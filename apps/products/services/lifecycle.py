"""The life of a unit: its moves from one stage to the next. Reference: "States"."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.errors import Invalid
from apps.core.events import publish
from apps.products.errors import IllegalTransition
from apps.products.lifecycle import LifeStage, may_follow
from apps.products.models import Product, State, StateType
from apps.products.moves import Move, follow
from apps.products.services.units import hold_unit


@transaction.atomic
def change_state(*, product_imei: str, new_state: int, by: str) -> State:
    """Move a unit to the stage of life `new_state` (a state_type_id); returns the row of the move.

    A unit without any state stands at NON_EXISTANT. What follows from the move, such as what ends
    with a unit's life, is in every app's `consequences`, in this transaction.
    Raises UnknownProduct; Invalid for a state that does not exist; IllegalTransition for one that
    may not follow, the present one included.
    """
    product = hold_unit(product_imei)
    if not StateType.objects.filter(pk=new_state).exists():
        raise Invalid({"new_state": _("No row with this key exists")})
    current = _stage(product)
    if not may_follow(current, new_state):
        raise IllegalTransition(current, new_state)
    return _move(product, current, new_state, by)


def _stage(product: Product) -> int:
    """The stage a unit stands at; read after its row was locked."""
    found = StateType.objects.filter(states__pk=product.latest_state_id or 0)
    stage = found.values_list("state_type_id", flat=True).first()
    return LifeStage.NON_EXISTANT if stage is None else stage


def _move(product: Product, current: int, new: int, by: str) -> State:
    now = timezone.now()
    row = State.objects.create(
        product=product,
        prev_state_type_id=current,
        current_state_type_id=new,
        created_at=now,
        created_by=by,
    )
    product.latest_state = row
    product.modified_at, product.modified_by = now, by
    product.save(update_fields=["latest_state", "modified_at", "modified_by"])
    # Legal moves lead from and to the stages of the table alone.
    follow(Move(product=product, before=LifeStage(current), after=LifeStage(new), at=now, by=by))
    publish(
        "state_changed",
        subject=product.pk,
        data={"state_id": row.pk, "from": int(current), "to": int(new), "by": by},
    )
    return row
