"""What became of the text messages of a while, and what they came to, within somebody's scope."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Case, CharField, Count, Sum, Value, When
from django.utils import timezone

from apps.connectivity.models import SmsHistory
from apps.connectivity.sms.progress import CONDITIONS, prices
from apps.core.callers import Caller
from apps.core.resources import registry
from apps.core.scope import restrict


@dataclass(frozen=True)
class Spending:
    """Messages by how far they got, and their cost in words: "" where nothing was paid."""

    messages: Counter[str]
    cost: str


def spending(caller: Caller, *, over: dt.timedelta) -> Spending:
    """Messages to the caller's units since `over` ago: one query."""
    progress = Case(
        *(When(condition, then=Value(key.value)) for key, condition in CONDITIONS.items()),
        default=Value(""),
        output_field=CharField(),
    )
    rows = (
        restrict(SmsHistory.objects.all(), caller, registry.named("sms_history").scope)
        .filter(sent_time__gte=timezone.now() - over)
        .annotate(progress=progress)
        .values_list("progress", "dispatch__currency")
        .annotate(n=Count("pk"), cost=Sum("dispatch__cost"))
        .order_by()
    )
    messages = Counter[str]()
    paid: dict[str, Decimal] = defaultdict(Decimal)
    for key, currency, n, cost in rows:
        messages[key] += n
        if cost:
            paid[currency] += cost
    return Spending(messages, prices((paid[name], name) for name in sorted(paid)))
