from typing import Any

import pytest

from addons.domain.composition import Composition
from dashboard import compare_figures
from dashboard.compare_figures import Side, difference
from dashboard.data import LiveRow, PrefixChanges, SessionRow


def row(number: int, **fields: object) -> tuple[int, LiveRow]:
    usual: dict[str, object] = dict.fromkeys(LiveRow.__slots__) | {"id": number, "kind": "chat", "outcome": "ok"}
    return number, LiveRow(**(usual | fields))  # type: ignore[arg-type]


def side(*numbered: tuple[int, LiveRow], parts: dict[str, int] | None = None, **fields: Any) -> Side:
    counters = ("completions", "turns", "errors", "prompt_tokens", "cached_tokens", "completion_tokens",
                "saved_tokens", "created_at_ms", "last_seen_ms", "unpriced")  # fmt: skip
    usual = dict.fromkeys(SessionRow.__slots__) | dict.fromkeys(counters, 0)
    usual |= {"cost_usd": 0.0, "cost_unmodified_usd": 0.0}
    made = Composition(overview={}, parts=parts, tools={}, largest=()) if parts else None
    return Side(session=SessionRow(**(usual | fields)), numbered=numbered, made_of=made,
                changes=PrefixChanges(epochs=0, summaries=0))  # fmt: skip


@pytest.mark.parametrize(
    ("left", "right", "is_share", "words"),
    [
        pytest.param(None, 1, False, "–", id="not known on one side"),
        pytest.param(5, 5, False, "the same", id="equal"),
        pytest.param(100, 112, False, "12% more", id="more"),
        pytest.param(100, 50, False, "50% less", id="less"),
        pytest.param(100, 310, False, "3.1 times as much", id="much more"),
        pytest.param(0, 3, False, "more", id="more than nothing"),
        pytest.param(-2, -5, False, "less", id="a greater loss"),
        pytest.param(2, -1, False, "less", id="a gain and a loss"),
        pytest.param(0.40, 0.535, True, "13.5 points more", id="a larger share"),
        pytest.param(0.40, 0.30, True, "10.0 points less", id="a smaller share"),
        pytest.param(0.40001, 0.40002, True, "the same", id="shares shown alike"),
    ],
)
def test_a_difference_is_told_in_words(left: float | None, right: float | None, is_share: bool, words: str) -> None:
    assert difference(left, right, is_share=is_share) == words


def test_what_is_not_known_is_a_dash_and_is_not_told() -> None:
    lines = {line["measure"]: line for line in compare_figures.lines(side(), side())}
    assert lines["From cache"]["left"] == lines["From cache"]["difference"] == "–"
    assert lines["Prompt tokens a turn"]["right"] == "–"
    assert compare_figures.sentences(side(), side()) == []


def test_a_session_with_an_unpriced_request_has_no_cost() -> None:
    lines = compare_figures.lines(side(cost_usd=2.0, unpriced=1, turns=1), side(cost_usd=2.0, turns=1))
    cost = next(line for line in lines if line["measure"] == "Cost")
    assert (cost["left"], cost["right"], cost["difference"]) == ("–", "$2.00", "–")


def test_the_main_differences_are_sentences() -> None:
    left = side(row(1, cached_tokens=50, prompt_tokens=100), turns=2, prompt_tokens=200, cost_usd=2.0)
    right = side(row(1, cached_tokens=90, prompt_tokens=100), turns=1, prompt_tokens=50, cost_usd=1.0)
    assert compare_figures.sentences(left, right) == [
        "Prompt tokens a turn: on the right 50% less.",
        "From cache: on the right 40.0 points more.",
        "Cost a turn: on the right the same.",
    ]


def test_charts_have_both_sides_at_their_own_numbers() -> None:
    left = side(row(7, context_fill=0.1, prompt_tokens=10, cost_usd=1.0), row(8, kind="title", cost_usd=None))
    right = side(row(1, context_fill=0.2, prompt_tokens_sent=20, cost_usd=2.0), row(2, context_fill=0.3, cost_usd=1.0))
    assert [(one["side"], one["number"], one["value"]) for one in compare_figures.fills(left, right)] == [
        ("left", 7, 0.1), ("right", 1, 0.2), ("right", 2, 0.3),
    ]  # fmt: skip
    assert [one["value"] for one in compare_figures.costs(left, right)] == [1.0, 1.0, 2.0, 3.0]
    assert [one["value"] for one in compare_figures.sizes(left, right)] == [10, None, 20, None]


def test_parts_that_neither_has_are_left_out() -> None:
    found = compare_figures.parts(side(parts={"rules": 5, "user": 3}), side(parts={"rules": 2}))
    assert [(one["part"], one["side"], one["tokens"]) for one in found] == [
        ("Rules", "left", 5), ("Rules", "right", 2), ("User", "left", 3), ("User", "right", 0),
    ]  # fmt: skip
    assert compare_figures.parts(side(), side()) == []


def test_three_charts_are_one_table_by_request() -> None:
    left = side(row(4, context_fill=0.5, prompt_tokens=100, cost_usd=1.0),
                row(5, context_fill=0.6, prompt_tokens=120, cost_usd=0.5))  # fmt: skip
    right = side(row(5, context_fill=0.1, prompt_tokens=20, kind="title"))
    assert compare_figures.by_request(left, right) == [
        {"number": 4, "left-fill": 0.5, "left-prompt": 100, "left-usd": 1.0},
        {"number": 5, "left-fill": 0.6, "left-prompt": 120, "left-usd": 1.5, "right-prompt": 20, "right-usd": 0.0},
    ]


def test_a_line_for_each_part() -> None:
    points = compare_figures.parts(side(parts={"user": 5, "tools": 7}), side(parts={"user": 9}))
    assert compare_figures.by_part(points) == [
        {"part": "Tools", "left": 7, "right": 0},
        {"part": "User", "left": 5, "right": 9},
    ]
