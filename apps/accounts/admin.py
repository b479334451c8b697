"""Users in the back office, for SYSTEM."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.admin import ModelAdmin
from unfold.forms import UserChangeForm, UserCreationForm

from apps.accounts import selectors, services
from apps.accounts.forms import PasswordForm
from apps.accounts.models import User
from apps.core.adminpages.system import SystemMixin

# What could shut the last door behind the user who edits it.
_NOT_ONES_OWN = ("level", "is_active")


@admin.register(User)
class UserAdmin(SystemMixin, DjangoUserAdmin, ModelAdmin):
    """Creates users, sets their rights and passwords, and ends their sign-ins.

    For SYSTEM with GLOBAL scope alone: whoever sees one entity could otherwise widen their own
    scope. Users are made inactive rather than deleted: histories name them.
    """

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = PasswordForm
    list_display = ("email", "display_name", "level", "scope", "entity", "is_active", "last_login")
    list_filter = ("level", "scope", "is_active")
    list_select_related = ("entity",)
    search_fields = ("email", "display_name", "name")
    ordering = ("email",)
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined", "api_sign_ins")
    actions = ("end_api_sign_ins",)
    fieldsets = (
        (None, {"fields": ("email", "password", "display_name", "name", "language")}),
        (_("Rights"), {"fields": ("level", "scope", "entity", "hub", "shop", "is_active")}),
        (_("Sign-ins"), {"fields": ("last_login", "date_joined", "api_sign_ins")}),
    )
    add_fieldsets = (
        (None, {"fields": ("email", "password1", "password2", "display_name", "language")}),
        (_("Rights"), {"fields": ("level", "scope", "entity")}),
    )

    @admin.display(description=_("Signed in to the API"))
    def api_sign_ins(self, user: User) -> int:
        return selectors.live_tokens(user)

    @admin.action(description=_("End the sign-ins to the API"), permissions=["change"])
    def end_api_sign_ins(self, request: HttpRequest, users: Any) -> None:
        count = sum(services.revoke_tokens(user=user) for user in users)
        text = ngettext("Ended {count} sign-in.", "Ended {count} sign-ins.", count)
        self.message_user(request, text.format(count=count), messages.SUCCESS)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        own = obj is not None and obj.pk == request.user.pk
        return (*self.readonly_fields, *(_NOT_ONES_OWN if own else ()))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        services.save_user(user=obj, changed=form.changed_data)
