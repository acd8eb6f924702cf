"""A setting changed on the page is used by the real proxy for its next request."""

import time

import pytest
from streamlit.testing.v1 import AppTest

from addons.domain.places import ROOT
from dashboard import data
from tests.e2e.harness import Case, Product, Way

pytestmark = pytest.mark.e2e

FRAME = ROOT / "dashboard" / "frame.py"
MODEL = "openai/gpt-oss-20b"
APPLIED_S = 60.0
"""A change is noticed within 250 ms; the rest is for a busy machine."""


@pytest.fixture
def page(product: Product, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """Of the running product, with the settings of its providers."""
    for name in ("KIMI_DATABASE_URL", "KIMI_HOME"):
        monkeypatch.setenv(name, product.environ[name])
    data.forget()
    page = AppTest.from_file(str(FRAME), default_timeout=120)
    page.switch_page("views/settings.py")
    for name, value in {"part": "providers", "for": "groq", "model": MODEL}.items():
        page.query_params[name] = value
    return page.run()


def until_applied(product: Product, count: int) -> None:
    deadline = time.monotonic() + APPLIED_S
    applied = "SELECT key FROM settings WHERE applied_at_ms IS NOT NULL AND error = ''"
    while len(product.query(applied)) < count and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(product.query(applied)) == count, product.query("SELECT * FROM settings")


def ask(case: Case) -> float:
    """What one more request cost."""
    case.begin()
    with Way(case.product, gateway=True).client() as client:
        body = {"model": MODEL, "messages": [{"role": "user", "content": "What does this cost?"}]}
        client.post(f"{case.product.gateway_url}/groq/chat/completions", json=body).raise_for_status()
    (row,) = case.rows(1)
    cost: float = row["cost_usd"]
    return cost


def test_a_price_set_on_the_page_is_paid_by_the_next_request(page: AppTest, case: Case) -> None:
    before = ask(case)
    key = f'providers.groq.models."{MODEL}".price'
    for name, price in (("input", 75.0), ("cached", 37.5), ("output", 300.0)):
        page.number_input(key=f"value-{key}.{name}").set_value(price).run()
    until_applied(case.product, 3)
    assert ask(case) == pytest.approx(1_000 * before)
    data.forget()
    page.run()
    assert any("applied at" in element.value and "by the proxy" in element.value for element in page.text)
    for name in ("input", "cached", "output"):
        page.button(key=f"reset-{key}.{name}").click().run()
    until_applied(case.product, 3)
    assert ask(case) == pytest.approx(before)
    data.forget()
