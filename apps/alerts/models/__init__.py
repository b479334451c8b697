"""Alerts, the analyses that raise them and the anomalies these find."""

from apps.alerts.models.alert import Alert, AnalysisHistory, AnalysisStatus, ContactType
from apps.alerts.models.anomaly import (
    AlertTypeAnomalyTypeLinker,
    Anomaly,
    AnomalyType,
    AnomalyTypeProductTypeLinker,
    AnomalyTypeStatus,
)
from apps.alerts.models.types import (
    AlertType,
    AlertTypeEntityAntiLinker,
    AlertTypeProductTypeLinker,
    AlertTypeStateTypeLinker,
)

__all__ = [
    "Alert",
    "AlertType",
    "AlertTypeAnomalyTypeLinker",
    "AlertTypeEntityAntiLinker",
    "AlertTypeProductTypeLinker",
    "AlertTypeStateTypeLinker",
    "AnalysisHistory",
    "AnalysisStatus",
    "Anomaly",
    "AnomalyType",
    "AnomalyTypeProductTypeLinker",
    "AnomalyTypeStatus",
    "ContactType",
]
