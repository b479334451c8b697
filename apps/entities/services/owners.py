"""Which entities own a unit.

A unit may have many owners, one open row of product_entity_linker each. A unit without any belongs
to Unknown Entity, whose row is open exactly while there is no other. Rows are closed by a date and
never deleted. Scope is read from the open rows, so each change holds from the next request on.
Reference: "/products/<imei>/assign_entity", "/products/<imei>/change_entity",
"/products/<imei>/remove_entity".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.audit import note_made
from apps.core.errors import DomainError, NotFound, Unavailable, only
from apps.core.events import publish_many
from apps.core.writing import one_write
from apps.entities.errors import NotAnOwner, OnlyUnknownEntity, OtherOwners, UnknownEntity
from apps.entities.models import Entity, ProductEntityLinker
from apps.entities.selectors import UNKNOWN_ENTITY_ID
from apps.entities.services.units import hold_unit, hold_units

# By entity, the rows of a unit that are open.
OpenRows = dict[int, ProductEntityLinker]
# For each unit whether there was anything to do, or why it is refused.
Came = dict[str, bool | DomainError]


def assign_entity(*, product_imei: str, entity_id: int, within: int | None = None, by: str) -> bool:
    """Make an entity one more owner of a unit. Returns False where it is one already.

    `within` is the entity a caller is confined to: a unit it does not own is not there. Raises
    NotFound, UnknownEntity or OtherOwners, and has then written nothing.
    """
    return only(assign_units(imeis=[product_imei], entity_id=entity_id, within=within, by=by))


@one_write()
def assign_units(
    *, imeis: Sequence[str], entity_id: int, within: int | None = None, by: str
) -> Came:
    """`assign_entity` for many units: what it would return, or raise, for each."""
    units = _Units(imeis, within)
    units.require(entity_id=entity_id)
    for imei, open_rows in units.chosen():
        units.become(imei, {*open_rows, entity_id}, entity_id=entity_id)
    return units.settle(by)


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
    came = change_units(
        imeis=[product_imei],
        old_entity_id=old_entity_id,
        new_entity_id=new_entity_id,
        within=within,
        by=by,
    )
    return only(came)


@one_write()
def change_units(
    *,
    imeis: Sequence[str],
    old_entity_id: int,
    new_entity_id: int,
    within: int | None = None,
    by: str,
) -> Came:
    """`change_entity` for many units: what it would return, or raise, for each."""
    units = _Units(imeis, within)
    units.require(old_entity_id=old_entity_id, new_entity_id=new_entity_id)
    moved = [
        imei
        for imei, open_rows in units.chosen()
        if old_entity_id not in open_rows and new_entity_id in open_rows
    ]
    before = _ever_of(old_entity_id, moved)
    for imei, open_rows in units.chosen():
        if old_entity_id in open_rows:
            wanted = open_rows.keys() - {old_entity_id} | {new_entity_id}
            units.become(imei, wanted, new_entity_id=new_entity_id)
        elif imei in before:
            units.came[imei] = False
        else:
            units.came[imei] = NotAnOwner(imei, old_entity_id=old_entity_id)
    return units.settle(by)


def remove_entity(*, product_imei: str, entity_id: int, within: int | None = None, by: str) -> None:
    """Take a unit from one of its owners; with the last one gone it belongs to Unknown Entity.

    `within` as for `assign_entity`. Raises NotFound, UnknownEntity, NotAnOwner or
    OnlyUnknownEntity, and has then written nothing.
    """
    only(remove_units(imeis=[product_imei], entity_id=entity_id, within=within, by=by))


@one_write()
def remove_units(
    *, imeis: Sequence[str], entity_id: int, within: int | None = None, by: str
) -> Came:
    """`remove_entity` for many units: True, or what it would raise, for each."""
    units = _Units(imeis, within)
    units.require(entity_id=entity_id)
    for imei, open_rows in units.chosen():
        if entity_id not in open_rows:
            units.came[imei] = NotAnOwner(imei, entity_id=entity_id)
        elif open_rows.keys() == {UNKNOWN_ENTITY_ID}:
            units.came[imei] = OnlyUnknownEntity(imei)
        else:
            units.become(imei, open_rows.keys() - {entity_id})
    return units.settle(by)


@one_write()
def ensure_owner(*, product_imei: str, by: str) -> bool:
    """Give a unit without an owner, such as a new one, to Unknown Entity.

    Returns False where it has one. Raises NotFound.
    """
    units = _Units([product_imei], None)
    for imei, open_rows in units.chosen():
        units.become(imei, set(open_rows))
    return only(units.settle(by))


@one_write()
def delete_owner_row(row: ProductEntityLinker, by: str) -> None:
    """Delete a row from the history of a unit's owners, as if it had never been written.

    A unit that is left without an owner belongs to Unknown Entity, as after `remove_entity`.
    """
    hold_unit(row.product_id)
    row.delete()
    ensure_owner(product_imei=row.product_id, by=by)


class _Units:
    """Units whose owners are decided on, their rows locked; `came` says what came of each."""

    def __init__(self, imeis: Sequence[str], within: int | None) -> None:
        self.imeis = imeis
        self.open_rows: dict[str, OpenRows] = {imei: {} for imei in hold_units(imeis)}
        rows = ProductEntityLinker.objects.filter(
            product__in=self.open_rows, date_removed__isnull=True
        )
        for row in rows:
            self.open_rows[row.product_id][row.entity_id] = row
        self.came: Came = {}
        self.wanted: dict[str, set[int]] = {}
        for imei in imeis:
            # Looked at before the lock, the unit may have left the caller's entity since.
            if imei not in self.open_rows or within not in (None, *self.open_rows[imei]):
                self.came[imei] = NotFound()

    def require(self, **named: int) -> None:
        """UnknownEntity for every column that names an entity that does not exist."""
        found = set(Entity.objects.filter(pk__in=named.values()).values_list("pk", flat=True))
        missing = [column for column, entity_id in named.items() if entity_id not in found]
        if missing:
            self.came |= {imei: UnknownEntity(*missing) for imei, _rows in self.chosen()}

    def chosen(self) -> list[tuple[str, OpenRows]]:
        """The units of which nothing has come yet."""
        return [(imei, self.open_rows[imei]) for imei in self.imeis if imei not in self.came]

    def become(self, imei: str, wanted: set[int], **named: int) -> None:
        """Let these be the unit's owners, or Unknown Entity for none.

        OtherOwners where a column names Unknown Entity, which stands for no owner, beside one.
        """
        for column, entity_id in named.items():
            if entity_id == UNKNOWN_ENTITY_ID and wanted != {UNKNOWN_ENTITY_ID}:
                self.came[imei] = OtherOwners(imei, column)
                return
        self.wanted[imei] = wanted - {UNKNOWN_ENTITY_ID} or {UNKNOWN_ENTITY_ID}

    def settle(self, by: str) -> Came:
        """Close and open rows until the owners are those wanted.

        One moment ends a unit's old rows and begins the new ones, and is never before a row began.
        """
        now = timezone.now()
        ended: dict[datetime, list[int]] = defaultdict(list)
        begun: list[ProductEntityLinker] = []
        told = {}
        for imei, owners in self.wanted.items():
            open_rows = self.open_rows[imei]
            old, new = sorted(open_rows.keys() - owners), sorted(owners - open_rows.keys())
            self.came[imei] = bool(old or new)
            if not self.came[imei]:
                continue
            began = [row.date_added for row in open_rows.values() if row.date_added]
            moment = max([now, *began])
            ended[moment] += [open_rows[entity_id].pk for entity_id in old]
            begun += [
                ProductEntityLinker(
                    product_id=imei,
                    entity_id=entity_id,
                    date_added=moment,
                    created_at=moment,
                    created_by=by,
                )
                for entity_id in new
            ]
            told[imei] = {"added": new, "removed": old, "by": by}
        _refuse_without_unknown(begun)
        for moment, keys in ended.items():
            ProductEntityLinker.objects.filter(pk__in=keys).update(
                date_removed=moment, modified_at=moment, modified_by=by
            )
        note_made(ProductEntityLinker.objects.bulk_create(begun))
        publish_many("entity_changed", told)
        return {imei: self.came[imei] for imei in self.imeis}


def _ever_of(entity_id: int, imeis: Iterable[str]) -> set[str]:
    """Those of these units that the entity owns or once owned."""
    rows = ProductEntityLinker.objects.filter(product__in=imeis, entity_id=entity_id)
    return set(rows.values_list("product_id", flat=True))


def _refuse_without_unknown(begun: Iterable[ProductEntityLinker]) -> None:
    """Unavailable where units are to belong to Unknown Entity and there is none."""
    needed = any(row.entity_id == UNKNOWN_ENTITY_ID for row in begun)
    if needed and not Entity.objects.filter(pk=UNKNOWN_ENTITY_ID).exists():
        raise Unavailable(_("Unknown Entity is missing: let staff run manage.py bootstrap"))
