"""Amounts of credit in words, to the second: an account is not rounded."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def exactly(seconds: int) -> str:
    """An amount without its sign, e.g. "2 days 5 h 1 min"; "0 min" is nothing."""
    minutes, left = divmod(abs(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = []
    if days:
        # A long number is read by its thousands.
        parts.append(ngettext("{n} day", "{n} days", days).format(n=f"{days:,}"))
    if hours:
        parts.append(_("{n} h").format(n=hours))
    if minutes:
        parts.append(_("{n} min").format(n=minutes))
    if left:
        parts.append(_("{n} s").format(n=left))
    return " ".join(parts) or _("{n} min").format(n=0)


def signed(seconds: int) -> str:
    """An amount with its sign, e.g. "+30 days" or "−5 h"."""
    sign = "−" if seconds < 0 else "+" if seconds else ""
    return f"{sign}{exactly(seconds)}"
