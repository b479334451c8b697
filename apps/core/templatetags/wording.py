"""Numbers and moments as people say them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import template
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apps.core.wording import ago

register = template.Library()


@register.filter
def grouped(number: Any) -> str:
    """A number with its thousands apart, as the language writes them."""
    if number is None:
        return "–"
    return str(formats.number_format(number, use_l10n=True, force_grouping=True))


@register.filter
def moment(when: dt.datetime | None) -> SafeString | str:
    """How long ago, with the date and time for whoever points at it or reads it aloud."""
    if when is None:
        return "–"
    exact = formats.date_format(timezone.localtime(when, dt.UTC), "DATETIME_FORMAT")
    return format_html(
        '<time datetime="{}" title="{} UTC">{}</time>', when.isoformat(), exact, ago(when)
    )
