"""Settings are found by their part, provider and model; a table of them takes rows, and gives them back."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import delete, select

from db.models import Setting
from tests.browser.at_work import stored, working
from tests.browser.tabs import OpenTab, Served, choose, settled
from tests.db.stores import until

pytestmark = pytest.mark.e2e

RULE = "routing.rules.any-model"


def test_a_part_a_provider_and_a_model_are_chosen(open_tab: OpenTab) -> None:
    with open_tab("/settings") as look:
        page = look.page
        choose(page, "part", "Routing")
        expect(page.locator(".st-key-setting-routing-repair")).to_be_visible()
        expect(page.locator(".st-key-setting-masking-policy")).to_have_count(0)
        choose(page, "part", "Providers, models and prices")
        choose(page, "for", "Mistral")
        expect(page.locator("[class*=st-key-section-providers-mistral]").first).to_be_visible()
        choose(page, "model", "codestral-latest")
        expect(page.locator("[class*=st-key-section-providers-mistral-models-codestral]").first).to_be_visible()


def test_a_rule_is_typed_changed_and_taken_out(open_tab: OpenTab, served: Served) -> None:
    its = select(Setting.value).where(Setting.key == RULE)
    with working(served), open_tab("/settings?part=routing") as look:
        page = look.page
        settled(page)
        rules = page.locator(".st-key-setting-routing-rules")
        rules.get_by_role("button", name="Add").click()
        expect(rules.get_by_text("Say the name and the value first.")).to_be_visible()
        rules.get_by_role("textbox", name="Name").fill("any-model")
        rules.get_by_role("combobox", name="Value").fill("mistral/codestral")
        page.get_by_role("option").filter(has_text="mistral/codestral-latest").first.click()
        rules.get_by_role("button", name="Add").click()
        row = page.locator(".st-key-row-routing-rules-any-model")
        typed = row.get_by_role("textbox", name="Value")
        expect(typed).to_have_value("mistral/codestral-latest")
        expect(row.get_by_text(re.compile("applied at"))).to_be_visible()
        assert stored(served, its) == '"mistral/codestral-latest"'
        typed.fill("kimi-code/kimi-for-coding")
        typed.press("Enter")
        until(lambda: stored(served, its) == '"kimi-code/kimi-for-coding"')
        row.get_by_role("button", name="Remove").click()
        expect(row).to_have_count(0)
        assert stored(served, its) in (None, "null")
    with served.store.engine.begin() as tx:
        tx.execute(delete(Setting).where(Setting.key == RULE))
