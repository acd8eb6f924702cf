import pytest

from dashboard.charts.legend import AXIS_PX, LABEL_PX, ROOM_PX, SYMBOL_PX, legend


@pytest.mark.parametrize(
    ("names", "letters", "px"),
    [(("Ours", "Rate limit"), 0, 60), ((), 10, 60), (("x" * 80,), 0, LABEL_PX)],
    ids=["the longest name", "names that are not known", "a name that is cut"],
)
def test_as_many_names_stand_beside_each_other_as_fit(names: tuple[str, ...], letters: int, px: int) -> None:
    assert legend(names, letters).to_dict()["columns"] == {
        "expr": f"max(1, floor(({ROOM_PX} - {AXIS_PX}) / {px + SYMBOL_PX}))"
    }
