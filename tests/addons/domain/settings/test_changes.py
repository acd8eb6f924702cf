"""Single settings over the documents."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addons.domain.settings import Document, Settings, SettingsError, overlay

DOCUMENTS: list[Document] = [
    (
        "base.toml",
        'masking.keep_recent = 3\n[providers.acme]\nname = "Acme"\nhosts = ["api.acme.test"]\n'
        'limits = { requests_per_minute = 5 }\n[providers.acme.models."k2.5"]\ncontext_window = 1000\n',
    )
]


def used(changes: dict[str, object]) -> Settings:
    settings, errors = overlay(DOCUMENTS, changes)
    assert errors == {}
    return settings


def test_a_value_goes_before_that_of_the_files_and_the_rest_stays() -> None:
    settings = used({"masking.policy": "off", "sessions.name_from_prompt": False})
    assert (settings.masking.policy, settings.masking.keep_recent) == ("off", 3)
    assert settings.sessions.name_from_prompt is False


def test_keys_are_quoted_as_in_toml() -> None:
    model = used({'providers.acme.models."k2.5".context_window': 7}).providers["acme"].models["k2.5"]
    assert model.context_window == 7


def test_a_table_is_merged_and_null_takes_an_optional_value_away() -> None:
    settings = used({"providers.acme.limits": {"requests_per_minute": None, "concurrency": 2}, "masking": {}})
    limits = settings.providers["acme"].limits
    assert (limits.requests_per_minute, limits.concurrency) == (None, 2)
    assert settings.masking.keep_recent == 3


def test_a_provider_may_be_added() -> None:
    assert used({"providers.new": {"name": "New", "hosts": ["api.new.test"]}}).hosts() == (
        "api.acme.test",
        "api.new.test",
    )


def test_without_changes_the_documents_say_all() -> None:
    assert used({}).masking.keep_recent == 3


def test_a_bad_value_is_refused_and_the_others_are_used() -> None:
    settings, errors = overlay(DOCUMENTS, {"masking.policy": "fast", "masking.keep_recent": 9, "nothing": 1})
    assert settings.masking.policy == "cache-aware"
    assert settings.masking.keep_recent == 9
    assert errors["masking.policy"].startswith('dashboard: [masking] policy is "fast"; expected')
    assert errors["nothing"].startswith("dashboard: nothing is not a known key")
    assert len(errors) == 2


@pytest.mark.parametrize(
    "key",
    ["", "a b", "a\nb", ".", "a.", "a = 1 #", "a = {b", "[a]\nb", 'x"', "a" + ".a" * 9000, "\ud800"],
    ids=range(11),
)
def test_a_key_that_is_no_path_is_named(key: str) -> None:
    settings, errors = overlay(DOCUMENTS, {key: 1})
    assert list(errors) == [key]
    assert errors[key].startswith("dashboard: ")
    assert settings.masking.keep_recent == 3


def test_documents_that_cannot_be_used_alone_are_told() -> None:
    with pytest.raises(SettingsError, match=r"base\.toml: \[masking\] keep_recent"):
        overlay([("base.toml", "masking.keep_recent = true\nproviders = {}")], {"masking.policy": "off"})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=4,
)


@given(
    st.dictionaries(
        st.text(max_size=5)
        | st.sampled_from(["masking.policy", "masking", "providers.acme", "sessions.idle_gap_hours"]),
        JSON,
        max_size=3,
    )
)
def test_whatever_is_changed_there_are_settings(changes: dict[str, object]) -> None:
    settings, errors = overlay(DOCUMENTS, changes)
    assert "api.acme.test" in settings.hosts() or "providers.acme" in changes
    assert set(errors) <= set(changes)
