"""The page that stands in every page's place until its person has signed in."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import data, signing_in
from dashboard.pages import PAGES
from tests.dashboard.conftest import FRAME
from tests.filled import Filler

PROVIDER = {"client_id": "kimi", "client_secret": "hush", "server_metadata_url": "https://id.example.com/"}
AUTH = {"redirect_uri": "http://127.0.0.1:8501/oauth2callback", "cookie_secret": "0123456789abcdef" * 2}
ANA = {"is_logged_in": True, "name": "Ana *Bold*", "email": "ana@example.com", "email_verified": True}


@pytest.fixture(autouse=True)
def asked_to_sign_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the server found when it started; an AppTest starts none."""
    monkeypatch.setattr(signing_in, "required", lambda: True)


@pytest.fixture
def allowed(own_places: Path) -> Iterator[Path]:
    """The person's own providers.toml."""
    file = Path(os.environ["KIMI_HOME"]) / "providers.toml"
    file.parent.mkdir(exist_ok=True)
    file.write_text('[team]\nallowed = ["ana@example.com"]\n', encoding="utf-8")
    return file


def run(file: str = "session.py", user: dict[str, object] | None = None, **auth: object) -> AppTest:
    page = AppTest.from_file(str(FRAME), default_timeout=120)
    page.secrets = {"auth": AUTH | (auth or PROVIDER)}
    page.user = user or {}
    page.switch_page(f"views/{file}")
    page.run()
    assert not page.exception
    return page


def words(page: AppTest) -> list[str]:
    return [element.value for kind in (page.header, page.text, page.info, page.warning, page.error) for element in kind]


@pytest.mark.parametrize("file", [page.file for page in PAGES])
def test_nothing_of_a_page_is_drawn_before(filled_database: Filler, file: str) -> None:
    page = run(file)
    assert [button.label for button in page.button] == ["Sign in"]
    assert [header.value for header in page.header] == ["Sign in"]
    assert not (page.metric or page.dataframe or page.text or page.selectbox)


def test_each_provider_with_a_name_has_its_button(filled_database: Filler) -> None:
    page = run(corp=PROVIDER, guests=PROVIDER)
    assert [button.label for button in page.button] == ["Sign in with corp", "Sign in with guests"]


def test_whoever_is_on_the_list_sees_the_page_and_their_name(filled_database: Filler, allowed: Path) -> None:
    page = run(user=ANA)
    assert page.metric
    assert [text.value for text in page.sidebar.text] == ["Ana *Bold*\nana@example.com"]
    assert [button.label for button in page.sidebar.button] == ["Sign out"]


def test_without_a_list_everybody_does(filled_database: Filler) -> None:
    assert run(user={"is_logged_in": True, "sub": "7"}).metric


@pytest.mark.parametrize(
    ("claims", "said"),
    [
        ({"email": "bob@example.com"}, "this address is not among those"),
        ({"email_verified": False}, "no e-mail address"),
    ],
)
def test_whoever_is_not_is_told_so(
    filled_database: Filler, allowed: Path, claims: dict[str, object], said: str
) -> None:
    page = run(user=ANA | claims)
    assert any(said in text for text in words(page))
    assert [button.label for button in page.button] == ["Sign out"]
    assert not page.metric


def test_a_list_that_cannot_be_read_lets_nobody_in(filled_database: Filler, allowed: Path) -> None:
    allowed.write_text('[team]\nallowed = ["no address"]\n', encoding="utf-8")
    page = run(user=ANA)
    assert any("nobody is let in" in text for text in words(page))
    assert "team" in page.code[0].value
    assert not (page.metric or page.button)


def test_what_is_set_in_the_dashboard_lets_in_nobody_else(filled_database: Filler, allowed: Path) -> None:
    data.put_setting("team.allowed", ["bob@example.com"])
    assert not run(user=ANA | {"email": "bob@example.com"}).metric
    assert run(user=ANA).metric
