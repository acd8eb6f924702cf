import pytest

from addons.domain.settings import Settings
from dashboard import settings_form
from dashboard.settings_form import Field

FIELDS = {field.key: field for section in settings_form.sections() for field in section.fields}


@pytest.mark.parametrize("field", FIELDS.values(), ids=lambda field: field.key)
def test_every_setting_says_what_it_means_and_accepts_its_default(field: Field) -> None:
    default = settings_form.value_of(Settings(providers={}), field)
    default = list(default) if isinstance(default, tuple) else default
    assert field.help and field.accepts and field.title
    assert default is None or settings_form.refusal(field.key, default) == ""
    assert settings_form.typed(field, settings_form.written(default)) == default


@pytest.mark.parametrize(
    ("key", "control", "choices"),
    [
        ("masking.policy", "choice", {"cache-aware", "always", "off"}),
        ("sessions.name_from_prompt", "switch", set()),
        ("masking.keep_recent", "number", set()),
        ("masking.pressure", "number", set()),
        ("compression.model", "text", set()),
        ("alerts.context", "list", set()),
    ],
)
def test_a_setting_is_changed_by_what_fits_its_type(key: str, control: str, choices: set[str]) -> None:
    assert (FIELDS[key].control, set(FIELDS[key].choices)) == (control, choices)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3", 3),
        (" 0.5 ", 0.5),
        ("true", True),
        ("NaN", "NaN"),
        ("1e400", "1e400"),
        ("many", "many"),
        ("", None),
        ("[0.8, 0.9]", [0.8, 0.9]),
    ],
)
def test_numbers_are_read_as_such(text: str, value: object) -> None:
    found = settings_form.typed(FIELDS["masking.pressure"], text)
    assert found == value or found == float("inf")


def test_text_stays_text() -> None:
    assert settings_form.typed(FIELDS["compression.model"], "3") == "3"


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("masking.keep_recent", 5, ""),
        ("masking.keep_recent", True, "[masking] keep_recent is true; expected a whole number from 0 to 1000"),
        ("masking.nothing", 5, "[masking] nothing is not a known key"),
        ('masking.projects."a.b"', "off", ""),
        ("masking.projects.a", "sometimes", 'a is "sometimes"; expected'),
        ("x" * 101, 5, "too long"),
    ],
    ids=["fine", "not a number", "no such setting", "a name with a dot", "no policy", "too long"],
)
def test_refusals_name_the_value_and_what_is_accepted(key: str, value: object, said: str) -> None:
    found = settings_form.refusal(key, value)
    assert said in found
    assert bool(said) == bool(found)


def test_a_name_is_quoted_where_toml_needs_it() -> None:
    assert settings_form.policy_key("projects", "shop") == "masking.projects.shop"
    assert settings_form.policy_key("projects", 'my "shop".v2') == 'masking.projects."my \\"shop\\".v2"'


def test_secrets_are_neither_shown_nor_set() -> None:
    assert "alerts.urls" not in FIELDS
