"""Reads over parts: what is in a unit, what may be, and what may replace it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db.models import F, Q, QuerySet

from apps.parts.categories import PartCategory
from apps.parts.models import (
    PartParameter,
    PartProductLinker,
    PartType,
    PartTypeProductTypeLinker,
    PartTypeReplacementLinker,
)
from apps.products.services.parameters import WaitingValue, waiting_values


def parts_of(product_imei: str) -> list[PartProductLinker]:
    """Every part that is or was in a unit, each with its type, in the order of the parts' ids.

    A part that came back is listed once, with its time in the unit that is open or ended last.
    """
    rows = (
        PartProductLinker.objects.filter(product_id=product_imei)
        .select_related("part__part_type")
        .order_by(
            "part_id",
            F("date_removed").asc(nulls_last=True),
            "date_added",
            "part_product_linker_id",
        )
    )
    return list({row.part_id: row for row in rows}.values())


def replacements_in(product_imei: str, part_types: Iterable[int]) -> dict[int, list[PartType]]:
    """The types that may take the place of each of `part_types` in a unit.

    The type that is offered first stands first. Rules for the unit's product type and for all
    product types are taken together.
    """
    rules = (
        PartTypeReplacementLinker.objects.filter(
            Q(product_type__isnull=True) | Q(product_type__products=product_imei),
            existing_part_type__in=set(part_types),
        )
        .select_related("replacement_part_type")
        .order_by("-default_part_type", "replacement_part_type_id")
    )
    found: dict[int, dict[int, PartType]] = defaultdict(dict)
    for rule in rules:
        found[rule.existing_part_type_id].setdefault(
            rule.replacement_part_type_id, rule.replacement_part_type
        )
    return {existing: list(types.values()) for existing, types in found.items()}


def waiting_in(product_imei: str) -> list[WaitingValue]:
    """The parameters of the parts in a unit that wait for it to confirm them, oldest first."""
    rows = PartParameter.objects.filter(
        part__part_product_linker__product=product_imei,
        part__part_product_linker__date_removed__isnull=True,
    )
    return waiting_values(rows, "part_id")


def pending_part_parameters(product_imei: str) -> dict[str, str]:
    """What a unit is to set on its parts, by the name of the type; the oldest of each first.

    The unit knows a name, not a part: of two parts of one kind, each has its turn.
    """
    found: dict[str, str] = {}
    for value in waiting_in(product_imei):
        found.setdefault(value.name, value.text)
    return found


def part_types_of(product_type_id: int) -> frozenset[int]:
    """The types of part that may be in units of a product type."""
    rows = PartTypeProductTypeLinker.objects.filter(product_type_id=product_type_id)
    return frozenset(rows.values_list("part_type_id", flat=True))


def part_type_in(
    category: PartCategory, part_type_id: int, product_types: Collection[int]
) -> PartType | None:
    """The part type of this key, if of the category and fit for one of the product types."""
    allowed = PartTypeProductTypeLinker.objects.filter(product_type_id__in=product_types)
    return PartType.objects.filter(
        pk=part_type_id, part_type_category_id=category, pk__in=allowed.values("part_type_id")
    ).first()


def default_part_types(product_type_id: int) -> QuerySet[PartType]:
    """One type for each place in a unit: the one offered first where it is itself in place."""
    rules = PartTypeReplacementLinker.objects.filter(
        product_type_id=product_type_id,
        default_part_type=True,
        existing_part_type=F("replacement_part_type"),
    )
    return PartType.objects.filter(pk__in=rules.values("existing_part_type_id")).order_by("pk")
