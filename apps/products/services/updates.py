"""Software that staff ask a unit to load, and locks on the software it has.

Rows are as `apps.products.services.software` says: an update that was asked for has neither date;
one that is called off gets both at once. Reference: "/products/<imei>/update_software",
"/products/<imei>/lock_software", "/products/<imei>/expire_software_updates".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.audit import note_made
from apps.core.errors import DomainError, Invalid, only
from apps.products.errors import UnitTerminated, UnknownProduct
from apps.products.models import (
    Product,
    ProductSoftwareLinker,
    ProductTypeSoftwareVersionTypeLinker,
    SoftwareStatus,
    SoftwareVersionType,
)
from apps.products.services.units import hold_units, terminated_among


def update_software(*, product_imei: str, software: int | str, by: str) -> SoftwareVersionType:
    """Ask a unit to load a version, named by its software_version_type_id or its name.

    An update to another version that still waits is called off. Where the unit runs the version or
    was asked for it already, no further row is written. Returns the version.
    Raises UnknownProduct, UnitTerminated, and Invalid for a version that does not exist, is bad, is
    not for this type of unit, or is not the one the unit is locked to.
    """
    return only(update_units(imeis=[product_imei], software=software, by=by))


def lock_software(*, product_imei: str, software: int | str, by: str) -> SoftwareVersionType:
    """Ask a unit to load a version, as `update_software` does, and to take no other after it.

    A lock to another version is replaced. Returns the version; raises as `update_software`.
    """
    return only(lock_units(imeis=[product_imei], software=software, by=by))


def unlock_software(*, product_imei: str, by: str) -> None:
    """Let a unit take any version again; what it was asked for stays. Raises UnknownProduct."""
    only(unlock_units(imeis=[product_imei], by=by))


def expire_software_updates(*, product_imei: str, by: str) -> int:
    """Call off every update that a unit was asked for and does not run yet; returns how many.

    Raises UnknownProduct.
    """
    return only(expire_units(imeis=[product_imei], by=by))


@transaction.atomic
def update_units(
    *, imeis: Sequence[str], software: int | str, by: str
) -> dict[str, SoftwareVersionType | DomainError]:
    """`update_software` for many units: what it would return, or raise, for each."""
    chosen = _Chosen(imeis, software)
    chosen.refuse_locked()
    _ask(chosen, by)
    return chosen.answers()


@transaction.atomic
def lock_units(
    *, imeis: Sequence[str], software: int | str, by: str
) -> dict[str, SoftwareVersionType | DomainError]:
    """`lock_software` for many units: what it would return, or raise, for each."""
    chosen = _Chosen(imeis, software)
    _set_lock(chosen.units.values(), chosen.version, by)
    _ask(chosen, by)
    return chosen.answers()


@transaction.atomic
def unlock_units(*, imeis: Sequence[str], by: str) -> dict[str, DomainError | None]:
    """`unlock_software` for many units: None, or what it would raise, for each."""
    held = hold_units(imeis)
    _set_lock(held.values(), None, by)
    return {imei: None if imei in held else UnknownProduct() for imei in imeis}


@transaction.atomic
def expire_units(*, imeis: Sequence[str], by: str) -> dict[str, int | DomainError]:
    """`expire_software_updates` for many units: how many for each, or what it would raise."""
    held = hold_units(imeis)
    waiting = Counter(_waiting(held).values_list("product_id", flat=True))
    if waiting:
        _expire(_waiting(waiting), by)
    return {imei: waiting[imei] if imei in held else UnknownProduct() for imei in imeis}


@transaction.atomic
def write_update(values: Mapping[str, Any], by: str) -> ProductSoftwareLinker:
    """`update_software`, as a new row of the table asks for it: by its columns.

    Returns the row of the update, or of the version where the unit runs it already.
    """
    product_imei, version_id = values["product_imei"], values["software_version_type_id"]
    try:
        update_software(product_imei=product_imei, software=version_id, by=by)
    except Invalid as error:
        if error.errors and "software" in error.errors:
            raise Invalid({"software_version_type_id": error.errors["software"]}) from error
        raise
    return ProductSoftwareLinker.objects.filter(
        product=product_imei, software_version_type=version_id, date_removed__isnull=True
    ).latest("pk")


class _Chosen:
    """The units that are to load a version: `units` that may, the others with what refuses them.

    Their rows are locked. `version` is None only where it refuses all of them.
    """

    def __init__(self, imeis: Sequence[str], software: int | str) -> None:
        self.imeis = imeis
        held = hold_units(imeis)
        ended = terminated_among(held)
        self.refused: dict[str, DomainError] = {}
        self.units: dict[str, Product] = {}
        self.version, wrong = _version(software)
        for imei in imeis:
            if imei not in held:
                self.refused[imei] = UnknownProduct()
            elif imei in ended:
                self.refused[imei] = UnitTerminated(imei)
            elif wrong is not None:
                self.refused[imei] = wrong
            else:
                self.units[imei] = held[imei]
        self._refuse_other_types()

    def _refuse_other_types(self) -> None:
        if not self.units:
            return
        links = ProductTypeSoftwareVersionTypeLinker.objects.filter(
            product_type__in={unit.product_type_id for unit in self.units.values()},
            software_version_type=self.version,
        )
        allowed = set(links.values_list("product_type_id", flat=True))
        others = [u for u in self.units.values() if u.product_type_id not in allowed]
        prefetch_related_objects(others, "product_type")
        text = _("The software_version {name} is not for units of the type {type}")
        for unit in others:
            self._refuse(unit, text.format(name=self.version, type=unit.product_type))

    def refuse_locked(self) -> None:
        key = self.version.pk if self.version else None
        locked = [u for u in self.units.values() if u.software_lock_id not in (None, key)]
        prefetch_related_objects(locked, "software_lock")
        text = _("Product #{imei} is locked to software_version {name} and takes no other")
        for unit in locked:
            self._refuse(unit, text.format(imei=unit.pk, name=unit.software_lock))

    def _refuse(self, unit: Product, why: str) -> None:
        self.refused[unit.pk] = Invalid({"software": why})
        del self.units[unit.pk]

    def answers(self) -> dict[str, SoftwareVersionType | DomainError]:
        found: dict[str, Any] = dict.fromkeys(self.units, self.version)
        return {imei: found.get(imei) or self.refused[imei] for imei in self.imeis}


def _version(software: int | str) -> tuple[SoftwareVersionType | None, Invalid | None]:
    """The version of this id or name, or why no unit may load it."""
    key = {"name": software} if isinstance(software, str) else {"pk": software}
    version = SoftwareVersionType.objects.filter(**key).first()
    if version is None:
        return None, Invalid({"software": _("No software version has this id or name")})
    if version.status == SoftwareStatus.BAD:
        text = _("The software_version {name} is known to be bad")
        return version, Invalid({"software": text.format(name=version)})
    return version, None


def _ask(chosen: _Chosen, by: str) -> None:
    units, version = list(chosen.units), chosen.version
    if not units:
        return
    _expire(_waiting(units).exclude(software_version_type=version), by)
    unended = ProductSoftwareLinker.objects.filter(
        product__in=units, software_version_type=version, date_removed__isnull=True
    )
    have = set(unended.values_list("product_id", flat=True))
    asked = ProductSoftwareLinker.objects.bulk_create(
        ProductSoftwareLinker(
            product_id=imei, software_version_type=version, update_attempts=0, created_by=by
        )
        for imei in units
        if imei not in have
    )
    note_made(asked)


def _waiting(imeis: Iterable[str]) -> QuerySet[ProductSoftwareLinker]:
    return ProductSoftwareLinker.objects.filter(
        product__in=imeis, date_added__isnull=True, date_removed__isnull=True
    )


def _expire(rows: QuerySet[ProductSoftwareLinker], by: str) -> None:
    now = timezone.now()
    rows.update(date_added=now, date_removed=now, modified_at=now, modified_by=by)


def _set_lock(units: Iterable[Product], version: SoftwareVersionType | None, by: str) -> None:
    key = version.pk if version else None
    others = [unit.pk for unit in units if unit.software_lock_id != key]
    if others:
        Product.objects.filter(pk__in=others).update(
            software_lock=version, modified_at=timezone.now(), modified_by=by
        )
