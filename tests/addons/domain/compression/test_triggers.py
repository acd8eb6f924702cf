"""When a session is compressed by itself."""

import pytest

from addons.domain.compression.summary import Trigger
from addons.domain.compression.triggers import Load, Pace, due, goal, limit
from addons.domain.settings import Compression

NOW_MS = 1_790_000_000_000
USUAL = Compression()


@pytest.mark.parametrize(
    ("load", "pace", "settings", "trigger"),
    [
        (Load(80_000, 100_000), Pace(), USUAL, None),
        (Load(85_000, 100_000), Pace(), USUAL, Trigger.PRESSURE),
        (Load(85_000, None), Pace(), USUAL, None),
        (Load(85_000, 100_000), Pace(), Compression(enabled=False), None),
        (Load(85_000, 100_000), Pace(NOW_MS - 299_000), USUAL, None),
        (Load(85_000, 100_000), Pace(NOW_MS - 300_000), USUAL, Trigger.PRESSURE),
        (Load(95_001, 100_000), Pace(NOW_MS - 1), USUAL, Trigger.NO_ROOM),
        (Load(95_001, 100_000), Pace(None, 3), USUAL, None),
        (Load(75_000, 100_000, max_output=30_000), Pace(), USUAL, Trigger.NO_ROOM),
        (Load(45_000, 100_000, max_output=90_000), Pace(), USUAL, None),
        (Load(75_000, 100_000, is_cold=True), Pace(), USUAL, Trigger.COLD),
        (Load(60_000, 100_000, is_cold=True), Pace(), USUAL, None),
        (Load(1_400, 2_000), Pace(), USUAL, None),
    ],
    ids=[
        *(
            "room",
            "threshold",
            "no window",
            "off",
            "pause",
            "after the pause",
            "no room in the pause",
            "without effect",
        ),
        *("the client asks for much", "but for no more than half", "cold and near", "cold but far", "a small window"),
    ],
)
def test_when_it_is_due(load: Load, pace: Pace, settings: Compression, trigger: Trigger | None) -> None:
    assert due(load, settings, pace, NOW_MS) == trigger


def test_a_compression_that_saves_little_counts_as_without_effect_until_one_saves_much() -> None:
    pace = Pace()
    for at_ms, after in enumerate((9_500, 9_001, 9_999)):
        pace.note(at_ms, 10_000, after)
    assert pace == Pace(2, 3)
    pace.note(5, 10_000, 9_000)
    assert pace == Pace(5, 0)


def test_the_goal_leaves_room_before_the_next_one() -> None:
    load = Load(90_000, 100_000)
    assert goal(load, USUAL) == 70_000
    assert due(Load(70_000, 100_000), USUAL, Pace(), NOW_MS) is None
    assert limit(100_000, None, USUAL) == 95_000
