import pytest

from addons.cli import settings_table
from addons.domain.settings import Provider, Settings
from dashboard.settings_form import value_at
from dashboard.settings_schema import Field, model_sections, provider_sections, sections

ALL = (*sections(), *provider_sections("KEY"), *model_sections("KEY", "MODEL"))
FIELDS = {field.key: field for section in ALL for field in section.fields}


def test_every_setting_of_the_schema_has_its_row() -> None:
    """Whoever adds a setting gets its row; a kind of value that the page knows nothing of is noticed here."""
    expected = {row.path.replace('"MODEL"', "MODEL") for row in settings_table.rows()}
    names = {True: (".NAME", ".KEY"), False: ("",)}
    shown = {field.key + end for field in FIELDS.values() for end in names[field.control == "table"]}
    assert expected <= shown
    assert {key for key in shown if not key.endswith((".NAME", ".KEY"))} <= expected


@pytest.mark.parametrize("field", FIELDS.values(), ids=lambda field: field.key)
def test_every_row_says_what_it_means_and_what_it_accepts(field: Field) -> None:
    assert field.help and field.accepts and field.title
    assert field.control != "choice" or field.default in field.choices


@pytest.mark.parametrize(
    ("key", "control", "choices", "unit"),
    [
        ("masking.policy", "choice", {"cache-aware", "always", "off"}, ""),
        ("masking.projects", "table", {"cache-aware", "always", "off"}, ""),
        ("sessions.name_from_prompt", "switch", set(), ""),
        ("sessions.idle_gap_hours", "number", set(), "hours"),
        ("pacing.max_wait_s", "number", set(), "seconds"),
        ("alerts.budget_day_usd", "number", set(), "US dollars"),
        ("routing.weights.price", "number", set(), ""),
        ("routing.rules", "table", set(), ""),
        ("compression.model", "text", set(), ""),
        ("alerts.context", "list", set(), ""),
        ("providers.KEY.limits.tokens_per_minute", "number", set(), ""),
        ("providers.KEY.models.MODEL.price.cached", "number", set(), ""),
        ("providers.KEY.models.MODEL.price_date", "text", set(), ""),
    ],
)
def test_a_setting_is_changed_by_what_fits_its_type(key: str, control: str, choices: set[str], unit: str) -> None:
    assert (FIELDS[key].control, set(FIELDS[key].choices), FIELDS[key].unit) == (control, choices, unit)


def test_what_is_only_in_the_files_has_its_reason() -> None:
    found = {field.key for field in FIELDS.values() if field.only_in_files}
    assert found == {"pacing.storage", "alerts.urls", "providers.KEY.hosts", "team.user", "team.allowed"}


def test_a_default_is_that_of_the_parser() -> None:
    provider = Provider(name="x", hosts=("x.example",))
    for field in FIELDS.values():
        if field.path[0] != "providers":
            assert field.default == value_at(Settings(providers={"KEY": provider}), field.path)


def test_a_name_is_quoted_where_toml_needs_it() -> None:
    assert next(iter(model_sections("x", "k2.5"))).fields[0].key == 'providers.x.models."k2.5".context_window'
