"""Where several people's proxies share a store, requests are chosen by whose they are."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import delete, update

from db.models import Completion, Heartbeat
from tests.browser.at_work import extra
from tests.browser.tabs import OpenTab, Served, choose
from tests.filled import HOUR_MS

pytestmark = pytest.mark.e2e

PROXIES = {"ana-0123abcd": 3, "ana-4567cdef": 1, "ben-89abcdef": 0}
"""By id: how many of a session's four requests it recorded."""


def test_requests_are_chosen_by_user_and_by_proxy(open_tab: OpenTab, served: Served) -> None:
    store, ids = served.store, list(PROXIES)
    with extra(served, 128) as (session_id,):
        for proxy_id in ids:
            store.heartbeat(store.now_ms - HOUR_MS, stopped_ms=store.now_ms - HOUR_MS, proxy_id=proxy_id)
        its = update(Completion).where(Completion.session_id == session_id)
        with store.engine.begin() as tx:
            tx.execute(its.values(proxy_id=ids[0]))
            tx.execute(its.where(Completion.message_count == 9).values(proxy_id=ids[1]))
        with open_tab("/requests?period=all", width=1600) as look:
            for name, option, count in (("user", "ana", 4), ("proxy", ids[0], 3), ("proxy", ids[1], 1)):
                choose(look.page, name, option)
                words = f"{count} requests" if count > 1 else "1 request"
                expect(look.page.locator(".st-key-pager-requests").get_by_text(words)).to_be_visible()
        with store.engine.begin() as tx:
            tx.execute(delete(Heartbeat).where(Heartbeat.proxy_id.in_(ids)))
