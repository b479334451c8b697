"""How commands to many units are served.

A caller of ENTITY scope sees the commands that callers of the same entity gave, with the outcome
for each of their units, also for one that has left the entity since: it is the account of what
they did. Commands given with a view of all units are for callers who see all units.
"""

from apps.core.levels import READ_ONLY
from apps.core.resources import Resource, register
from apps.core.scope import via_entity
from apps.fleet import models

register(
    Resource(
        model=models.FleetCommand,
        # The path in the plural is an action's, which starts a command and lists them as well.
        path="fleet_command",
        levels=READ_ONLY,
        scope=via_entity(),
        secret=("digest", "paced_until"),
        audited=False,
        listed=("fleet_command_id", "command", "status", "note", "created_by", "created_at"),
        search=("note", "created_by", "reference"),
        filters=("status", "command", "created_at"),
    ),
    Resource(
        model=models.FleetCommandUnit,
        path="fleet_command_units",
        levels=READ_ONLY,
        scope=via_entity("fleet_command__entity"),
        audited=False,
        listed=("product", "fleet_command", "outcome", "reason", "message", "done_at"),
        search=("product__serial_number", "product__product_imei"),
        filters=("fleet_command", "outcome", "reason"),
    ),
)
