"""What the factory's pages ask for."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget


class UnitForm(forms.Form):
    """One unit, scanned or typed. A hand scanner types and then presses Enter."""

    unit = forms.CharField(
        label=_("Serial number or IMEI"),
        max_length=255,
        widget=UnfoldAdminTextInputWidget(
            attrs={
                "autofocus": True,
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "enterkeyhint": "go",
            }
        ),
    )
