"""Connections, networks, SIMs and text messages, as served."""

from apps.connectivity import models
from apps.core.levels import READ_DELETE, TYPE_TABLE
from apps.core.resources import Resource, register
from apps.core.scope import PUBLIC, via_product

UNIT = ("product__serial_number", "product__product_imei")

register(
    Resource(
        model=models.Connection,
        path="connections",
        levels=READ_DELETE,
        scope=via_product(),
        counted=True,
        audited=False,
        listed=(
            "product",
            "date",
            "mcc",
            "mnc",
            "cell_1_signal",
            "location_failed_flag",
            "address",
        ),
        search=UNIT,
        filters=("location_failed_flag",),
    ),
    Resource(
        model=models.Network,
        path="networks",
        levels=TYPE_TABLE,
        scope=PUBLIC,
        listed=("name", "mccmnc", "mcc", "mnc"),
        search=("name", "mccmnc"),
        filters=("mcc",),
        importable=True,
    ),
    Resource(
        model=models.SimProvider,
        path="sim_providers",
        levels=TYPE_TABLE,
        scope=PUBLIC,
        listed=("name", "created_at", "created_by"),
        search=("name",),
        importable=True,
    ),
    Resource(
        model=models.SimProviderNetworkLinker,
        path="sim_provider_network_linker",
        levels=TYPE_TABLE,
        scope=PUBLIC,
        listed=("sim_provider", "network", "created_at"),
        search=("sim_provider__name", "network__name"),
        filters=("sim_provider",),
        importable=True,
    ),
    Resource(
        model=models.SimPartTypeSimProviderLinker,
        path="sim_part_type_sim_provider_linker",
        levels=TYPE_TABLE,
        scope=PUBLIC,
        listed=("sim_part_type", "sim_provider", "created_at"),
        search=("sim_part_type__name", "sim_provider__name"),
        filters=("sim_provider",),
        importable=True,
    ),
    Resource(
        model=models.SmsHistory,
        path="sms_histories",
        aliases=("sms_history",),
        levels=TYPE_TABLE,
        scope=via_product(),
        # The reference gives this table no such column.
        secret=("modified_by",),
        audited=False,
        listed=("product", "sent_time", "status", "trigger", "attempted_retries"),
        search=(*UNIT, "message_reference"),
        filters=("status", "trigger"),
    ),
)
