import hashlib
import re
from base64 import b64encode
from zoneinfo import ZoneInfo

from dashboard.i18n import speaking
from dashboard.report.gathered import gather
from dashboard.report.page import page, styles
from tests.dashboard.report.test_markup import Read
from tests.filled import HOSTILE, Filler

PARIS = ZoneInfo("Europe/Paris")


def made(session_id: str) -> str:
    found = gather(session_id)
    assert found is not None
    return page(found, PARIS, 1_790_000_000_000)


def test_a_session_that_is_not_there_has_no_report(filled_database: Filler) -> None:
    assert gather("s-9999") is None


def test_it_says_all_of_a_session(filled_database: Filler) -> None:
    filled_database.epoch("s-0006", filled_database.now_ms, "pressure")
    read = Read(made("s-0006"))
    words = " ".join(read.texts)
    for said in ("Review the cache invalidation", "groq/moonshotai/kimi-k2", "What fills the context window",
                 "Tokens of each request: prompt", "Context window over time", "From received to sent", "pressure",
                 "Rate limit reached", "120 of 120", "2026-09-21 16:13:20", "Europe/Paris"):  # fmt: skip
        assert said in words
    assert [tag for tag, _attributes in read.tags].count("tr") > 120
    assert words.count("estimated") > 5 and words.count("reported") > 5


def test_prices_are_compared_where_they_are_known(filled_database: Filler) -> None:
    words = " ".join(Read(made("s-0000")).texts)
    assert "Without us" in words and "Difference: " in words


def test_it_asks_nobody_for_anything_and_runs_nothing(filled_database: Filler) -> None:
    text = made("s-0006")
    tags = {tag for tag, _attributes in Read(text).tags}
    assert tags.isdisjoint({"script", "img", "link", "iframe", "object", "a", "image", "use", "form", "base"})
    assert not re.search(r"url\(|@import|\son\w+=|\sstyle=", re.sub(r"<title>.*?</title>", "", text))
    digest = b64encode(hashlib.sha256(styles().encode()).digest()).decode()
    assert f"default-src &#x27;none&#x27;; style-src &#x27;sha256-{digest}&#x27;" in text
    assert f"<style>{styles()}</style>" in text


def test_a_hostile_name_is_text(filled_database: Filler) -> None:
    read = Read(made("s-0002"))
    assert "img" not in {tag for tag, _attributes in read.tags}
    assert HOSTILE in read.texts


def test_what_is_not_known_is_left_open(filled_database: Filler) -> None:
    filled_database.blank("s-0003", context_fill=None, context_window=None)
    filled_database.request("s-0003", prompt_tokens=None, cached_tokens=None, completion_tokens=None,
                            prompt_tokens_sent=None, context_fill=None, cost_usd=None, ttfb_ms=None)  # fmt: skip
    words = " ".join(Read(made("s-0003")).texts)
    assert "None." in words
    assert "nan" not in words.lower().split()


def test_it_speaks_the_language_of_the_one_who_asks(filled_database: Filler) -> None:
    with speaking("fr"):
        assert '<html lang="fr">' in made("s-0006")
