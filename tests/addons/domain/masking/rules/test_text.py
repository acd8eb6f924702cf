from collections.abc import Callable

from addons.domain.masking.rules import text
from addons.domain.masking.rules.text import by_novelty, edges
from addons.domain.masking.selection import Body


def test_head_tail_and_the_one_telling_line_stay(shortened: Callable[..., Body]) -> None:
    lines = [f"chapter {n % 7} of the long report goes on and on about nothing in particular" for n in range(400)]
    lines[200] = "the vault of lark-4471 was opened at 03:17 by runner bay-9"
    body = shortened(text.read, "\n".join(lines), 200)
    assert "1|chapter 0" in body.text
    assert "lark-4471" in body.text
    assert "×" in body.text


def test_a_blank_text_is_nobodys(applies: Callable[..., bool]) -> None:
    assert not applies(text.read, "\n \n")
    assert applies(text.read, "word")


def test_edges_stop_where_the_budget_ends() -> None:
    assert edges([5.0] * 10, 22, 2, 2) == [0, 1, 9, 8]
    assert edges([5.0] * 10, 11, 2, 2) == [0, 1]
    assert edges([5.0], 100, 4, 4) == [0]


def test_by_novelty_takes_one_of_each_kind_first() -> None:
    assert by_novelty(["a", "a", "b", "a", "c"], range(5)) == [0, 2, 4, 1, 3]
