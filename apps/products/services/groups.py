"""Groups of units, such as the units of one pilot.

A unit is in a group while its row of product_product_group_linker is open; rows are closed by a
date and never deleted. A group may be confined to one product type, to one entity, or to both; a
unit that leaves an entity leaves the groups of that entity with it.
"""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.errors import Invalid, NotFound
from apps.core.writing import one_write
from apps.entities.selectors import owners_of
from apps.products.errors import UnknownProduct
from apps.products.models import Product, ProductGroup, ProductProductGroupLinker


@one_write()
def add_to_group(
    *, product_imei: str, product_group_id: int, by: str
) -> tuple[ProductProductGroupLinker, bool]:
    """Put a unit into a group, if the group is open to its type and to an entity that owns it.

    Returns the open row, and whether it is new: a unit that is in the group already stays as it is.
    Raises UnknownProduct, NotFound for the group, or Invalid for a unit the group is not open to,
    and has then written nothing.
    """
    product = _hold(product_imei)
    group = _group(product_group_id)
    current = _open_row(product, group)
    if current is not None:
        return current, False
    _refuse_strangers(product, group)
    now = timezone.now()
    row = ProductProductGroupLinker.objects.create(
        product=product, product_group=group, date_added=now, created_at=now, created_by=by
    )
    return row, True


@one_write()
def remove_from_group(
    *, product_imei: str, product_group_id: int, by: str
) -> ProductProductGroupLinker:
    """Take a unit out of a group; returns the closed row.

    Raises UnknownProduct, NotFound for the group, or Invalid where the unit is not in it.
    """
    product = _hold(product_imei)
    group = _group(product_group_id)
    row = _open_row(product, group)
    if row is None:
        text = _("Product #{imei} is not in the group “{group}”")
        raise Invalid({"product_imei": text.format(imei=product.pk, group=group)})
    _close(row, by)
    return row


@one_write()
def leave_groups_of_others(*, product_imei: str, by: str) -> int:
    """Take a unit out of every group of an entity that does not own it (any more); how many.

    Raises UnknownProduct.
    """
    product = _hold(product_imei)
    rows = ProductProductGroupLinker.objects.filter(
        product=product, date_removed__isnull=True, product_group__entity__isnull=False
    ).exclude(product_group__entity__in=owners_of(product.pk))
    left = list(rows.order_by("pk"))
    for row in left:
        _close(row, by)
    return len(left)


def _close(row: ProductProductGroupLinker, by: str) -> None:
    now = timezone.now()
    row.date_removed = max(now, row.date_added or now)
    row.modified_at, row.modified_by = now, by
    row.save(update_fields=["date_removed", "modified_at", "modified_by"])


def _hold(product_imei: str) -> Product:
    """The unit, its row locked: requests about its groups and its owners follow one another."""
    product = Product.objects.select_for_update(no_key=True).filter(pk=product_imei).first()
    if product is None:
        raise UnknownProduct
    return product


def _group(product_group_id: int) -> ProductGroup:
    group = ProductGroup.objects.filter(pk=product_group_id).first()
    if group is None:
        raise NotFound
    return group


def _open_row(product: Product, group: ProductGroup) -> ProductProductGroupLinker | None:
    rows = ProductProductGroupLinker.objects.filter(product=product, product_group=group)
    return rows.filter(date_removed__isnull=True).first()


def _refuse_strangers(product: Product, group: ProductGroup) -> None:
    """Invalid for a unit of another type, or of none of the owners, than the group is open to."""
    wrong = []
    if group.product_type_id not in (None, product.product_type_id):
        text = _("The group “{group}” takes units of the type {type} only")
        wrong.append(text.format(group=group, type=group.product_type))
    if group.entity_id and not owners_of(product.pk, within=group.entity_id).exists():
        text = _("The group “{group}” takes units of the entity {entity} only")
        wrong.append(text.format(group=group, entity=group.entity))
    if wrong:
        raise Invalid({"product_imei": ". ".join(wrong)})
