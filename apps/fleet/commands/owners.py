"""The entities that own many units."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from apps.core.actions import require_visible
from apps.core.callers import Caller
from apps.core.errors import NotFound
from apps.core.levels import Level
from apps.entities.api import EntityChoice, EntityExchange
from apps.entities.errors import UnknownEntity
from apps.entities.models import Entity, ProductEntityLinker
from apps.entities.selectors import UNKNOWN_ENTITY_ID
from apps.entities.services import owners
from apps.fleet import reasons
from apps.fleet.commands.command import Command, Order, Parameters, Run
from apps.fleet.models import CommandName
from apps.products.models import Product


def _prepare(parameters: dict[str, Any], caller: Caller) -> dict[str, Any]:
    """UnknownEntity for entities that do not exist, or that the caller may not know of."""
    missing = []
    for column, key in parameters.items():
        try:
            require_visible("entity", str(key), caller)
        except NotFound:
            missing.append(column)
    if missing:
        raise UnknownEntity(*missing)
    return parameters


def _name(key: int) -> str:
    return Entity.objects.filter(pk=key).values_list("name", flat=True).first() or str(key)


def _told(parameters: Parameters) -> str:
    return _("Entity {name}").format(name=_name(parameters["entity_id"]))


def _told_exchange(parameters: Parameters) -> str:
    text = _("From entity {old} to entity {new}")
    return text.format(
        old=_name(parameters["old_entity_id"]), new=_name(parameters["new_entity_id"])
    )


def _owned(*, by: int, ever: bool = False) -> Exists:
    rows = ProductEntityLinker.objects.filter(product=OuterRef("pk"), entity_id=by)
    return Exists(rows if ever else rows.filter(date_removed__isnull=True))


def _owned_beside(*entities: int) -> Exists:
    """Whether the unit has an owner other than these."""
    rows = ProductEntityLinker.objects.filter(product=OuterRef("pk"), date_removed__isnull=True)
    return Exists(rows.exclude(entity_id__in=entities))


def _assign_skips(parameters: Parameters) -> Iterable[tuple[str, QuerySet[Product]]]:
    key = parameters["entity_id"]
    if key == UNKNOWN_ENTITY_ID:
        yield reasons.OTHER_OWNERS, Product.objects.filter(_owned_beside(key))
    yield reasons.ALREADY, Product.objects.filter(_owned(by=key))


def _change_skips(parameters: Parameters) -> Iterable[tuple[str, QuerySet[Product]]]:
    old, new = parameters["old_entity_id"], parameters["new_entity_id"]
    moved = Product.objects.filter(~_owned(by=old), _owned(by=new), _owned(by=old, ever=True))
    yield reasons.ALREADY, moved
    yield reasons.NOT_OWNED, Product.objects.filter(~_owned(by=old))
    if new == UNKNOWN_ENTITY_ID:
        yield reasons.OTHER_OWNERS, Product.objects.filter(_owned_beside(old, new))
    if old == new:
        yield reasons.ALREADY, Product.objects.filter(_owned(by=old))


def _remove_skips(parameters: Parameters) -> Iterable[tuple[str, QuerySet[Product]]]:
    key = parameters["entity_id"]
    yield reasons.NOT_OWNED, Product.objects.filter(~_owned(by=key))
    if key == UNKNOWN_ENTITY_ID:
        yield reasons.NO_OWNER, Product.objects.filter(~_owned_beside(key))


def _by(service: Callable[..., Mapping[str, Any]]) -> Run:
    """A service on the owners of units; None where it says that there was nothing to do."""

    def run(imeis: Sequence[str], order: Order) -> dict[str, Any]:
        came = service(imeis=imeis, within=order.entity_id, by=order.by, **order.parameters)
        return {imei: None if result is False else result for imei, result in came.items()}

    return run


COMMANDS = (
    Command(
        name=CommandName.ASSIGN_ENTITY,
        level=Level.ADMIN,
        title=lazy("Assign to an entity"),
        icon="add_business",
        consequence=lazy("People of this entity see the units from their next request on."),
        body=EntityChoice,
        prepare=_prepare,
        told=_told,
        run=_by(owners.assign_units),
        skips=_assign_skips,
    ),
    Command(
        name=CommandName.CHANGE_ENTITY,
        level=Level.ADMIN,
        title=lazy("Move to another entity"),
        icon="swap_horiz",
        consequence=lazy(
            "People of the first entity no longer see the units, those of the other do, from their"
            " next request on."
        ),
        body=EntityExchange,
        prepare=_prepare,
        told=_told_exchange,
        run=_by(owners.change_units),
        skips=_change_skips,
    ),
    Command(
        name=CommandName.REMOVE_ENTITY,
        level=Level.ADMIN,
        title=lazy("Take from an entity"),
        icon="domain_disabled",
        consequence=lazy(
            "People of this entity no longer see the units from their next request on. Units that"
            " are left without any belong to Unknown Entity."
        ),
        body=EntityChoice,
        prepare=_prepare,
        told=_told,
        run=_by(owners.remove_units),
        skips=_remove_skips,
    ),
)
