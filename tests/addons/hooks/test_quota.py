"""When Kimi Code is asked for its quotas; that it is, tests/e2e/test_ratelimit.py shows."""

import pytest

from addons.hooks.quota import Quota
from addons.services.quota import EVERY_MS, QuotaAsker
from tests.addons.hooks.conftest import MakeOwn
from tests.addons.hooks.own import PROVIDERS, chat, stream_of


def test_an_account_is_asked_at_most_every_ten_minutes() -> None:
    asker = QuotaAsker()
    times = [0, 1, EVERY_MS - 1, EVERY_MS, EVERY_MS + 1]
    assert [asker.is_due("one", at_ms) for at_ms in times] == [True, False, False, True, False]
    assert asker.is_due("other", 5)
    assert "one" not in repr(vars(asker))


@pytest.mark.parametrize("switched", ["", "[pacing]\nkimi_quota = true\n"], ids=["off", "on, another provider"])
def test_nobody_else_is_asked(make_own: MakeOwn, switched: str) -> None:
    own = make_own(providers=switched + PROVIDERS)
    flow = chat([{"role": "user", "content": "Hello"}], headers={"authorization": "Bearer sk-1"})
    own.run(own.request(flow))
    own.run(own.answer(flow, stream_of("Done.")))
    assert own.addon(Quota).asking == set()
