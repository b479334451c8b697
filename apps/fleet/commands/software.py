"""The software of many units: updates, locks, and calling updates off."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from rest_framework import serializers

from apps.core.callers import Caller
from apps.core.errors import Invalid
from apps.core.levels import Level
from apps.fleet import reasons
from apps.fleet.commands.command import Command, Order, Parameters, terminated
from apps.fleet.models import CommandName
from apps.products.models import (
    Product,
    ProductSoftwareLinker,
    ProductTypeSoftwareVersionTypeLinker,
    SoftwareStatus,
    SoftwareVersionType,
)
from apps.products.services import updates
from apps.products.software_api import SoftwareField


class SoftwareChoice(serializers.Serializer):
    """The version that the units are to load, by its id or its name."""

    software = SoftwareField()


def _prepare(parameters: dict[str, Any], caller: Caller) -> dict[str, Any]:
    """The id of the version in the place of its name; Invalid for one that no unit may load."""
    wanted = parameters["software"]
    key = {"name": wanted} if isinstance(wanted, str) else {"pk": wanted}
    version = SoftwareVersionType.objects.filter(**key).first()
    if version is None:
        raise Invalid({"software": _("No software version has this id or name")})
    if version.status == SoftwareStatus.BAD:
        text = _("The software_version {name} is known to be bad")
        raise Invalid({"software": text.format(name=version)})
    return {"software": version.pk}


def _told(parameters: Parameters) -> str:
    version = SoftwareVersionType.objects.filter(pk=parameters["software"]).first()
    return _("Software {name}").format(name=version or parameters["software"])


_OPEN = Q(date_removed__isnull=True)
_WAITING = Q(date_removed__isnull=True, date_added__isnull=True)


def _rows(which: Q) -> QuerySet[ProductSoftwareLinker]:
    return ProductSoftwareLinker.objects.filter(which, product=OuterRef("pk"))


def _of_other_types(version_id: int) -> QuerySet[Product]:
    allowed = ProductTypeSoftwareVersionTypeLinker.objects.filter(software_version_type=version_id)
    return Product.objects.exclude(product_type__in=allowed.values("product_type"))


def _asked_for(version_id: int) -> QuerySet[Product]:
    """The units that run the version or were asked for it, and wait for no other."""
    ours = Q(software_version_type=version_id)
    return Product.objects.filter(Exists(_rows(_OPEN & ours)), ~Exists(_rows(_WAITING & ~ours)))


def _update_skips(parameters: Parameters) -> Iterable[tuple[str, QuerySet[Product]]]:
    version_id = parameters["software"]
    yield reasons.TERMINATED, terminated()
    yield reasons.WRONG_TYPE, _of_other_types(version_id)
    locked = Product.objects.filter(software_lock__isnull=False)
    yield reasons.LOCKED, locked.exclude(software_lock=version_id)
    yield reasons.ALREADY, _asked_for(version_id)


def _lock_skips(parameters: Parameters) -> Iterable[tuple[str, QuerySet[Product]]]:
    version_id = parameters["software"]
    yield reasons.TERMINATED, terminated()
    yield reasons.WRONG_TYPE, _of_other_types(version_id)
    yield reasons.ALREADY, _asked_for(version_id).filter(software_lock=version_id)


def _unlock_skips(parameters: Parameters) -> Iterable[tuple[str, QuerySet[Product]]]:
    yield reasons.ALREADY, Product.objects.filter(software_lock__isnull=True)


def _expire_skips(parameters: Parameters) -> Iterable[tuple[str, QuerySet[Product]]]:
    yield reasons.NOTHING_WAITS, Product.objects.filter(~Exists(_rows(_WAITING)))


def _update(imeis: Sequence[str], order: Order) -> Mapping[str, Any]:
    return updates.update_units(imeis=imeis, software=order.parameters["software"], by=order.by)


def _lock(imeis: Sequence[str], order: Order) -> Mapping[str, Any]:
    return updates.lock_units(imeis=imeis, software=order.parameters["software"], by=order.by)


def _unlock(imeis: Sequence[str], order: Order) -> dict[str, Any]:
    came = updates.unlock_units(imeis=imeis, by=order.by)
    return {imei: True if result is None else result for imei, result in came.items()}


def _expire(imeis: Sequence[str], order: Order) -> dict[str, Any]:
    came = updates.expire_units(imeis=imeis, by=order.by)
    return {imei: result or None for imei, result in came.items()}


COMMANDS = (
    Command(
        name=CommandName.UPDATE_SOFTWARE,
        level=Level.SYSTEM,
        title=lazy("Update software"),
        icon="system_update",
        consequence=lazy(
            "Each unit loads the version at its next contact. Updates to other versions that still"
            " wait are called off."
        ),
        body=SoftwareChoice,
        prepare=_prepare,
        told=_told,
        run=_update,
        skips=_update_skips,
        silent=True,
    ),
    Command(
        name=CommandName.LOCK_SOFTWARE,
        level=Level.SYSTEM,
        title=lazy("Lock software"),
        icon="lock",
        consequence=lazy(
            "Each unit loads the version at its next contact and takes no other from then on."
        ),
        body=SoftwareChoice,
        prepare=_prepare,
        told=_told,
        run=_lock,
        skips=_lock_skips,
        silent=True,
    ),
    Command(
        name=CommandName.UNLOCK_SOFTWARE,
        level=Level.SYSTEM,
        title=lazy("Unlock software"),
        icon="lock_open",
        consequence=lazy("The units take any version again; what they were asked for stays."),
        run=_unlock,
        skips=_unlock_skips,
        silent=True,
    ),
    Command(
        name=CommandName.EXPIRE_SOFTWARE_UPDATES,
        level=Level.SYSTEM,
        title=lazy("Call off software updates"),
        icon="update_disabled",
        consequence=lazy("Updates that the units have not loaded yet are called off."),
        run=_expire,
        skips=_expire_skips,
    ),
)
