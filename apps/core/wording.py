"""Lengths of time and moments in words, short enough for a list on a phone."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

_MINUTE = 60
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR


def length(seconds: float) -> str:
    """A length of time by its largest unit, e.g. "14 min", "2 h", "3 days"; never negative."""
    whole = max(int(seconds), 0)
    if whole < _MINUTE:
        return _("{n} s").format(n=whole)
    if whole < _HOUR:
        return _("{n} min").format(n=whole // _MINUTE)
    if whole < 2 * _DAY:
        return _("{n} h").format(n=whole // _HOUR)
    days = whole // _DAY
    if days < 60:
        return ngettext("{n} day", "{n} days", days).format(n=days)
    months = days // 30
    if months < 24:
        return ngettext("{n} month", "{n} months", months).format(n=months)
    years = days // 365
    return ngettext("{n} year", "{n} years", years).format(n=years)


def span(seconds: float) -> str:
    """A length of time to two units, where the second matters, e.g. "2 days 5 h"."""
    whole = max(int(seconds), 0)
    if whole < 2 * _DAY or whole % _DAY < _HOUR:
        return length(whole)
    days, rest = divmod(whole, _DAY)
    if days >= 60:
        return length(whole)
    return f"{length(days * _DAY)} {length(rest)}"


def ago(when: dt.datetime) -> str:
    """How long ago a moment was, e.g. "2 h ago"; or how far ahead it is, e.g. "in 3 days"."""
    seconds = (timezone.now() - when).total_seconds()
    if abs(seconds) < 45:
        return _("just now")
    if seconds < 0:
        return _("in {length}").format(length=length(-seconds))
    return _("{length} ago").format(length=length(seconds))
