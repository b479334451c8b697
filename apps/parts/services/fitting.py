"""Parts on their way into units."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.utils.crypto import get_random_string

from apps.parts.models import Part, PartProductLinker, PartType, SerialNumberCategory

# Length of the number the system gives a part that bears none one could read.
_GIVEN_LENGTH = 64


def make_parts(*, part_types: Iterable[PartType], by: str, now: datetime) -> list[Part]:
    """One part of each type, in no unit yet.

    A part whose number nobody can read is given one. Where one could be read, it is not known here
    and stays open.
    """
    return Part.objects.bulk_create(
        Part(
            part_type=part_type,
            serial_number=(
                None
                if part_type.serial_number_category == SerialNumberCategory.KNOWN
                else get_random_string(_GIVEN_LENGTH)
            ),
            created_by=by,
            created_at=now,
        )
        for part_type in part_types
    )


def put_in(
    *, product_imei: str, parts: Sequence[Part], by: str, now: datetime
) -> list[PartProductLinker]:
    """Put parts into a unit as it is made.

    The caller holds the locks on parts that were there before, and knows them to be in no unit: the
    database refuses a part that is.
    """
    return PartProductLinker.objects.bulk_create(
        PartProductLinker(
            part=part, product_id=product_imei, date_added=now, created_by=by, created_at=now
        )
        for part in parts
    )
