"""Notes that staff leave on units."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.errors import Invalid
from apps.products.errors import UnknownProduct
from apps.products.models import Product, ProductNote

NOTE_LENGTH = 10_000
# The same words again within this time are a second press of the same button.
_SAME_PRESS = dt.timedelta(seconds=30)


@transaction.atomic
def add_note(*, product_imei: str, text: str, by: str) -> ProductNote:
    """Leave a remark on a unit; white space around it is dropped.

    The same remark by the same person within half a minute is the one that is there already.
    Raises Invalid for an empty or overlong remark, UnknownProduct where there is no such unit.
    """
    cleaned = text.strip()
    if not cleaned:
        raise Invalid({"note_text": _("A note needs some text")})
    if len(cleaned) > NOTE_LENGTH:
        raise Invalid(
            {
                "note_text": _("A note has at most {count} characters").format(
                    count=f"{NOTE_LENGTH:,}"
                )
            }
        )
    if not Product.objects.select_for_update().filter(pk=product_imei).exists():
        raise UnknownProduct
    note = {"product_id": product_imei, "note_text": cleaned, "created_by": by}
    # Whoever pressed first has the unit locked.
    pressed = ProductNote.objects.filter(**note, created_at__gt=timezone.now() - _SAME_PRESS)
    return pressed.first() or ProductNote.objects.create(**note)
