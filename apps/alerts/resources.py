"""Alerts, alert types, analyses and anomalies, as served."""

from apps.alerts import models
from apps.core.levels import TYPE_TABLE
from apps.core.resources import Resource, register
from apps.core.scope import PUBLIC, via_entity, via_product

UNIT = ("product__serial_number", "product__product_imei")

register(
    Resource(
        model=models.Alert,
        path="alerts",
        levels=TYPE_TABLE,
        scope=via_product(),
        # Dismissing is an action of its own.
        read_only=("dismissed_at", "dismissed_by", "dismissal_reason"),
        listed=(
            "product",
            "alert_type",
            "start_time",
            "dismissed_at",
            "dismissed_by",
            "customer_contact_date",
        ),
        search=(*UNIT, "alert_type__label"),
        filters=("alert_type", "customer_contact_type"),
    ),
    Resource(
        model=models.AlertType,
        path="alert_types",
        levels=TYPE_TABLE,
        scope=PUBLIC,
        listed=("label", "version", "category", "severity", "status", "active"),
        search=("name", "label", "purpose"),
        filters=("active", "severity", "category", "status"),
        importable=True,
    ),
    Resource(
        model=models.AlertTypeProductTypeLinker,
        path="alert_type_product_type_linker",
        levels=TYPE_TABLE,
        scope=PUBLIC,
        listed=("alert_type", "product_type", "created_at"),
        search=("alert_type__label", "product_type__name"),
        filters=("product_type", "alert_type"),
        importable=True,
    ),
    Resource(
        model=models.AlertTypeStateTypeLinker,
        path="alert_type_state_type_linker",
        levels=TYPE_TABLE,
        scope=PUBLIC,
        listed=("alert_type", "state_type", "created_at"),
        search=("alert_type__label", "state_type__name"),
        filters=("state_type", "alert_type"),
        importable=True,
    ),
    Resource(
        model=models.AlertTypeEntityAntiLinker,
        path="alert_type_entity_anti_linker",
        levels=TYPE_TABLE,
        scope=via_entity(),
        listed=("alert_type", "entity", "created_at"),
        search=("alert_type__label", "entity__name"),
        filters=("entity", "alert_type"),
    ),
    Resource(
        model=models.AlertTypeAnomalyTypeLinker,
        path="alert_type_anomaly_type_linker",
        levels=TYPE_TABLE,
        scope=PUBLIC,
        listed=("alert_type", "anomaly_type", "created_at"),
        search=("alert_type__label", "anomaly_type__name"),
        filters=("alert_type",),
        importable=True,
    ),
    Resource(
        model=models.AnalysisHistory,
        path="analysis_history",
        levels=TYPE_TABLE,
        scope=via_product(),
        audited=False,
        listed=("product", "alert_type", "timestamp", "status"),
        search=(*UNIT, "alert_type__label"),
        filters=("status", "alert_type"),
    ),
    Resource(
        model=models.Anomaly,
        path="anomalies",
        levels=TYPE_TABLE,
        scope=via_product(),
        audited=False,
        listed=("product", "anomaly_type", "start_time", "end_time"),
        search=(*UNIT, "anomaly_type__name"),
        filters=("anomaly_type",),
    ),
    Resource(
        model=models.AnomalyType,
        path="anomaly_types",
        levels=TYPE_TABLE,
        scope=PUBLIC,
        listed=("name", "version", "status", "gap_anomaly", "min_duration"),
        search=("name", "description"),
        filters=("status", "gap_anomaly"),
        importable=True,
    ),
    Resource(
        model=models.AnomalyTypeProductTypeLinker,
        path="anomaly_type_product_type_linker",
        levels=TYPE_TABLE,
        scope=PUBLIC,
        listed=("anomaly_type", "product_type", "created_at"),
        search=("anomaly_type__name", "product_type__name"),
        filters=("product_type",),
        importable=True,
    ),
)
