"""What one can do with a unit: how verbs are declared, pressed and refused."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms

from apps.core.callers import Caller
from apps.core.errors import Invalid
from apps.core.levels import Level
from apps.core.verb_fields import NamedRow
from apps.core.verbs import Press, Said, Verb, VerbForm, VerbGroup, Verbs, press, verbs
from apps.products.models import ProductType
from tests.factories import ProductTypeFactory

CALLER = Caller(user_id=1, username="ann@example.com", level=Level.ADMIN, entity_id=None)


class WordForm(VerbForm):
    word = forms.CharField()


def a_verb(act: Any = lambda press: Said("done"), **columns: Any) -> Verb:
    return Verb(name="do", label="Do", icon="x", level=Level.ADMIN, act=act, **columns)


def test_two_verbs_of_one_name_are_a_mistake() -> None:
    registry = Verbs()
    with pytest.raises(ValueError, match="two verbs are called 'do'"):
        registry.verb(a_verb(), a_verb())


def test_every_verb_has_words_a_level_and_a_name_for_a_url() -> None:
    for verb in verbs.all():
        assert verb.level > Level.OVERVIEW
        assert verb.name.replace("-", "").isalpha()
        assert verb.label


def test_groups_stand_in_an_order_of_their_own() -> None:
    groups = {verb.group for verb in verbs.all() if verb.group}
    assert len({group.order for group in groups}) == len(groups)
    assert len({group.key for group in groups}) == len(groups)
    assert all(isinstance(group, VerbGroup) for group in groups)


def test_a_press_carries_what_was_typed_and_who_pressed() -> None:
    pressed: list[Press] = []
    verb = a_verb(lambda press: pressed.append(press) or Said("done"), form=WordForm)
    said, _form = press(verb, "unit", CALLER, {"word": " a\x00b "})
    # A NUL is refused by the field itself.
    assert said is None
    said, _form = press(verb, "unit", CALLER, {"word": " ab "})
    assert said == Said("done")
    assert (pressed[0].unit, pressed[0].by, dict(pressed[0].values)) == (
        "unit",
        "ann@example.com",
        {"word": "ab"},
    )


@pytest.mark.parametrize(
    ("what", "errors"),
    [
        ({"word": "Wrong word"}, {"word": ["Wrong word"]}),
        ({"other": " Elsewhere"}, {"__all__": ["Elsewhere"]}),
        ("Not now", {"__all__": ["Not now"]}),
    ],
)
def test_a_refusal_stands_beside_the_field_it_is_about(what: Any, errors: Any) -> None:
    def refuse(press: Press) -> Said:
        raise Invalid(what)

    said, form = press(a_verb(refuse, form=WordForm), "unit", CALLER, {"word": "x"})
    assert said is None
    assert form.errors == errors
    assert form["word"].value() == "x"
    assert form.fields["word"].widget.attrs["autofocus"] is True


def test_an_unexpected_error_is_nobodys_refusal() -> None:
    def fail(press: Press) -> Said:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        press(a_verb(fail), "unit", CALLER, {})


@pytest.mark.django_db
def test_a_row_is_named_among_those_offered_and_no_others() -> None:
    mine, theirs = ProductTypeFactory.create(name="Mine"), ProductTypeFactory.create(name="Theirs")
    field = NamedRow()
    field.offer(ProductType.objects.exclude(pk=theirs.pk))
    assert field.widget.names == ["Mine"]
    assert field.clean("Mine") == mine.pk
    for name in ("Theirs", "Nobody"):
        with pytest.raises(forms.ValidationError, match=f"There is no “{name}” to choose"):
            field.clean(name)
    with pytest.raises(forms.ValidationError):
        field.clean("")


@pytest.mark.django_db
def test_a_name_may_be_typed_in_small_letters_unless_that_names_two() -> None:
    sunrise, field = ProductTypeFactory.create(name="Sunrise"), NamedRow()
    field.offer(ProductType.objects.all())
    assert field.clean("sunrise") == sunrise.pk
    shouted = ProductTypeFactory.create(name="SUNRISE")
    assert field.clean("SUNRISE") == shouted.pk
    with pytest.raises(forms.ValidationError):
        field.clean("sunrise")


@pytest.mark.django_db
def test_names_are_escaped_where_they_are_suggested() -> None:
    ProductTypeFactory.create(name='"><script>')
    field = NamedRow()
    field.offer(ProductType.objects.all())
    shown = field.widget.render("kind", None, {"id": "kind"})
    assert "<script>" not in shown
    assert 'list="kind-list"' in shown
