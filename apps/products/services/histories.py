"""Rows of the histories of a unit's switches, which chain: each begins where the last one ended."""

from __future__ import annotations

from django.utils.translation import gettext as _

from apps.core.errors import Invalid
from apps.products.models import EnableHistory, TamperEnableHistory
from apps.products.services.units import hold_unit


def delete_history_row(row: EnableHistory | TamperEnableHistory, by: str) -> None:
    """Delete the only row of a history. Invalid for one of several: a gap would be left."""
    product = hold_unit(row.product_id)
    others = type(row)._default_manager.filter(product=product).exclude(pk=row.pk)
    if others.exists():
        text = _("The history of product #{imei} would have a gap without this row")
        raise Invalid(text.format(imei=product.pk))
    row.delete()
