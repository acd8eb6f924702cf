from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import data, settings_form
from tests.dashboard.conftest import Proxy
from tests.db.test_inbox import until
from tests.filled import HOSTILE, Filler

OpenPage = Callable[..., AppTest]


def words(page: AppTest) -> str:
    return " ".join(element.value for element in page.text)


def stored() -> dict[str, object]:
    return {row.key: row.value for row in data.setting_rows()}


def change(page: AppTest, key: str, text: str) -> None:
    page.text_input(key=f"value-{key}").set_value(text).run()


def test_without_a_store_the_page_leads_to_set_up(open_page: OpenPage) -> None:
    page = open_page("settings.py")
    assert "start the proxy" in page.info[0].value
    assert not page.text_input


def test_every_field_of_the_schema_has_its_row(open_page: OpenPage, filled_database: Filler) -> None:
    page = open_page("settings.py")
    fields = [field for section in settings_form.sections() for field in section.fields]
    assert {"masking.policy", "masking.keep_recent", "sessions.name_from_prompt"} <= {field.key for field in fields}
    for field in fields:
        widgets = {"choice": page.selectbox, "switch": page.toggle}.get(field.control, page.text_input)
        assert widgets(key=f"value-{field.key}")
        assert any(field.help in caption.value for caption in page.caption)


def test_a_change_is_applied_by_the_proxy_and_said_to_be(open_page: OpenPage, proxy: Proxy) -> None:
    page = open_page("settings.py")
    change(page, "masking.keep_recent", "3")
    until(lambda: proxy.settings)
    assert proxy.settings == {"masking.keep_recent": 3}
    data.forget()
    page.run()
    assert "applied by the proxy at" in words(page)
    assert page.text_input(key="value-masking.keep_recent").value == "3"


@pytest.mark.parametrize(
    ("key", "typed", "said"),
    [
        ("masking.keep_recent", "-1", "keep_recent is -1; expected a whole number from 0 to 1000"),
        ("masking.keep_recent", "many", 'keep_recent is "many"; expected a whole number from 0 to 1000'),
        ("masking.pressure", "1.5", "pressure is 1.5; expected a number above 0 and at most 1"),
        ("sessions.idle_gap_hours", HOSTILE, "expected a number above 0 and at most 8760"),
    ],
)
def test_what_cannot_be_used_is_said_beside_the_field(
    open_page: OpenPage, filled_database: Filler, key: str, typed: str, said: str
) -> None:
    page = open_page("settings.py")
    change(page, key, typed)
    assert said in words(page)
    assert stored() == {}
    assert page.text_input(key=f"value-{key}").value == typed
    marked = [*page.markdown, *page.caption, *page.warning]
    assert not any("evil.example" in element.value for element in marked)


def test_a_setting_is_given_back_to_the_files(open_page: OpenPage, filled_database: Filler) -> None:
    page = open_page("settings.py")
    page.selectbox(key="value-masking.policy").set_value("off").run()
    assert stored() == {"masking.policy": "off"}
    page.button(key="reset-masking.policy").click().run()
    assert stored() == {"masking.policy": None}
    assert page.selectbox(key="value-masking.policy").value == "cache-aware"


def test_a_switch_is_a_setting_too(open_page: OpenPage, filled_database: Filler) -> None:
    page = open_page("settings.py")
    page.toggle(key="value-sessions.name_from_prompt").set_value(False).run()
    assert stored() == {"sessions.name_from_prompt": False}


def test_what_the_proxy_refuses_is_shown_with_its_reason(open_page: OpenPage, proxy: Proxy) -> None:
    proxy.refuses = f"dashboard: {HOSTILE}"
    page = open_page("settings.py")
    change(page, "masking.keep_recent", "3")
    until(lambda: proxy.settings)
    data.forget()
    page.run()
    assert HOSTILE in words(page)
    assert not any("evil.example" in element.value for element in page.markdown)


def test_without_a_proxy_the_page_says_when_it_counts(open_page: OpenPage, filled_database: Filler) -> None:
    filled_database.stop_proxies()
    page = open_page("settings.py")
    assert "No proxy is running" in page.warning[0].value
    change(page, "masking.keep_recent", "3")
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


def test_a_project_gets_a_policy_of_its_own_and_loses_it(open_page: OpenPage, filled_database: Filler) -> None:
    page = open_page("settings.py")
    add = next(one for one in page.text_input if one.label == "Project's name")
    add.set_value("my shop.v2")
    next(one for one in page.button if one.label == "Add").click().run()
    key = 'masking.projects."my shop.v2"'
    assert stored() == {key: "off"}
    assert "Project my shop.v2" in words(page)
    page.button(key=f"reset-{key}").click().run()
    assert stored() == {key: None}
    assert "Project my shop.v2" not in words(page)


def test_a_nameless_project_is_not_added(open_page: OpenPage, filled_database: Filler) -> None:
    page = open_page("settings.py")
    next(one for one in page.button if one.label == "Add").click().run()
    assert "Name the project first" in words(page)
    assert stored() == {}
