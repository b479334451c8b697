"""Why a command was given: kept beside it, in its transaction, once and for all."""

from __future__ import annotations

from apps.dcm.models import PaymentReason


def keep_reason(*, command_id: int, reason: str) -> None:
    """Keep the reason of a command that was just written, without white space around it.

    At most LONGEST_REASON characters; where there is none, nothing is kept.
    """
    cleaned = reason.strip()
    if cleaned:
        PaymentReason.objects.create(command_id=command_id, reason=cleaned)
