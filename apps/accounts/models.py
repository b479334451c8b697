"""Who may sign in, as what, and the tokens that prove it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.permissions import permits, permits_module
from apps.core.levels import Level

# Disuse of this length ends a token (reference: "Token Expiry").
TOKEN_LIFE = timedelta(hours=3)


class UserScope(models.TextChoices):
    """Which units a user sees: all of them, or those of the user's entity."""

    GLOBAL = "GLOBAL", _("all units")
    ENTITY = "ENTITY", _("the units of the entity")


class Language(models.TextChoices):
    """The languages the back office speaks."""

    ENGLISH = "en", "English"
    FRENCH = "fr", "Français"


class UserManager(BaseUserManager["User"]):
    """Finds a user by name whatever its casing."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """One person or program with an account. The email is the name, kept in lower case.

    Everybody with an active account may sign in to the back office: it shows exactly what the API
    would allow at the user's level and scope.
    """

    email = models.EmailField(_("email"), max_length=254, unique=True)
    name = models.CharField(_("full name"), max_length=255, blank=True, default="")
    display_name = models.CharField(_("display name"), max_length=255, blank=True, default="")
    level = models.PositiveSmallIntegerField(
        _("permissions"),
        choices=[(level.value, level.name) for level in Level],
        default=Level.OVERVIEW.value,
    )
    scope = models.CharField(
        _("visibility"), max_length=6, choices=UserScope.choices, default=UserScope.ENTITY
    )
    entity = models.ForeignKey(
        "entities.Entity",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("entity"),
    )
    hub = models.ForeignKey(
        "entities.Hub",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("hub"),
    )
    shop = models.ForeignKey(
        "entities.Shop",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("shop"),
    )
    is_active = models.BooleanField(_("active"), default=True)
    language = models.CharField(
        _("language"), max_length=2, choices=Language.choices, default=Language.ENGLISH
    )
    date_joined = models.DateTimeField(_("date joined"), default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ("email",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="user_email_is_lower_case"
            ),
            models.CheckConstraint(
                condition=models.Q(level__gte=min(Level).value, level__lte=max(Level).value),
                name="user_level_exists",
            ),
            models.CheckConstraint(
                condition=models.Q(scope=UserScope.GLOBAL)
                | models.Q(scope=UserScope.ENTITY, entity__isnull=False),
                name="user_entity_scope_has_entity",
                violation_error_message=_("A user of ENTITY scope needs an entity"),
            ),
        )

    def __str__(self) -> str:
        return self.email

    def clean(self) -> None:
        self.email = self.email.strip().lower()

    def get_full_name(self) -> str:
        return self.display_name or self.name or self.email

    def get_short_name(self) -> str:
        return self.display_name or self.email

    @property
    def is_staff(self) -> bool:
        """Whether the back office lets the user in."""
        return self.is_active

    @property
    def is_superuser(self) -> bool:
        """Whether nothing but a table's own refusals holds the user back."""
        return self.is_active and self.level == Level.SYSTEM

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Whether the level allows `app.verb_model`; rows are a matter of scope."""
        return self.is_active and permits(Level(self.level), perm)

    def has_perms(self, perm_list: list[str], obj: Any = None) -> bool:
        return all(self.has_perm(perm, obj) for perm in perm_list)

    def has_module_perms(self, app_label: str) -> bool:
        """Whether the user may see any table of the app."""
        return self.is_active and permits_module(Level(self.level), app_label)


class Token(models.Model):
    """One sign-in through the API that has not ended. Only its holder knows the token itself.

    `digest` is the SHA-256 of the token in hexadecimal. `expires_at` moves with each good request,
    at most once a minute; only `digest` and `user` are indexed, so that the move stays cheap.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="tokens", verbose_name=_("user"))
    digest = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    last_used = models.DateTimeField(_("last used"), default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("expires at"), editable=False)

    class Meta:
        verbose_name = _("token")
        verbose_name_plural = _("tokens")
        constraints = (models.UniqueConstraint(fields=("digest",), name="token_digest_unique"),)

    def __str__(self) -> str:
        return f"{self.user_id} {self.expires_at:%Y-%m-%d %H:%M}"
