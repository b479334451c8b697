"""What raising and closing alerts have in common, whatever they are about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.alerts.models import (
    Alert,
    AlertType,
    AlertTypeEntityAntiLinker,
    AlertTypeProductTypeLinker,
    AlertTypeStateTypeLinker,
    AnalysisHistory,
    AnalysisStatus,
)
from apps.products.models import Product

SYSTEM = "system"
BATCH = 500


def watched(alert_type: AlertType) -> QuerySet[Product]:
    """The units an alert type looks at: by product type, state and entity, as its linkers say."""
    open_to_others = AlertTypeEntityAntiLinker.objects.filter(
        alert_type=alert_type,
        entity__product_entity_linker__product=OuterRef("pk"),
        entity__product_entity_linker__date_removed__isnull=True,
    )
    return Product.objects.filter(
        ~Exists(open_to_others),
        product_type__in=AlertTypeProductTypeLinker.objects.filter(alert_type=alert_type).values(
            "product_type"
        ),
        latest_state__current_state_type__in=AlertTypeStateTypeLinker.objects.filter(
            alert_type=alert_type
        ).values("state_type"),
    )


def recently_alerted(alert_type: AlertType, now: dt.datetime) -> Exists:
    """Whether the unit has an alert of the type open, or closed within the cooling-off period."""
    quiet_since = now - (alert_type.cooling_off_period or dt.timedelta())
    return Exists(
        Alert.objects.filter(
            Q(dismissed_at__isnull=True) | Q(dismissed_at__gt=quiet_since),
            alert_type=alert_type,
            product=OuterRef("pk"),
        )
    )


def note_analyses(alert_type: AlertType, imeis: Iterable[str], now: dt.datetime) -> None:
    """Record the analyses that led to an alert; rows for all units would drown them."""
    AnalysisHistory.objects.bulk_create(
        [
            AnalysisHistory(
                product_id=imei,
                alert_type=alert_type,
                timestamp=now,
                status=AnalysisStatus.SUCCESS,
                created_by=SYSTEM,
            )
            for imei in imeis
        ],
        batch_size=BATCH,
    )


def close_alerts(alerts: QuerySet[Alert], now: dt.datetime, reason: str) -> int:
    """Close those of the alerts that are open, as the system does; returns how many."""
    return Alert.objects.filter(
        pk__in=alerts.filter(dismissed_at__isnull=True).values("pk")
    ).update(
        dismissed_at=now,
        dismissed_by=SYSTEM,
        dismissal_reason=reason,
        modified_at=now,
        modified_by=SYSTEM,
    )
