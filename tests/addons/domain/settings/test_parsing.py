"""Each message as a person reads it, and the rules of merging."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addons.domain.settings import Limits, Model, Price, Settings, SettingsError, parse

NVIDIA = '[providers.nvidia]\nname = "NVIDIA NIM"\nhosts = ["integrate.api.nvidia.com"]\nbase_path = "/v1"\n'
ACME = '[providers.acme]\nname = "Acme"\nhosts = ["api.acme.test"]\n'


def parsed(*texts: str) -> Settings:
    """The project's file, then the person's."""
    return parse(list(zip(("providers.toml", "own.toml"), texts, strict=False)))


def error_of(*texts: str) -> str:
    with pytest.raises(SettingsError) as caught:
        parsed(*texts)
    return str(caught.value)


MISTAKES = [
    (
        'limits.requests_per_minute = "fast"',
        '[providers.nvidia.limits] requests_per_minute is "fast"; expected a whole number ≥ 1',
    ),
    (
        "limits.requests_per_minute = 0",
        "[providers.nvidia.limits] requests_per_minute is 0; expected a whole number ≥ 1",
    ),
    (
        "limits.requests_per_minute = 0x" + 4000 * "f",
        "[providers.nvidia.limits] requests_per_minute is a number of over 60 digits; expected a whole number ≥ 1",
    ),
    (
        "limits.requests_per_hour = 3",
        "[providers.nvidia.limits] requests_per_hour is not a known key; nearest: requests_per_day, "
        "requests_per_minute, reserved_output",
    ),
    ('host = "a"', "[providers.nvidia] host is not a known key; nearest: hosts, models, base_path"),
    (
        "cache.automatic = 1",
        "[providers.nvidia.cache] automatic is 1; expected true or false",
    ),
    ("cache.discount = 1.5", "[providers.nvidia.cache] discount is 1.5; expected a number from 0 to 1"),
    ("cache = 300", "[providers.nvidia] cache is 300; expected a table"),
    ('wire = "anthropic"', '[providers.nvidia] wire is "anthropic"; expected "gemini" or "openai"'),
    ("models = [1, 2]", "[providers.nvidia] models is [1, 2]; expected a table"),
    ("models.kimi = true", "[providers.nvidia.models] kimi is true; expected a table"),
    (
        'models."moonshotai/kimi-k2.5".price.input = -1',
        '[providers.nvidia.models."moonshotai/kimi-k2.5".price] input is -1; expected a number from 0 to 100000',
    ),
    (
        "models.kimi.price.input = inf",
        "[providers.nvidia.models.kimi.price] input is inf; expected a number from 0 to 100000",
    ),
    (
        'models.kimi.price_date = "soon"',
        '[providers.nvidia.models.kimi] price_date is "soon"; expected a date such as 2026-11-22',
    ),
    ("models.kimi.note = {}", "[providers.nvidia.models.kimi] note is a table; expected a text"),
    (
        f'models.kimi.max_output = "{80 * "x"}"',
        f'[providers.nvidia.models.kimi] max_output is "{50 * "x"}…"; expected a whole number ≥ 1',
    ),
    (
        'models_from = "nobody"',
        '[providers.nvidia] models_from is "nobody"; expected the key of another provider, one with models of its own',
    ),
    (
        'models_from = "nvidia"',
        '[providers.nvidia] models_from is "nvidia"; expected the key of another provider, one with models of its own',
    ),
    (
        '[providers.other]\nname = ""\nhosts = ["api.test"]',
        '[providers.other] name is ""; expected a text that is not empty',
    ),
    (
        '[providers.other]\nname = "Other"',
        '[providers.other] hosts is missing; expected a list of host names in lower case, such as ["api.kimi.com"]',
    ),
    (
        '[providers.other]\nname = "Other"\nhosts = ["https://api.test"]',
        '[providers.other] hosts is ["https://api.test"]; expected a list of host names in lower case, such as '
        '["api.kimi.com"]',
    ),
    (
        '[providers.other]\nname = "Other"\nhosts = []',
        '[providers.other] hosts is []; expected a list of host names in lower case, such as ["api.kimi.com"]',
    ),
    (
        '[providers.other]\nname = "Other"\nhosts = ["api.test"]\nbase_path = "/v1/"',
        '[providers.other] base_path is "/v1/"; expected a path such as "/v1", without "/" at its end',
    ),
    (
        '[providers."my own"]\nname = "Own"\nhosts = ["api.test"]',
        '[providers] "my own" cannot be a provider\'s key; expected lower-case letters, digits and hyphens',
    ),
    (
        '[providers.other]\nname = "Other"\nhosts = ["integrate.api.nvidia.com"]\nbase_path = "/v1"',
        "[providers.other] integrate.api.nvidia.com/v1 belongs to [providers.nvidia]; expected another host or "
        "base_path",
    ),
    (
        "[sessions]\nidle_gap_hours = 0",
        "[sessions] idle_gap_hours is 0; expected a number above 0 and at most 8760",
    ),
    ("[session]\nidle_gap_hours = 6", "session is not a known key; nearest: sessions, compression, retention"),
]


@pytest.mark.parametrize(("text", "message"), MISTAKES, ids=[message.partition(";")[0] for _, message in MISTAKES])
def test_a_mistake_is_told_with_place_value_and_what_is_accepted(text: str, message: str) -> None:
    assert error_of(NVIDIA + text) == f"providers.toml: {message}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "providers is missing; expected a table"),
        ("providers = 3", "providers is 3; expected a table"),
        ("providers.nvidia = 3", "[providers] nvidia is 3; expected a table"),
        ("a = 1\nb = =", "not valid TOML: Invalid value (at line 2, column 5)"),
        ("a = " + 20_000 * "[", "not valid TOML: nested too deeply"),
        ("[providers]\na" + 2000 * ".a" + " = 1", "[providers.a] a is not a known key; nearest: name, cache"),
    ],
    ids=["empty", "no tables", "no table", "syntax", "brackets", "dotted"],
)
def test_a_file_that_is_something_else_is_told_so(text: str, message: str) -> None:
    assert error_of(text) == f"providers.toml: {message}"


def test_a_number_too_long_to_read_is_a_mistake_in_the_toml() -> None:
    assert error_of("a = " + 5000 * "9").startswith("providers.toml: not valid TOML: ")


def test_a_mistake_names_the_file_it_is_in() -> None:
    assert error_of(NVIDIA, "providers.nvidia.timeout_s = 1.5").startswith("own.toml: [providers.nvidia] timeout_s")
    assert error_of(NVIDIA + "timeout_s = 1.5", ACME).startswith("providers.toml: [providers.nvidia] timeout_s")
    assert error_of(NVIDIA, "x = ").startswith("own.toml: not valid TOML")


def test_one_price_can_be_set_without_repeating_the_rest() -> None:
    model = '[providers.nvidia.models."a/b"]\ncontext_window = 1000\nprice = { input = 1, output = 2.5 }\nnote = "x"\n'
    own = '[providers.nvidia.models."a/b".price]\noutput = 3\n'
    assert parsed(NVIDIA + model, own).providers["nvidia"].models["a/b"] == Model(
        context_window=1000, price=Price(input=1, output=3), note="x"
    )


def test_a_list_is_replaced_as_a_whole() -> None:
    settings = parsed(NVIDIA, 'providers.nvidia.hosts = ["b.test", "a.test"]')
    assert settings.providers["nvidia"].hosts == ("b.test", "a.test")


def test_a_provider_and_a_model_can_be_added() -> None:
    settings = parsed(NVIDIA, ACME + 'models."*".context_window = 9\n[providers.nvidia.models.new]\nmax_output = 7\n')
    assert settings.providers["acme"].models == {"*": Model(context_window=9)}
    assert settings.providers["nvidia"].models == {"new": Model(max_output=7)}
    assert settings.hosts() == ("api.acme.test", "integrate.api.nvidia.com")


def test_what_is_not_set_has_its_default() -> None:
    settings = parsed(ACME)
    acme = settings.providers["acme"]
    assert (acme.base_path, acme.wire, acme.timeout_s, acme.limits) == ("", "openai", 120, Limits())
    assert (settings.sessions.idle_gap_hours, settings.sessions.name_from_prompt) == (6.0, True)


def test_values_have_their_types() -> None:
    day = parsed(ACME + "models.m = { price_date = 2026-11-22, price = { input = 1 } }").providers["acme"].models["m"]
    assert (day.price_date, day.price.input, day.price.output) == (date(2026, 11, 22), 1.0, None)


def test_settings_cannot_be_changed() -> None:
    acme = parsed(ACME + "models.m = {}").providers["acme"]
    with pytest.raises(AttributeError):
        acme.name = "B"  # type: ignore[misc]
    with pytest.raises(TypeError):
        acme.models["n"] = Model()  # type: ignore[index]


class TestModelsFrom:
    SHARED = NVIDIA + "models.a.context_window = 1\nmodels.b = { context_window = 2, max_output = 3 }\n"
    BORROWER = ACME + 'models_from = "nvidia"\n'

    def test_a_provider_has_the_models_of_another_under_its_own(self) -> None:
        models = parsed(self.BORROWER + "models.b.max_output = 4\n" + self.SHARED).providers["acme"].models
        assert models == {"a": Model(context_window=1), "b": Model(context_window=2, max_output=4)}

    def test_the_other_keeps_its_own(self) -> None:
        models = parsed(self.BORROWER + "models.c.max_output = 4\n" + self.SHARED).providers["nvidia"].models
        assert set(models) == {"a", "b"}

    def test_a_mistake_is_told_where_it_stands(self) -> None:
        message = error_of(self.BORROWER + self.SHARED + "models.a.max_output = 0\n")
        assert message.startswith("providers.toml: [providers.nvidia.models.a] max_output")

    def test_one_does_not_borrow_from_a_borrower(self) -> None:
        third = '[providers.third]\nname = "T"\nhosts = ["t.test"]\nmodels_from = "acme"\n'
        assert "[providers.third] models_from" in error_of(self.SHARED + self.BORROWER + third)


WORDS = st.sampled_from(
    ["providers", "sessions", "nvidia", "models", "limits", "price", "hosts", "name", "models_from", "idle_gap_hours"]
)
SCALARS = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_characters="\x7f")),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.dates(),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS | st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


def toml(value: Any) -> str:
    """A value as TOML writes it; a string of JSON is one of TOML, too."""
    match value:
        case dict():
            return "{" + ", ".join(f"{json.dumps(key)} = {toml(each)}" for key, each in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(toml, value)) + "]"
        case str():
            return json.dumps(value, ensure_ascii=False)
        case bool():
            return "true" if value else "false"
        case _:
            return str(value)


@given(st.dictionaries(WORDS, VALUES, max_size=5), st.dictionaries(WORDS, VALUES, max_size=5), st.booleans())
def test_no_tables_raise_anything_but_a_settings_error(
    first: dict[str, Any], nested: dict[str, Any], usable: bool
) -> None:
    documents = [
        "\n".join(f"{key} = {toml(value)}" for key, value in first.items() if key != "providers" or not usable)
    ]
    documents.append(f"[providers]\nnvidia = {toml(nested)}")
    _parse_or_settings_error(*([NVIDIA] if usable else []), *documents)


@given(st.text())
def test_no_text_raises_anything_but_a_settings_error(text: str) -> None:
    _parse_or_settings_error(NVIDIA, text)


def _parse_or_settings_error(*texts: str) -> None:
    try:
        parse([(f"{number}.toml", text) for number, text in enumerate(texts)])
    except SettingsError as error:
        assert len(str(error).splitlines()) == 1
        assert str(error)[1:].startswith(".toml: ")
