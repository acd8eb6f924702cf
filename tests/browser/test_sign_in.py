"""A dashboard that asks people to sign in, with a provider of its own: who sees what, in the browser and without it."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from addons.services.simulator.free_port import free_port
from tests.browser.conftest import FIRST_PAINT_MS, serving
from tests.browser.identity_provider import IdentityProvider
from tests.browser.tabs import ANSWER_S, Look, Served

pytestmark = pytest.mark.e2e

ANA = {"name": "Ana *Bold*", "email": "ana@example.com", "email_verified": True}
PEOPLE = {
    "ana": ANA,
    "bob": {"name": "Bob", "email": "bob@example.com", "email_verified": True},
    "eve": {"name": "Eve", "email": "ana@example.com", "email_verified": False},
}
ALLOWED = '[team]\nallowed = ["ana@example.com", "example.org"]\n'
COOKIE_SECRET = "0123456789abcdef" * 4
FILES = ("/export/requests.csv", "/export/report?session=s-0000")
USER = "_streamlit_user"


@pytest.fixture(scope="module")
def provider() -> Iterator[IdentityProvider]:
    made = IdentityProvider(PEOPLE)
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def guarded(provider: IdentityProvider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A dashboard whose secrets name the provider; of its people, Ana is on the list."""
    folder, port = tmp_path_factory.mktemp("guarded"), free_port()
    provider.redirect_uri = f"http://127.0.0.1:{port}/oauth2callback"
    for name, text in ((".streamlit/secrets.toml", provider.secrets(COOKIE_SECRET)), ("kimi/providers.toml", ALLOWED)):
        (folder / name).parent.mkdir()
        (folder / name).write_text(text, encoding="utf-8")
    with serving(folder, port) as made:
        yield made


@contextmanager
def visitor(browser: Browser, guarded: Served, path: str = "/") -> Iterator[Look]:
    """Somebody who has never been here; nobody else is asked, and nothing complains."""
    context = browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(FIRST_PAINT_MS)
    page = context.new_page()
    look = Look(page)
    page.on("request", look.request)
    page.on("console", look.console)
    page.on("pageerror", lambda error: look.complaints.append(str(error)))
    page.goto(guarded.address + path)
    try:
        yield look
    finally:
        context.close()
    assert (look.elsewhere, look.complaints) == ([], [])


def sign_in(page: Page, who: str) -> None:
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name=who).click()


def statuses(address: str, cookies: dict[str, str]) -> list[int]:
    """What each file answers."""
    with httpx.Client(cookies=cookies, timeout=ANSWER_S) as client:
        return [client.get(address + path).status_code for path in FILES]


def cookies(page: Page) -> dict[str, str]:
    return {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}


@pytest.mark.parametrize("path", ["/", "/usage"])
def test_a_stranger_sees_how_to_sign_in_and_nothing_else(browser: Browser, guarded: Served, path: str) -> None:
    with visitor(browser, guarded, path) as look:
        expect(look.page.get_by_role("button", name="Sign in")).to_be_visible()
        expect(look.page.get_by_test_id("stSidebarNavLink")).to_have_count(0)
        expect(look.page.get_by_test_id("stMetric")).to_have_count(0)
        assert statuses(guarded.address, cookies(look.page)) == [401, 401]
    assert statuses(guarded.address, {}) == [401, 401]


def test_a_person_on_the_list_sees_the_pages_and_their_name_until_they_sign_out(
    browser: Browser, guarded: Served, provider: IdentityProvider
) -> None:
    with visitor(browser, guarded) as look:
        sign_in(look.page, "ana")
        expect(look.page.get_by_test_id("stMetric").first).to_be_visible()
        expect(look.page.get_by_test_id("stSidebar").get_by_text("Ana *Bold*")).to_be_visible()
        assert statuses(guarded.address, cookies(look.page)) == [200, 200]
        before = cookies(look.page)
        with look.page.expect_response(lambda one: one.url.startswith(f"{provider.address}/end")):
            look.page.get_by_role("button", name="Sign out").click()
        expect(look.page.get_by_role("button", name="Sign in")).to_be_visible()
        expect(look.page.get_by_test_id("stSidebarNavLink")).to_have_count(0)
        assert len(provider.ended) == 1 and provider.ended[0].count(".") == 2
        assert statuses(guarded.address, cookies(look.page)) == [401, 401]
        for forged in (before[USER][:-1], before[USER] + "A", "chunks-9", "e30.x.y"):
            assert statuses(guarded.address, {USER: forged}) == [401, 401], forged


@pytest.mark.parametrize(("who", "told"), [("bob", "not among those"), ("eve", "vouches for no e-mail address")])
def test_a_person_who_is_not_on_the_list_is_told_so(browser: Browser, guarded: Served, who: str, told: str) -> None:
    with visitor(browser, guarded) as look:
        sign_in(look.page, who)
        expect(look.page.get_by_text(told)).to_be_visible()
        expect(look.page.get_by_test_id("stSidebarNavLink")).to_have_count(0)
        assert statuses(guarded.address, cookies(look.page)) == [403, 403]
        look.page.get_by_role("button", name="Sign out").click()
        expect(look.page.get_by_role("button", name="Sign in")).to_be_visible()
