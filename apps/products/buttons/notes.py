"""Notes, written where the unit is looked at."""

from __future__ import annotations

import datetime as dt

from django import forms
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from apps.core.levels import Level
from apps.core.verbs import Press, Said, Verb, VerbForm, verb
from apps.products.models import Product, ProductNote
from apps.products.services.notes import NOTE_LENGTH, add_note

# A button pressed twice sends its note twice; nobody means to say the same within a minute.
_SAME_NOTE = dt.timedelta(minutes=1)


class NoteForm(VerbForm):
    """A remark on the unit; the service says what is wrong with one."""

    text = forms.CharField(
        label=lazy("What should colleagues know about this unit?"),
        widget=forms.Textarea(
            attrs={"class": "so-textarea", "rows": None, "cols": None, "maxlength": NOTE_LENGTH}
        ),
        error_messages={"required": lazy("A note needs some text")},
    )

    def clean_text(self) -> str:
        # Browsers send line ends as CR LF; the limit counts what is kept.
        return str(self.cleaned_data["text"]).replace("\r\n", "\n")


def _write(press: Press) -> Said:
    text, by = press.values["text"], press.by
    with transaction.atomic():
        Product.objects.select_for_update().get(pk=press.unit.pk)
        same = ProductNote.objects.filter(
            product=press.unit,
            note_text=text.strip(),
            created_by=by,
            created_at__gt=timezone.now() - _SAME_NOTE,
        )
        if not same.exists():
            add_note(product_imei=press.unit.pk, text=text, by=by)
    return Said(_("Your note was added."))


verb(
    Verb(
        name="note",
        order=40,
        label=lazy("Add note"),
        icon="sticky_note_2",
        level=Level.TECHNICAL,
        confirm=lazy("Add a note"),
        submit=lazy("Save note"),
        form=NoteForm,
        act=_write,
    )
)
