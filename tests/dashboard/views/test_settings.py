from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import data, settings_schema
from dashboard.settings_schema import Field
from tests.dashboard.conftest import Proxy
from tests.db.test_inbox import until
from tests.filled import HOSTILE, Filler

OpenPage = Callable[..., AppTest]


def words(page: AppTest) -> str:
    return " ".join(element.value for element in page.text)


def stored() -> dict[str, object]:
    return {row.key: row.value for row in data.setting_rows()}


def change(page: AppTest, key: str, value: float | None) -> None:
    page.number_input(key=f"value-{key}").set_value(value).run()


def sent(page: AppTest) -> list[str]:
    """What is read as Markdown."""
    return [element.value for element in (*page.markdown, *page.caption, *page.warning)]


def test_without_a_store_the_page_leads_to_set_up(open_page: OpenPage) -> None:
    page = open_page("settings.py")
    assert "start the proxy" in page.info[0].value
    assert not page.text_input


WIDGETS = {
    "choice": "selectbox",
    "switch": "toggle",
    "number": "number_input",
    "list": "multiselect",
    "text": "text_input",
}


def drawn(page: AppTest, fields: list[Field]) -> None:
    """Each with its widget and its help; what is only in the files with the reason."""
    for field in fields:
        assert any(field.help in caption.value for caption in page.caption), field.key
        if field.only_in_files:
            assert any(field.only_in_files in caption.value for caption in page.caption)
        elif field.control == "table":
            assert any(one.key == f"name-{field.key}" for one in (*page.text_input, *page.selectbox)), field.key
        else:
            assert getattr(page, WIDGETS[field.control])(key=f"value-{field.key}")


def test_every_field_of_the_schema_has_its_row(open_page: OpenPage, filled_database: Filler) -> None:
    page = open_page("settings.py")
    drawn(page, [field for section in settings_schema.sections() for field in section.fields])


def test_every_field_of_a_provider_and_its_model_has_its_row(open_page: OpenPage, filled_database: Filler) -> None:
    page = open_page("settings.py", part="providers", **{"for": "moonshot"}, model="kimi-k2.6")
    sections = (
        *settings_schema.provider_sections("moonshot"),
        *settings_schema.model_sections("moonshot", "kimi-k2.6"),
    )
    drawn(page, [field for section in sections for field in section.fields])
    assert page.number_input(key='value-providers.moonshot.models."kimi-k2.6".price.input').value == 0.95
    assert not any(one.key == "value-masking.policy" for one in page.selectbox)
    change(page, "providers.moonshot.limits.requests_per_minute", 500)
    assert stored() == {"providers.moonshot.limits.requests_per_minute": 500}


def test_a_setting_is_found_by_its_words(open_page: OpenPage, filled_database: Filler) -> None:
    page = open_page("settings.py", find="day budget")
    assert {one.key for one in page.number_input} == {"value-alerts.budget_day_usd", "value-alerts.budget_day_tokens"}
    page = open_page("settings.py", find="no such thing")
    assert "No setting matches" in page.info[0].value


def test_a_list_gets_and_loses_items(open_page: OpenPage, filled_database: Filler) -> None:
    page = open_page("settings.py", part="alerts")
    shown = page.multiselect(key="value-alerts.context")
    assert shown.value == ["0.8", "0.9", "0.95"]
    shown.set_value(["0.8", "0.95"]).run()
    assert stored() == {"alerts.context": [0.8, 0.95]}


def test_a_change_is_applied_by_the_proxy_and_said_to_be(open_page: OpenPage, proxy: Proxy) -> None:
    page = open_page("settings.py")
    change(page, "masking.keep_recent", 3)
    until(lambda: proxy.settings)
    assert proxy.settings == {"masking.keep_recent": 3}
    data.forget()
    page.run()
    assert "applied at " in words(page)
    assert "by the proxy 127.0.0.1:8080" in words(page)
    assert page.number_input(key="value-masking.keep_recent").value == 3


