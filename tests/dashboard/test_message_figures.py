from typing import Any

import pytest

from addons.domain.composition import IN_USE, MASKED, STALE, STAYS, SYSTEM_INDEX, WORDS
from addons.domain.decisions import Action
from addons.domain.message_lines import Line
from addons.domain.message_list import Piece
from addons.domain.messages import Role
from dashboard import message_figures
from tests.filled import HOSTILE

KEEP, MASK, SUMMARISED = Action.KEEP, Action.MASK, Action.SUMMARISED


def line(part: str, after: int, index: int | None = 0, **fields: Any) -> Line:
    usual = {"pieces": (Piece(part, after),), "key": "ab" * 16, "role": Role.USER, "action": KEEP}
    return Line(**(usual | {"index": index, "before": after, "after": after} | fields))


UNKNOWN = Line(index=4, before=None, after=None, action=None)
EVERY = [
    line("tools", 600, None, role=None, key=""),
    line("system", 100, role=Role.SYSTEM, pieces=(Piece("system", 80), Piece("rules", 20))),
    line("tool_results", 50, 3, before=90, action=MASK, advice=MASKED, pieces=(Piece("tool_results", 90, HOSTILE),)),
    UNKNOWN,
    line("assistant", 3, None, role=None, key=""),
]


def test_each_line_is_a_row_with_its_share_of_all_of_them() -> None:
    tools, system, result, unknown, primer = message_figures.rows(EVERY, EVERY)
    assert (tools["place"], tools["part"], tools["role"], tools["digest"]) == (None, "Tools", "", "")
    assert (system["place"], system["also"], system["digest"]) == (1, "Rules 20", "abababababab")
    assert (result["tool"], result["tokens"], result["saved"], result["done"]) == (HOSTILE, 50, 40, "masked")
    assert result["share"] == pytest.approx(100 * 50 / 753)
    assert (unknown["part"], unknown["tokens"], unknown["share"], unknown["saved"]) == ("", None, None, None)
    assert primer["also"] == "opens the answer"


def test_the_largest_are_ranked_also_where_others_are_shown() -> None:
    assert [row["rank"] for row in message_figures.rows(EVERY, EVERY)] == [1, 2, 3, None, 4]
    shown = message_figures.of_part(EVERY, "tool_results")
    assert [(row["rank"], row["tokens"]) for row in message_figures.rows(shown, EVERY)] == [(3, 50)]


def test_what_is_in_a_message_finds_it() -> None:
    assert message_figures.parts(EVERY) == ["system", "rules", "tools", "tool_results", "assistant"]
    assert [line.pieces[0].part for line in message_figures.of_part(EVERY, "rules")] == ["system"]
    assert message_figures.of_part(EVERY, "") == EVERY


def test_a_system_message_is_one_whatever_fills_it() -> None:
    of = line("memory", 90, role=Role.SYSTEM, pieces=(Piece("memory", 60), Piece("system", 20), Piece("rules", 10)))
    (row,) = message_figures.rows([of], [of])
    assert (row["part"], row["also"]) == ("System", "Memory 60 · Rules 10")


def test_messages_are_chosen_by_what_was_done() -> None:
    covered = [line("user", 0, 5, before=8, action=SUMMARISED), line("summary", 4, None, action=SUMMARISED)]
    every = [*EVERY, *covered, line("user", 9, 6, is_new=True)]
    assert message_figures.choices(every) == ["sent", "new", "mask", "summarised"]
    assert [len(message_figures.chosen(every, name)) for name in ("", "sent", "new", "mask", "summarised")] == [
        *(8, 7, 1, 1, 1)
    ]
    assert message_figures.choices(EVERY[:2]) == []


@pytest.mark.parametrize(
    ("of", "words"),
    [
        pytest.param(line("user", 5, advice=WORDS), "kept · your own words", id="words"),
        pytest.param(line("user", 5, advice=STAYS), "kept", id="stays"),
        pytest.param(line("tool_results", 5, advice=STALE), "kept · the model has used it", id="used"),
        pytest.param(line("tool_results", 5, advice=IN_USE), "kept · in use", id="in use"),
        pytest.param(line("user", 5, action=SUMMARISED), "a summary stands for it", id="covered"),
        pytest.param(line("summary", 5, None, action=SUMMARISED), "stands for older messages", id="the summary"),
        pytest.param(UNKNOWN, "not known any more", id="unknown"),
    ],
)
def test_what_was_done_in_words(of: Line, words: str) -> None:
    assert message_figures.done(of) == words


def test_a_system_instruction_is_a_message_without_a_number() -> None:
    of = line("system", 5, SYSTEM_INDEX, role=Role.SYSTEM)
    assert message_figures.rows([of], [of])[0]["place"] is None
    assert message_figures.is_message(of) and not message_figures.is_message(EVERY[0])
