from hypothesis import given
from hypothesis import strategies as st

from addons.domain.masking.document import Hint, read
from addons.domain.masking.selection import NUMBERS_SAY, choose, fold, show, with_context


def test_what_must_stay_comes_before_what_tells_more() -> None:
    picks = choose([9.0, 1.0, 9.0], [10, 10, 10], 20, first=[1])
    assert picks.kept == {0, 1}


def test_a_line_without_worth_is_never_chosen() -> None:
    assert choose([0.0, 0.0], [1, 1], 100).kept == set()


@given(st.lists(st.tuples(st.floats(0, 9), st.floats(1, 50)), max_size=40), st.floats(0, 300))
def test_the_budget_is_kept(weighed: list[tuple[float, float]], budget: float) -> None:
    picks = choose([score for score, _ in weighed], [cost for _, cost in weighed], budget)
    assert sum(weighed[index][1] for index in picks.kept) <= budget + 1e-6


def test_context_is_raised_but_blank_lines_stay_out() -> None:
    raised = with_context([0.5, 0.0, 4.0, 0.5], [2], before=2, after=1, share=0.5)
    assert raised == [1.0, 0.0, 4.0, 2.0]


def test_fold_gives_the_first_of_each_template_and_the_rest() -> None:
    assert fold(["a", "b", "a", "", "a"]) == {0: [2, 4], 1: []}


def test_show_numbers_lines_counts_repetitions_and_says_what_is_missing() -> None:
    document = read("one\ntwo\nsame\nfour\nsame\n", Hint(), 10)
    body = show(document, {0, 2}, folded={2: [4]})
    assert body.text == "1|one\n3|same  (×2, last 5)"
    assert body.omitted == ((2, 2), (4, 4))
    assert body.notes == ("1 lines like those marked × folded",)
    assert body.how == NUMBERS_SAY
    assert not body.complete


def test_show_of_everything_is_complete() -> None:
    body = show(read("one\n\ntwo", Hint(), 10), {0, 2})
    assert body.complete
    assert body.omitted == ()
