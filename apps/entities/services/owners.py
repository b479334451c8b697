"""Which entities own a unit.

A unit may have many owners, one open row of product_entity_linker each. A unit without any belongs
to Unknown Entity, whose row is open exactly while there is no other. Rows are closed by a date and
never deleted. Scope is read from the open rows, so each change holds from the next request on.
Reference: "/products/<imei>/assign_entity", "/products/<imei>/change_entity",
"/products/<imei>/remove_entity".
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.errors import NotFound, Unavailable
from apps.core.events import publish
from apps.core.writing import one_write
from apps.entities.errors import NotAnOwner, OnlyUnknownEntity, OtherOwners, UnknownEntity
from apps.entities.models import Entity, ProductEntityLinker
from apps.entities.selectors import UNKNOWN_ENTITY_ID
from apps.entities.services.units import hold_unit

OpenRows = Mapping[int, ProductEntityLinker]


@one_write()
def assign_entity(*, product_imei: str, entity_id: int, within: int | None = None, by: str) -> bool:
    """Make an entity one more owner of a unit. Returns False where it is one already.

    `within` is the entity a caller is confined to: a unit it does not own is not there. Raises
    NotFound, UnknownEntity or OtherOwners, and has then written nothing.
    """
    open_rows = _hold(product_imei, within)
    _require(entity_id=entity_id)
    wanted = {*open_rows, entity_id}
    _refuse_beside_others(product_imei, wanted, entity_id=entity_id)
    return _settle(product_imei, open_rows, wanted, by=by)


@one_write()
def change_entity(
    *,
    product_imei: str,
    old_entity_id: int,
    new_entity_id: int,
    within: int | None = None,
    by: str,
) -> bool:
    """Make one entity the owner of a unit in place of another; its other owners stay.

    Returns False where that is so already, i.e. the new one is an owner and the old one was.
    `within` as for `assign_entity`. Raises NotFound, UnknownEntity, NotAnOwner or OtherOwners, and
    has then written nothing.
    """
    open_rows = _hold(product_imei, within)
    _require(old_entity_id=old_entity_id, new_entity_id=new_entity_id)
    if old_entity_id not in open_rows:
        if new_entity_id in open_rows and _was_owner(product_imei, old_entity_id):
            return False
        raise NotAnOwner(product_imei, old_entity_id=old_entity_id)
    wanted = open_rows.keys() - {old_entity_id} | {new_entity_id}
    _refuse_beside_others(product_imei, wanted, new_entity_id=new_entity_id)
    return _settle(product_imei, open_rows, wanted, by=by)


@one_write()
def remove_entity(*, product_imei: str, entity_id: int, within: int | None = None, by: str) -> None:
    """Take a unit from one of its owners; with the last one gone it belongs to Unknown Entity.

    `within` as for `assign_entity`. Raises NotFound, UnknownEntity, NotAnOwner or
    OnlyUnknownEntity, and has then written nothing.
    """
    open_rows = _hold(product_imei, within)
    _require(entity_id=entity_id)
    if entity_id not in open_rows:
        raise NotAnOwner(product_imei, entity_id=entity_id)
    if open_rows.keys() == {UNKNOWN_ENTITY_ID}:
        raise OnlyUnknownEntity(product_imei)
    _settle(product_imei, open_rows, open_rows.keys() - {entity_id}, by=by)


@one_write()
def ensure_owner(*, product_imei: str, by: str) -> bool:
    """Give a unit without an owner, such as a new one, to Unknown Entity.

    Returns False where it has one. Raises NotFound.
    """
    open_rows = _hold(product_imei, None)
    return _settle(product_imei, open_rows, set(open_rows), by=by)


@one_write()
def delete_owner_row(row: ProductEntityLinker, by: str) -> None:
    """Delete a row from the history of a unit's owners, as if it had never been written.

    A unit that is left without an owner belongs to Unknown Entity, as after `remove_entity`.
    """
    hold_unit(row.product_id)
    row.delete()
    ensure_owner(product_imei=row.product_id, by=by)


def _hold(product_imei: str, within: int | None) -> OpenRows:
    """The unit's open rows by entity, read while its row is locked."""
    hold_unit(product_imei)
    rows = ProductEntityLinker.objects.filter(product_id=product_imei, date_removed__isnull=True)
    open_rows = {row.entity_id: row for row in rows}
    # Looked at before the lock, the unit may have left the caller's entity since.
    if within is not None and within not in open_rows:
        raise NotFound
    return open_rows


def _require(**named: int) -> None:
    """UnknownEntity for every column that names an entity that does not exist."""
    found = set(Entity.objects.filter(pk__in=named.values()).values_list("pk", flat=True))
    missing = [column for column, entity_id in named.items() if entity_id not in found]
    if missing:
        raise UnknownEntity(*missing)


def _was_owner(product_imei: str, entity_id: int) -> bool:
    rows = ProductEntityLinker.objects.filter(product_id=product_imei, entity_id=entity_id)
    return rows.exists()


def _refuse_beside_others(product_imei: str, wanted: set[int], **named: int) -> None:
    """Unknown Entity stands for no owner: it cannot be put beside one."""
    for column, entity_id in named.items():
        if entity_id == UNKNOWN_ENTITY_ID and wanted != {UNKNOWN_ENTITY_ID}:
            raise OtherOwners(product_imei, column)


def _settle(product_imei: str, open_rows: OpenRows, wanted: set[int], *, by: str) -> bool:
    """Close and open rows until the unit's owners are those wanted, or Unknown Entity for none.

    One moment ends the old rows and begins the new ones, and is never before a row began. Returns
    whether there was anything to do.
    """
    owners = wanted - {UNKNOWN_ENTITY_ID} or {UNKNOWN_ENTITY_ID}
    ended, begun = sorted(open_rows.keys() - owners), sorted(owners - open_rows.keys())
    if not ended and not begun:
        return False
    if begun == [UNKNOWN_ENTITY_ID] and not Entity.objects.filter(pk=UNKNOWN_ENTITY_ID).exists():
        raise Unavailable(_("Unknown Entity is missing: let staff run manage.py bootstrap"))
    began = [row.date_added for row in open_rows.values() if row.date_added]
    now = max([timezone.now(), *began])
    for entity_id in ended:
        row = open_rows[entity_id]
        row.date_removed = row.modified_at = now
        row.modified_by = by
        row.save(update_fields=["date_removed", "modified_at", "modified_by"])
    for entity_id in begun:
        ProductEntityLinker.objects.create(
            product_id=product_imei,
            entity_id=entity_id,
            date_added=now,
            created_at=now,
            created_by=by,
        )
    publish(
        "entity_changed", subject=product_imei, data={"added": begun, "removed": ended, "by": by}
    )
    return True
