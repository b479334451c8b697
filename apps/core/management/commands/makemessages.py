"""`manage.py makemessages`: Django's own, which also collects what the code marks with `lazy`."""

from __future__ import annotations

from django.core.management.commands import makemessages


class Command(makemessages.Command):
    # `gettext_lazy` is imported under this name wherever `_` is `gettext`.
    xgettext_options = [
        *makemessages.Command.xgettext_options,
        "--keyword=lazy",
    ]
