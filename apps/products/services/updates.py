"""Software that staff ask a unit to load, and locks on the software it has.

Rows are as `apps.products.services.software` says: an update that was asked for has neither date;
one that is called off gets both at once. Reference: "/products/<imei>/update_software",
"/products/<imei>/lock_software", "/products/<imei>/expire_software_updates".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.errors import Invalid
from apps.products.models import (
    Product,
    ProductSoftwareLinker,
    ProductTypeSoftwareVersionTypeLinker,
    SoftwareStatus,
    SoftwareVersionType,
)
from apps.products.services.units import hold_unit, refuse_terminated


@transaction.atomic
def update_software(*, product_imei: str, software: int | str, by: str) -> SoftwareVersionType:
    """Ask a unit to load a version, named by its software_version_type_id or its name.

    An update to another version that still waits is called off. Where the unit runs the version or
    was asked for it already, no further row is written. Returns the version.
    Raises UnknownProduct, UnitTerminated, and Invalid for a version that does not exist, is bad, is
    not for this type of unit, or is not the one the unit is locked to.
    """
    product = hold_unit(product_imei)
    refuse_terminated(product_imei)
    version = _version_for(product, software)
    if product.software_lock_id not in (None, version.pk):
        text = _("Product #{imei} is locked to software_version {name} and takes no other")
        raise Invalid({"software": text.format(imei=product_imei, name=product.software_lock)})
    _ask(product, version, by)
    return version


@transaction.atomic
def lock_software(*, product_imei: str, software: int | str, by: str) -> SoftwareVersionType:
    """Ask a unit to load a version, as `update_software` does, and to take no other after it.

    A lock to another version is replaced. Returns the version; raises as `update_software`.
    """
    product = hold_unit(product_imei)
    refuse_terminated(product_imei)
    version = _version_for(product, software)
    _set_lock(product, version, by)
    _ask(product, version, by)
    return version


@transaction.atomic
def unlock_software(*, product_imei: str, by: str) -> None:
    """Let a unit take any version again; what it was asked for stays. Raises UnknownProduct."""
    _set_lock(hold_unit(product_imei), None, by)


@transaction.atomic
def expire_software_updates(*, product_imei: str, by: str) -> int:
    """Call off every update that a unit was asked for and does not run yet; returns how many.

    Raises UnknownProduct.
    """
    return _expire(_waiting(hold_unit(product_imei)), by)


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


def _version_for(product: Product, software: int | str) -> SoftwareVersionType:
    """The version of this id or name, if this unit may run it."""
    key = {"name": software} if isinstance(software, str) else {"pk": software}
    version = SoftwareVersionType.objects.filter(**key).first()
    if version is None:
        raise Invalid({"software": _("No software version has this id or name")})
    if version.status == SoftwareStatus.BAD:
        text = _("The software_version {name} is known to be bad")
        raise Invalid({"software": text.format(name=version)})
    allowed = ProductTypeSoftwareVersionTypeLinker.objects.filter(
        product_type_id=product.product_type_id, software_version_type=version
    )
    if not allowed.exists():
        text = _("The software_version {name} is not for units of the type {type}")
        raise Invalid({"software": text.format(name=version, type=product.product_type)})
    return version


def _ask(product: Product, version: SoftwareVersionType, by: str) -> None:
    waiting = _waiting(product)
    _expire(waiting.exclude(software_version_type=version), by)
    unended = ProductSoftwareLinker.objects.filter(product=product, date_removed__isnull=True)
    if not unended.filter(software_version_type=version).exists():
        ProductSoftwareLinker.objects.create(
            product=product, software_version_type=version, update_attempts=0, created_by=by
        )


def _waiting(product: Product) -> QuerySet[ProductSoftwareLinker]:
    return ProductSoftwareLinker.objects.filter(
        product=product, date_added__isnull=True, date_removed__isnull=True
    )


def _expire(rows: QuerySet[ProductSoftwareLinker], by: str) -> int:
    now = timezone.now()
    return rows.update(date_added=now, date_removed=now, modified_at=now, modified_by=by)


def _set_lock(product: Product, version: SoftwareVersionType | None, by: str) -> None:
    if product.software_lock_id == (version.pk if version else None):
        return
    product.software_lock = version
    product.modified_at, product.modified_by = timezone.now(), by
    product.save(update_fields=["software_lock", "modified_at", "modified_by"])
