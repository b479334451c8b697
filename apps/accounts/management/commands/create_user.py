"""manage.py create_user: a user for the API and the back office."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.accounts.models import UserScope
from apps.accounts.services import put_user
from apps.core.errors import DomainError
from apps.core.levels import Level


class Command(BaseCommand):
    help = "Create a user, or give an existing one exactly this password and these rights."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the name to sign in with")
        parser.add_argument("--password", required=True)
        parser.add_argument("--permissions", required=True, choices=[level.name for level in Level])
        parser.add_argument("--scope", required=True, choices=UserScope.values)
        parser.add_argument("--entity", help="name of the user's entity; created if it is missing")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            user, is_new = put_user(
                email=options["email"],
                password=options["password"],
                level=Level[options["permissions"]],
                scope=UserScope(options["scope"]),
                entity_name=options["entity"],
            )
        except DomainError as error:
            reasons = (error.errors or {"": error.message}).items()
            raise CommandError(
                "; ".join(f"{field}: {said}" if field else str(said) for field, said in reasons)
            ) from error
        verb = "Created" if is_new else "Updated"
        self.stdout.write(f"{verb} {user.email}: {options['permissions']}, {user.scope}")
