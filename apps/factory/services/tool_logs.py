"""Log entries of manufacturing and repair tools. Reference: "/upload_tool_log"."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from apps.core.events import publish
from apps.factory.models import FactoryLog
from apps.factory.tools import TAGS


@transaction.atomic
def upload_tool_log(
    *, toolname: str, time: datetime, message: str, details: Mapping[str, Any], by: str
) -> FactoryLog:
    """Keep one entry; the same entry again is kept once, as the same point of a time series is.

    `details` are the further fields, clean and permitted for the tool. An empty IMEI is none: the
    tool could not read it, or the unit is not made yet.
    """
    tags = {name: details[name] for name in TAGS if name in details}
    fields = {
        name: value
        for name, value in details.items()
        if name not in TAGS and name != "product_imei"
    }
    said = {"message": message, **fields}
    entry = FactoryLog(
        app_name=toolname,
        product_imei=details.get("product_imei") or None,
        timestamp=time,
        tags=tags,
        fields=said,
        created_by=by,
    )
    same = FactoryLog.objects.filter(
        product_imei=entry.product_imei, timestamp=time, app_name=toolname
    )
    for kept in same:
        if (kept.tags, kept.fields) == (entry.tags, entry.fields):
            return kept
    entry.save(force_insert=True)
    publish(
        "tool_log_uploaded",
        subject=entry.product_imei or "",
        data={
            "toolname": toolname,
            "time": time.isoformat(),
            "fields": {**tags, **said},
        },
    )
    return entry
