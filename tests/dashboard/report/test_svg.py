import pytest

from dashboard.report.svg import Frame, ticks


@pytest.mark.parametrize(
    ("top", "expected"),
    [
        (0.0, [0]),
        (1.0, [0, 0.5, 1]),
        (100.0, [0, 50, 100]),
        (199_000.0, [0, 50_000, 100_000, 150_000]),
        (0.004, [0, 0.001, 0.002, 0.003, 0.004]),
        (7.0, [0, 2, 4, 6]),
    ],
)
def test_an_axis_has_round_values(top: float, expected: list[float]) -> None:
    assert ticks(top) == pytest.approx(expected)


def test_a_plane_begins_at_its_lower_left() -> None:
    frame = Frame(10, 50.0, 200.0)
    assert frame.x(0) < frame.x(10)
    assert frame.y(0) > frame.y(50) == frame.y(80)
    assert Frame(0, 0.0, 200.0).y(0) == frame.y(0)
