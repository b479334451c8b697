"""Notes that staff leave on units."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.errors import Invalid
from apps.products.errors import UnknownProduct
from apps.products.models import Product, ProductNote

NOTE_LENGTH = 10_000


@transaction.atomic
def add_note(*, product_imei: str, text: str, by: str) -> ProductNote:
    """Leave a remark on a unit; white space around it is dropped.

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
    return ProductNote.objects.create(product_id=product_imei, note_text=cleaned, created_by=by)
