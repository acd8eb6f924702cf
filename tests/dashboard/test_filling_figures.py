from dataclasses import replace

import pytest

from addons.domain.composition import Composition
from dashboard import filling_figures
from dashboard.data import LiveRow
from tests.filled import HOSTILE

FOUND = Composition(
    overview={"system": 100, "history": 700, "new": 200},
    parts={"system": 60, "rules": 40, "tool_results": 600, "user": 300},
    tools={"read_file": 400, HOSTILE: 150},
    largest=(),
)


def row(**fields: object) -> LiveRow:
    usual: dict[str, object] = dict.fromkeys(LiveRow.__slots__) | {"context_window": 10_000, "context_fill": 0.2}
    return LiveRow(**(usual | fields))  # type: ignore[arg-type]


def test_the_bar_is_as_long_as_the_window_is_full() -> None:
    *parts, new = filling_figures.bars(FOUND, 0.2)
    assert [bar["part"] for bar in parts] == ["system", "rules", "tool_results", "user"]
    assert [bar["start"] for bar in parts[1:]] == [bar["end"] for bar in parts[:-1]]
    assert parts[-1]["end"] == pytest.approx(0.2)
    assert (new["part"], new["end"], new["share"]) == ("new", pytest.approx(0.2), pytest.approx(0.04))
    assert new["top"] > parts[0]["bottom"]


def test_without_a_fill_there_is_no_bar() -> None:
    assert filling_figures.bars(FOUND, None) == []
    assert filling_figures.bars(replace(FOUND, parts={}), 0.2) == []


def test_the_table_sums_to_the_total() -> None:
    lines = filling_figures.table(FOUND, row())
    names = [line["part"].strip() for line in lines]
    assert names == ["System", "Rules", "Tool results", "read_file", HOSTILE, "around the results", "User", "Total"]
    parts = [line for line in lines if not line["part"].startswith(" ")][:-1]
    assert sum(line["tokens"] for line in parts) == lines[-1]["tokens"] == 1_000
    assert sum(line["share"] for line in parts) == lines[-1]["share"] == 100
    assert lines[-1]["window"] == pytest.approx(20)
    by_tool = [line["tokens"] for line in lines if line["part"].startswith(" ")]
    assert sum(by_tool) == FOUND.parts["tool_results"]


def test_without_a_window_its_share_is_not_known() -> None:
    lines = filling_figures.table(FOUND, row(context_window=None, context_fill=None))
    assert {line["window"] for line in lines} == {None}


def test_many_tools_are_summed_up() -> None:
    tools = {f"tool {place}": 10 for place in range(filling_figures.TOOLS_SHOWN + 3)}
    lines = filling_figures.table(replace(FOUND, parts={"tool_results": 110}, tools=tools), row())
    assert (lines[-2]["part"].strip(), lines[-2]["tokens"]) == ("3 other tools", 30)


def test_messages_are_counted_from_one() -> None:
    assert (filling_figures.place(0), filling_figures.place(-1)) == ("message 1", "system instruction")
