"""Whether whoever gave a command may still have it done."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from apps.accounts.models import User, UserScope
from apps.core.levels import Level
from apps.entities.models import ProductEntityLinker
from apps.fleet.commands import Command
from apps.fleet.models import FleetCommand


def why_not(row: FleetCommand, command: Command) -> str | None:
    """Why the command may not go on, or None where it may."""
    user: User = row.user
    if not user.is_active:
        return _("{user}, who gave this command, may no longer sign in").format(user=user.email)
    if Level(user.level) < command.level:
        text = _("{user}, who gave this command, may no longer do this")
        return text.format(user=user.email)
    if user.scope != UserScope.GLOBAL and user.entity_id != row.entity_id:
        text = _("{user}, who gave this command, sees other units now")
        return text.format(user=user.email)
    return None


def left_scope(row: FleetCommand, imeis: Sequence[str]) -> set[str]:
    """Those of these units that whoever gave the command may no longer act on."""
    if row.entity_id is None:
        return set()
    owned = ProductEntityLinker.objects.filter(
        product__in=imeis, entity_id=row.entity_id, date_removed__isnull=True
    )
    return set(imeis) - set(owned.values_list("product_id", flat=True))
