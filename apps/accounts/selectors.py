"""Reads over users and their tokens."""

from __future__ import annotations

from django.utils import timezone

from apps.accounts.models import Token, User


def is_user(username: str) -> bool:
    """Whether an active user has this name, whatever its casing."""
    return User.objects.filter(email=username.strip().lower(), is_active=True).exists()


def live_tokens(user: User) -> int:
    """How many sign-ins of the user through the API have not ended."""
    return Token.objects.filter(user=user, expires_at__gt=timezone.now()).count()
