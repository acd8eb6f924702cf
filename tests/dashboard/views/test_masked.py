from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import data, format
from dashboard.data import MaskedFilter, SavingsFilter
from dashboard.excerpts import PAGE_CHARS, sendable
from db import writing
from db.queries import masked_sums
from tests.db.stores import make_original
from tests.filled import HOSTILE, Filler, original_text

OpenPage = Callable[..., AppTest]


def tag_of(place: int, session_id: str = "s-0000") -> str:
    rows = data.masked_page(MaskedFilter(session_id=session_id), 50)
    return rows[-1 - place].tag


def test_without_a_store_the_page_leads_to_set_up(open_page: OpenPage) -> None:
    page = open_page("masked.py")
    assert "start the proxy" in page.info[0].value
    assert not page.text_input


def test_an_empty_store_says_that_nothing_was_masked(open_page: OpenPage, empty_database: Filler) -> None:
    assert "Nothing was masked" in open_page("masked.py").info[0].value


def test_the_table_says_what_where_and_why(open_page: OpenPage, filled_database: Filler) -> None:
    page = open_page("masked.py", of="s-0000")
    table = page.dataframe[0].value
    assert page.text[0].value == "6 masked"
    assert list(table["before"]) == [2_405, 2_404, 2_403, 2_402, 2_401, 2_400]
    assert set(table["after"]) == {160}
    assert set(table["reason"]) == {"arrival", "break-even", "cold"}
    assert not page.code


@pytest.mark.parametrize("place", range(5))
def test_a_digest_in_the_address_opens_its_original_beside_it(
    open_page: OpenPage, filled_database: Filler, place: int
) -> None:
    tag = tag_of(place)
    page = open_page("masked.py", digest=tag[:12])
    shown, original, digest = (code.value for code in page.code)
    assert shown == tag
    assert original == sendable(original_text("s-0000", place))
    assert digest.startswith(f"[digest {tag}")
    assert list(page.dataframe[1].value["saved"]) == [2_240 + place]


def test_a_long_original_comes_in_pages(open_page: OpenPage, filled_database: Filler) -> None:
    text = "".join(f"{number:07}\n" for number in range(PAGE_CHARS))
    original = make_original(text, session_id="s-0000")
    with filled_database.engine.begin() as tx:
        writing.write(tx, [original], "p-1")
    page = open_page("masked.py", digest=original.tag)
    assert page.code[1].value == text[:PAGE_CHARS].strip("\n")
    assert "No digest is recorded" in " ".join(caption.value for caption in page.caption)


@pytest.mark.parametrize(
    ("digest", "said"),
    [("k1:" + "0" * 24, "There is no original"), ("zz", "is not a digest"), (HOSTILE, "is not a digest")],
    ids=["unknown", "too short", "hostile"],
)
def test_a_digest_that_is_none_is_said_to_be(
    open_page: OpenPage, filled_database: Filler, digest: str, said: str
) -> None:
    page = open_page("masked.py", digest=digest)
    assert said in " ".join(element.value for element in (*page.text, *page.warning))
    assert not page.code


def test_originals_are_searched_for_words(open_page: OpenPage, filled_database: Filler) -> None:
    page = open_page("masked.py", find="BILLING paging", of="s-0003")
    table = page.dataframe[0].value
    assert list(table["path"]) == ["src/orders/paging.py"]
    assert list(table["line"]) == [41]
    page.text_input(key="text-find").set_value("nowhere to be found").run()
    assert "No original holds" in page.info[0].value
    page.text_input(key="text-find").set_value(" ".join(map(str, range(30)))).run()
    assert any("expected 1 to 20" in text.value for text in page.text)


def test_hostile_content_reaches_no_markdown(open_page: OpenPage, filled_database: Filler) -> None:
    page = open_page("masked.py", digest=tag_of(3, "s-0002"), of="s-0002")
    assert any(HOSTILE in code.value for code in page.code)
    marked = [*page.markdown, *page.caption, *page.header, *page.info, *page.warning]
    assert not any("evil.example" in element.value for element in marked)


def test_the_figures_are_of_the_whole_selection(open_page: OpenPage, filled_database: Filler) -> None:
    page = open_page("masked.py", of="s-0000")
    rows = page.dataframe[0].value
    saved = data.savings_by_provider(SavingsFilter(session_id="s-0000"))
    assert {metric.label: metric.value for metric in page.metric} == {
        "Originals": "6",
        "Tokens taken out": format.tokens(int(rows["before"].sum())),
        "Still there as digests": format.tokens(int(rows["after"].sum())),
        "Saved each time": format.tokens(int(rows["saved"].sum())),
        "Kept out by masking": format.tokens(sum(row.masked_tokens for row in saved)),
    }


def test_requests_are_not_told_apart_by_what_was_masked_in_them(open_page: OpenPage, filled_database: Filler) -> None:
    labels = [metric.label for metric in open_page("masked.py", of_kind="log").metric]
    assert labels == ["Originals", "Tokens taken out", "Still there as digests", "Saved each time"]


def test_what_is_too_much_to_add_up_is_not_shown(
    open_page: OpenPage, filled_database: Filler, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(masked_sums, "SUMMED", 3)
    assert [metric.label for metric in open_page("masked.py").metric] == ["Originals", "Kept out by masking"]
