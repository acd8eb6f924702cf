import pytest

from dashboard import remembered
from dashboard.data import MemoryPeriod, MemoryPoint, MemorySource

POINTS = [MemoryPoint(completion_id=at, started_at_ms=1_000 * at, memory_tokens=50 * at, chat_tokens=100,
                      memory_ratio=None) for at in range(3)]  # fmt: skip


def test_a_ratio_is_that_of_all_prompts_together() -> None:
    moments = remembered.of_periods([
        MemoryPeriod(at_ms=0, requests=1, memory_tokens=10, prompt_tokens=10),
        MemoryPeriod(at_ms=1, requests=9, memory_tokens=0, prompt_tokens=90),
    ])  # fmt: skip
    assert remembered.ratio(moments) == pytest.approx(0.1)
    assert remembered.ratio([]) is None


def test_points_of_a_session_are_those_of_the_period() -> None:
    assert [moment.at_ms for moment in remembered.of_points(POINTS, 1_000)] == [1_000, 2_000]
    assert [row["ratio"] for row in remembered.ratios(remembered.of_points(POINTS, None))] == [0, 1 / 3, 0.5]


def test_what_is_sent_again_stands_behind_what_was_new() -> None:
    row = MemorySource(server="", type="[MEMORY]", segments=2, tokens=100, sent_tokens=700)
    first, again = remembered.sources([row])
    assert (first["start"], first["end"], again["start"], again["end"]) == (0, 100, 100, 700)
    assert first["source"] == "server not named · [MEMORY]"
    assert len(remembered.sources([row] * 20)) == 2 * remembered.DRAWN
