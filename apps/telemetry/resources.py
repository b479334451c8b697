"""The state of the time-series store, as served."""

from apps.core.levels import CLOSED
from apps.core.resources import Resource, register
from apps.core.scope import HIDDEN
from apps.telemetry import models

register(
    Resource(
        model=models.InfluxShardData,
        path="influx_shard_datas",
        levels=CLOSED,
        scope=HIDDEN,
        audited=False,
        listed=("influx_shard_data_id", "created_at", "created_by"),
    ),
)