@pytest.mark.parametrize(
    ("key", "typed", "said"),
    [
        ("masking.keep_recent", -1, "keep_recent is -1; expected a whole number from 0 to 1000"),
        ("masking.pressure", 1.5, "pressure is 1.5; expected a number above 0 and at most 1"),
    ],
)
def test_what_cannot_be_used_is_said_beside_the_field(
    open_page: OpenPage, filled_database: Filler, key: str, typed: float, said: str
) -> None:
    page = open_page("settings.py")
    change(page, key, typed)
    assert said in words(page)
    assert stored() == {}
    assert page.number_input(key=f"value-{key}").value == typed


def test_a_hostile_text_is_refused_and_shown_as_text(open_page: OpenPage, filled_database: Filler) -> None:
    page = open_page("settings.py", part="routing")
    page.text_input(key="name-routing.rules").set_value(HOSTILE)
    page.selectbox(key="new-routing.rules").select_index(0)
    next(one for one in page.button if one.label == "Add").click().run()
    assert "too long to be stored" in words(page)
    assert stored() == {}
    assert not any("evil.example" in text for text in sent(page))


def test_a_setting_is_given_back_to_the_files(open_page: OpenPage, filled_database: Filler) -> None:
    page = open_page("settings.py")
    page.selectbox(key="value-masking.policy").set_value("off").run()
    assert stored() == {"masking.policy": "off"}
    page.button(key="reset-masking.policy").click().run()
    assert stored() == {"masking.policy": None}
    assert page.selectbox(key="value-masking.policy-1").value == "cache-aware"


def test_a_switch_is_a_setting_too(open_page: OpenPage, filled_database: Filler) -> None:
    page = open_page("settings.py")
    page.toggle(key="value-sessions.name_from_prompt").set_value(False).run()
    assert stored() == {"sessions.name_from_prompt": False}


def test_what_the_proxy_refuses_is_shown_with_its_reason(open_page: OpenPage, proxy: Proxy) -> None:
    proxy.refuses = f"dashboard: {HOSTILE}"
    page = open_page("settings.py")
    change(page, "masking.keep_recent", 3)
    until(lambda: proxy.settings)
    data.forget()
    page.run()
    assert HOSTILE in words(page)
    assert not any("evil.example" in text for text in sent(page))


def test_without_a_proxy_the_page_says_when_it_counts(open_page: OpenPage, filled_database: Filler) -> None:
    filled_database.stop_proxies()
    page = open_page("settings.py")
    assert "No proxy is running" in page.warning[0].value
    change(page, "masking.keep_recent", 3)
    assert "applied when a proxy starts" in words(page)


def test_a_broken_file_is_shown_with_its_place(
    open_page: OpenPage, filled_database: Filler, own_places: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = own_places / "broken.toml"
    broken.write_text("[masking]\nkeep_recent = -4\n[providers]\n")
    monkeypatch.setenv("KIMI_PROVIDERS", str(broken))
    page = open_page("settings.py")
    assert "providers.toml cannot be used" in page.warning[0].value
    assert "keep_recent is -4" in page.code[0].value


def add(page: AppTest, key: str, name: str) -> None:
    next(one for one in (*page.text_input, *page.selectbox) if one.key == f"name-{key}").set_value(name)
    next(one for one in page.button if one.label == "Add").click().run()


def test_a_project_gets_a_policy_of_its_own_and_loses_it(open_page: OpenPage, empty_database: Filler) -> None:
    page = open_page("settings.py", part="masking", find="project")
    page.selectbox(key="new-masking.projects").set_value("off")
    add(page, "masking.projects", "my shop.v2")
    key = 'masking.projects."my shop.v2"'
    assert stored() == {key: "off"}
    assert "my shop.v2" in words(page)
    page.button(key=f"reset-{key}").click().run()
    assert stored() == {key: None}
    assert "my shop.v2" not in words(page)


def test_a_rule_needs_a_name_and_a_value(open_page: OpenPage, filled_database: Filler) -> None:
    page = open_page("settings.py", part="routing")
    next(one for one in page.button if one.label == "Add").click().run()
    assert "Say the name and the value first" in words(page)
    assert stored() == {}
