"""What a command to many units is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from rest_framework.serializers import Serializer

from apps.core.callers import Caller
from apps.core.levels import Level
from apps.fleet.models import CommandName
from apps.products.models import Product
from apps.products.selectors import TERMINATED

Parameters = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Order:
    """What a service is told besides the units: who asks, confined to which entity."""

    by: str
    entity_id: int | None
    parameters: Parameters


# Does it to many units in few statements, by the service that the single action calls. For each
# unit what came of it, None where there was nothing to do, or the DomainError that refuses it.
Run = Callable[[Sequence[str], Order], Mapping[str, Any]]
# Why units are skipped, the most telling reason first, and which ones: of all units there are.
Skips = Callable[[Parameters], Iterable[tuple[str, QuerySet[Product]]]]
# The same where another app knows the reasons: those of these units that are skipped.
Judge = Callable[[Sequence[str]], Mapping[str, str]]


class Nothing(Serializer):
    """No parameters."""


def _as_given(parameters: dict[str, Any], caller: Caller) -> dict[str, Any]:
    return parameters


@dataclass(frozen=True, kw_only=True)
class Command:
    """One thing that can be asked of many units.

    level       that of the action on one unit
    title       as a button says it
    consequence what follows for the people who have the units, said before it is confirmed
    body        what its parameters are
    prepare     checks what the parameters name, within the caller's scope; returns those to keep
    told        the parameters in words
    silent      its service does not say whether there was anything to do: the preview's judgement
                of "already" stands
    per_minute  units a minute unless another number is asked for; None for the general one
    sends_sms   units that can be woken get a text message, so that they hear of it at once
    """

    name: CommandName
    level: Level
    title: Any
    icon: str
    consequence: Any
    run: Run
    skips: Skips
    body: type[Serializer] = Nothing
    prepare: Callable[[dict[str, Any], Caller], dict[str, Any]] = _as_given
    told: Callable[[Parameters], str] = lambda parameters: ""
    judge: Judge | None = None
    silent: bool = False
    per_minute: int | None = None
    sends_sms: bool = False


def terminated() -> QuerySet[Product]:
    """The units at the end of their life."""
    return Product.objects.filter(latest_state__current_state_type__name=TERMINATED)
