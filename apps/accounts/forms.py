"""Forms of the back office about signing in and passwords."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.forms import AdminPasswordChangeForm, AuthenticationForm

from apps.accounts import services


class SignInForm(AuthenticationForm):
    """The sign-in page; after ten failures it says so instead of doubting the password again."""

    def clean(self) -> dict[str, Any]:
        try:
            return super().clean()
        except ValidationError:
            if getattr(self.request, "axes_locked_out", False):
                raise ValidationError(
                    _("Too many attempts. Please try again later"), code="locked_out"
                ) from None
            raise


class PasswordForm(AdminPasswordChangeForm):
    """Sets another user's password; ends the user's API sign-ins with the old one."""

    def save(self, commit: bool = True) -> Any:
        super().save(commit=False)
        if commit:
            services.save_user(user=self.user, changed=["password"])
        return self.user
