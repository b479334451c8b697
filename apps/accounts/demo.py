"""Users to look at a made-up fleet with. Their password is no secret: only `demo` makes them."""

from __future__ import annotations

from apps.accounts.models import UserScope
from apps.accounts.services import put_user
from apps.core.demo import Fleet, Maker
from apps.core.levels import Level

PASSWORD = "demo-solar"
_KENYA = "BBOXX Capital Kenya"
_USERS = (
    ("overview", Level.OVERVIEW, None),
    ("technician", Level.TECHNICAL, None),
    ("admin", Level.ADMIN, None),
    ("factory", Level.FACTORY, None),
    ("system", Level.SYSTEM, None),
    ("kenya", Level.ADMIN, _KENYA),
)


class UserMaker(Maker):
    """One user for each level over all units, and one for the units of one entity."""

    def setup(self, fleet: Fleet) -> None:
        fleet.say(f"Sign in with password {PASSWORD} as")
        for name, level, entity in _USERS:
            email = f"{name}@demo.example"
            put_user(
                email=email,
                password=PASSWORD,
                level=level,
                scope=UserScope.ENTITY if entity else UserScope.GLOBAL,
                entity_name=entity,
                by="demo",
            )
            fleet.say(f"  {email:<28}{level.name:<10} {entity or 'all units'}")


MAKER = UserMaker()
