"""The stage of life of many units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from apps.core.callers import Caller
from apps.core.errors import Invalid
from apps.core.levels import Level
from apps.fleet import reasons
from apps.fleet.commands.command import Command, Order, Parameters
from apps.fleet.models import CommandName
from apps.products.lifecycle import LifeStage, may_follow
from apps.products.lifecycle_api import NewState
from apps.products.models import Product, StateType
from apps.products.services.lifecycle import change_states


def _prepare(parameters: dict[str, Any], caller: Caller) -> dict[str, Any]:
    if not StateType.objects.filter(pk=parameters["new_state"]).exists():
        raise Invalid({"new_state": _("No row with this key exists")})
    return parameters


def _told(parameters: Parameters) -> str:
    stage = StateType.objects.filter(pk=parameters["new_state"]).first()
    return _("To the state {name}").format(name=stage or parameters["new_state"])


def _skips(parameters: Parameters) -> Iterable[tuple[str, QuerySet[Product]]]:
    new = parameters["new_state"]
    units = Product.objects.annotate(
        stage=Coalesce(F("latest_state__current_state_type_id"), Value(int(LifeStage.NON_EXISTANT)))
    )
    before = [int(stage) for stage in LifeStage if may_follow(stage, new)]
    yield reasons.ALREADY, units.filter(stage=new)
    yield reasons.STATE, units.exclude(stage__in=before)


def _run(imeis: Sequence[str], order: Order) -> Mapping[str, Any]:
    return change_states(imeis=imeis, new_state=order.parameters["new_state"], by=order.by)


COMMANDS = (
    Command(
        name=CommandName.CHANGE_STATE,
        level=Level.ADMIN,
        title=lazy("Change state"),
        icon="route",
        consequence=lazy(
            "What follows from the state holds at once. Units that become TERMINATED are heard no"
            " more, and none of them returns."
        ),
        body=NewState,
        prepare=_prepare,
        told=_told,
        run=_run,
        skips=_skips,
    ),
)
