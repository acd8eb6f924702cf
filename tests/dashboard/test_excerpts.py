from hypothesis import given
from hypothesis import strategies as st

from dashboard.excerpts import pages, sendable


@given(st.text(alphabet="ab\n", max_size=200), st.integers(1, 40))
def test_pages_are_the_text_in_pieces_of_a_size(text: str, size: int) -> None:
    found = pages(text, size)
    assert "".join(found) == text
    assert all(len(one) <= size for one in found)
    assert found and (len(found) == 1 or all(found))


def test_a_page_ends_with_a_line_where_it_can() -> None:
    assert pages("one\ntwo\nthree", 9) == ["one\ntwo\n", "three"]
    assert pages("abcdefgh", 3) == ["abc", "def", "gh"]


@given(st.text(alphabet=st.characters(codec=None)))
def test_whatever_was_captured_can_be_sent(text: str) -> None:
    assert sendable(text).encode("utf-8") is not None


def test_text_without_surrogates_is_not_changed() -> None:
    assert sendable("Größe 🙂") == "Größe 🙂"
    assert sendable("a\ud800b").startswith("a")
