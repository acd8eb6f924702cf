import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import figures
from dashboard.data import LiveRow


def row(**fields: object) -> LiveRow:
    usual: dict[str, object] = dict.fromkeys(LiveRow.__slots__) | {
        "id": 1, "rev": 1, "session_id": "s", "started_at_ms": 0, "provider": "p", "model": "m", "routed_from": "",
        "kind": "chat", "outcome": "ok", "error_class": "", "epoch": False, "composition": {},
    }  # fmt: skip
    return LiveRow(**(usual | fields))  # type: ignore[arg-type]


def filled(*fills: float | None) -> list[LiveRow]:
    return [row(context_fill=fill) for fill in fills]


@pytest.mark.parametrize(
    ("fills", "requests"),
    [
        pytest.param([], None, id="no rows"),
        pytest.param([0.1, 0.2], None, id="one step is no pace"),
        pytest.param([0.1, 0.2, 0.3], 7.0, id="a tenth each"),
        pytest.param([0.9, 0.1, 0.2, 0.3], 7.0, id="counted since the last shrinking"),
        pytest.param([0.1, 0.3, 0.28, 0.4], 6.0, id="what is masked belongs to the pace"),
        pytest.param([0.5, 0.5, 0.5], None, id="it does not grow"),
        pytest.param([0.1, None, 0.2, 0.3], 7.0, id="unknown fills are left out"),
        pytest.param([0.8, 0.9, 1.1], 0.0, id="over the window"),
    ],
)
def test_the_pace_says_when_the_window_is_full(fills: list[float | None], requests: float | None) -> None:
    assert figures.requests_until_full(filled(*fills)) == (None if requests is None else pytest.approx(requests))


def test_turns_follow_from_how_many_requests_a_turn_took() -> None:
    rows = [row(context_fill=0.1, turn=turn) for turn in (1, 1, 2, 2)]
    assert figures.turns_until_full(rows, 10) == 5
    assert figures.turns_until_full(filled(0.1), 10) is None


def test_autocomplete_does_not_count_for_the_window() -> None:
    rows = [row(context_fill=0.4), row(kind="autocomplete", context_fill=0.01)]
    assert figures.latest_in_context(rows) == rows[0]


def test_the_cache_share_leaves_out_what_was_not_reported() -> None:
    rows = [row(prompt_tokens=100, cached_tokens=50), row(prompt_tokens=900), row(prompt_tokens=100, cached_tokens=100)]
    assert figures.cache_share(rows) == (0.75, 2)
    assert figures.cache_share(rows[1:2]) == (None, 0)


def test_memory_is_taken_out_of_the_history_first() -> None:
    last = row(context_fill=0.5, memory_tokens=30, composition={"system": 10, "history": 20, "new": 70})
    tokens = {bar["part"]: bar["tokens"] for bar in figures.composition(last)}
    assert tokens == {"system": 10, "tools": 0, "memory": 30, "history": 0, "new": 60}


def test_a_composition_without_a_window_is_empty() -> None:
    assert figures.composition(row(composition={"system": 10})) == []
    assert figures.composition(row(context_fill=0.5)) == []


@given(
    st.dictionaries(st.sampled_from(["system", "tools", "history", "new", "prompt", "memory"]), st.integers(0, 10**6)),
    st.integers(0, 10**6),
    st.floats(0, 2),
)
def test_the_parts_of_the_bar_end_at_the_fill(composition: dict[str, int], memory: int, fill: float) -> None:
    bars = figures.composition(row(context_fill=fill, memory_tokens=memory, composition=composition))
    assert bool(bars) == bool(sum(composition.values()))
    assert all(bar["tokens"] >= 0 for bar in bars)
    if bars:
        assert bars[0]["start"] == 0
        assert bars[-1]["end"] == pytest.approx(fill)
        assert sum(bar["tokens"] for bar in bars) == sum(composition.values())


def test_billed_tokens_keep_what_is_unknown_unknown() -> None:
    assert figures.billed(row()) == {"cached": None, "fresh": None, "output": None, "reasoning": None}
    known = row(prompt_tokens=100, cached_tokens=60, completion_tokens=50, reasoning_tokens=20)
    assert figures.billed(known) == {"cached": 60, "fresh": 40, "output": 30, "reasoning": 20}
    estimated = row(prompt_tokens_sent=80)
    assert figures.billed(estimated)["fresh"] == 80
