"""Files as a person gets them: by a click, and opened where there is no network."""

import csv
import io
import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Download
from sqlalchemy import func, select

from db.models import Completion
from tests.browser.pixels import THEME, colour, pixels, rgb
from tests.browser.tabs import Look, OpenTab, Served, settled

pytestmark = pytest.mark.e2e


def downloaded(look: Look, link: str) -> Download:
    """What a link of the page gives; here, because the tab of its own that it opens is gone before it can be asked."""
    there = look.page.get_by_role("link", name=link, exact=True)
    there.click(trial=True)
    with look.page.expect_download() as found:  # in one step: the page may be drawn anew between two
        there.evaluate("link => { link.target = '_self'; link.click(); }")
    return found.value


def rows(file: Path) -> list[dict[str, object]]:
    text = file.read_text(encoding="utf-8")
    match file.suffix:
        case ".csv":
            return list(csv.DictReader(io.StringIO(text, newline="")))
        case ".json":
            return list(json.loads(text))
        case _:
            return [json.loads(line) for line in text.splitlines()]


def test_the_requests_that_are_shown_are_two_clicks_away(open_tab: OpenTab, served: Served, tmp_path: Path) -> None:
    with served.store.engine.connect() as tx:
        failed = tx.scalar(select(func.count()).select_from(Completion).where(Completion.outcome == "error"))
    with open_tab("/requests?period=all&outcome=error") as look:
        settled(look.page)
        look.page.get_by_role("button", name="Export").click()
        for title, suffix in (("CSV", ".csv"), ("JSON", ".json"), ("JSON Lines", ".jsonl")):
            found = downloaded(look, title)
            file = tmp_path / found.suggested_filename
            found.save_as(file)
            assert file.name.startswith("kimi-proxy-requests-error-") and file.suffix == suffix
            assert [row["outcome"] for row in rows(file)] == ["error"] * (failed or 0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_report_opens_without_a_network(open_tab: OpenTab, browser: Browser, tmp_path: Path, scheme: str) -> None:
    with open_tab("/?session=s-0000") as look:
        settled(look.page)
        found = downloaded(look, "Report")
        file = tmp_path / found.suggested_filename
        found.save_as(file)
    context = browser.new_context(viewport={"width": 1100, "height": 1400}, color_scheme=scheme, offline=True)  # type: ignore[arg-type]
    page = context.new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    shot = page.screenshot(full_page=True)
    context.close()
    assert (said, asked) == ([], [file.as_uri()])
    assert pixels(shot, rgb(THEME[scheme]["backgroundColor"])) > 100_000
    for series in ("cached", "fresh", "output", "history", "before", "masked", "sent"):
        assert pixels(shot, colour(series, scheme)) > 150, series
