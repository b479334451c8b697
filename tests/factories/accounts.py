"""Factories for users."""

from __future__ import annotations

from typing import Any

import factory
from factory.django import DjangoModelFactory

from apps.accounts.models import User, UserScope
from apps.core.levels import Level

PASSWORD = "correct horse battery staple"


class UserFactory(DjangoModelFactory[User]):
    """An active OVERVIEW user of GLOBAL scope whose password is PASSWORD."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"user{n}@example.com")
    display_name = factory.Sequence(lambda n: f"User {n}")
    level = Level.OVERVIEW.value
    scope = UserScope.GLOBAL

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        user = model_class(**{"password": "", **kwargs})
        user.set_password(kwargs.get("password", PASSWORD))
        user.save()
        return user
