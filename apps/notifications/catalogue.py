"""The channels that other programs can subscribe to."""

from apps.core.catalogue import Table

TABLES = (
    Table(
        model="notifications.Channel",
        columns=("pk",),
        called="pk",
        rows=[("product-status",), ("product-alert",), ("dcm",)],
    ),
)
