"""Tables are as wide as a page of 1,400 px: nothing of them is scrolled sideways, whatever names are in them."""

import pytest

from tests.browser.tabs import OpenTab, settled

WIDTH = 1400
TABLES = "[...document.querySelectorAll('[data-testid=stDataFrame] .dvn-scroller')]"
TOO_WIDE = f"{TABLES}.filter(table => table.scrollWidth > table.clientWidth + 1).map(table => table.scrollWidth)"
DRAWN = f"{TABLES}.length > 0 && {TABLES}.every(table => table.clientWidth > 0)"
PAGES = {
    "session": "/?session=s-0002",
    "sessions": "/sessions?period=all",
    "requests": "/requests?period=all",
    "turn": "/turn?id=58",
    "savings": "/savings?period=all",
    "masked": "/masked?period=all",
    "compression": "/compression?period=all",
    "ide_log": "/ide_log?period=all",
    "alerts": "/alerts?period=all",
}


@pytest.mark.parametrize("address", PAGES.values(), ids=PAGES)
def test_tables_fit_the_page(open_tab: OpenTab, address: str) -> None:
    with open_tab(address, width=WIDTH, locale="fr-FR") as look:  # whose headings are the longest
        settled(look.page)
        look.page.wait_for_function(DRAWN)
        assert look.page.evaluate(TOO_WIDE) == []
