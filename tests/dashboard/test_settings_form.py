from datetime import date

import pytest

from addons.domain.settings import Model, Price, Provider, Settings
from dashboard import settings_form
from dashboard.settings_schema import sections
from tests.filled import Filler

FIELDS = {field.key: field for section in sections() for field in section.fields}


def test_what_is_shown_of_a_default_is_accepted_as_it_is(empty_database: Filler) -> None:
    for field in FIELDS.values():
        if field.default not in (None, {}) and not field.only_in_files:
            assert settings_form.refusal(field.key, field.default) == ""
        if field.control == "list":
            assert [settings_form.typed(settings_form.written(item)) for item in field.default] == field.default


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3", 3),
        (" 0.5 ", 0.5),
        ("true", "true"),
        ("NaN", "NaN"),
        ("many", "many"),
        ("", ""),
        ("[1]", "[1]"),
        ("1.0", 1.0),
    ],
)
def test_numbers_of_a_list_are_read_as_such(text: str, value: object) -> None:
    assert settings_form.typed(text) == value


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("masking.keep_recent", 5, ""),
        ("masking.keep_recent", True, "[masking] keep_recent is true; expected a whole number from 0 to 1000"),
        ("masking.nothing", 5, "[masking] nothing is not a known key"),
        ('masking.projects."a.b"', "off", ""),
        ("masking.projects.a", "sometimes", 'a is "sometimes"; expected'),
        ("routing.fallback", ["groq/moonshotai/kimi-k2"], ""),
        ("routing.fallback", ["nobody/x"], "expected a known provider and its model"),
        ("providers.groq.limits.requests_per_minute", 1000, ""),
        ("providers.groq.limits.requests_per_minute", 0, "[providers.groq.limits] requests_per_minute is 0; expected"),
        ('providers.groq.models."new-model".price', {"input": 1.5}, ""),
        ('providers.groq.models."new-model".price_date', "2026-11-22", ""),
        ('providers.groq.models."new-model".price_date', "today", "expected a date such as 2026-11-22"),
        ("alerts.urls", ["ntfy://x"], "holds secrets"),
        ("x" * 101, 5, "too long"),
    ],
    ids=str,
)
def test_refusals_are_those_of_the_file(empty_database: Filler, key: str, value: object, said: str) -> None:
    found = settings_form.refusal(key, value)
    assert said in found
    assert bool(said) == bool(found)


def test_a_value_is_found_by_its_path() -> None:
    model = Model(price=Price(input=1.0), price_date=date(2026, 11, 22))
    settings = Settings(providers={"x": Provider(name="X", hosts=("x.example",), models={"m": model})})
    at = settings_form.value_at
    assert at(settings, ("providers", "x", "hosts")) == ["x.example"]
    assert at(settings, ("providers", "x", "models", "m", "price", "input")) == 1.0
    assert at(settings, ("providers", "x", "models", "m", "price_date")) == "2026-11-22"
    assert at(settings, ("providers", "x", "models", "m", "price_over_200k", "input")) is None
    assert at(settings, ("providers", "x", "models", "n", "context_window")) is None
    assert at(settings, ("masking", "projects")) == {}


def test_a_value_says_where_it_comes_from() -> None:
    said = {"masking": {"keep_recent": 1}}
    recent, least = FIELDS["masking.keep_recent"], FIELDS["masking.least_tokens"]
    assert settings_form.origin(recent, said, 1, is_set=False) == settings_form.FILES  # though it is the default
    assert settings_form.origin(least, said, 150, is_set=False) == settings_form.DEFAULT
    assert settings_form.origin(least, said, 200, is_set=False) == settings_form.FILES
    assert settings_form.origin(least, said, 150, is_set=True) == settings_form.HERE


def test_a_policy_is_kept_by_a_path_of_its_own() -> None:
    assert settings_form.policy_key("projects", "shop") == "masking.projects.shop"
    assert settings_form.policy_key("projects", 'my "shop".v2') == 'masking.projects."my \\"shop\\".v2"'
