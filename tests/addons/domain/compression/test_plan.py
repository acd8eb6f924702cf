"""Which messages may go."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addons.domain.compression.plan import choose_cover, cover, exchange_starts, goes_on
from addons.domain.settings import Compression
from tests.addons.domain.compression.histories import history, letters


@pytest.mark.parametrize(
    ("messages", "starts"),
    [
        ("suauau", [1, 3, 5]),
        ("suatatau", [1, 4, 6, 7]),
        ("suattat", [1, 5]),
        ("suuau", [1, 4]),
        ("suaoau", [1, 4, 5]),
        ("atat", [0, 2]),
        ("suautau", [1, 5, 6]),
        ("", []),
        ("s", []),
    ],
    ids=["chat", "agent", "parallel calls", "two questions", "system tools", "no user", "asked between", "empty", "s"],
)
def test_an_exchange_is_an_answer_with_its_question_and_results(messages: str, starts: list[int]) -> None:
    assert exchange_starts(history(messages)) == starts


@pytest.mark.parametrize(
    ("messages", "keep", "span"),
    [
        ("suauauau", 2, (1, 5)),
        ("suauauau", 9, None),
        ("suatatatat", 2, (1, 6)),
        ("uasauauau", 2, (3, 6)),
        ("suasauau", 1, (4, 7)),
        ("suauau", 0, (1, 5)),
    ],
    ids=["chat", "nothing older", "agent", "a system message inside", "after the last system message", "one always"],
)
def test_all_but_the_latest_exchanges_go(messages: str, keep: int, span: tuple[int, int] | None) -> None:
    found = cover(history(messages), keep)
    assert (found and (found.first, found.stop)) == span


@given(letters(), st.integers(1, 8))
def test_a_call_never_parts_from_its_results_and_system_messages_stay(text: str, keep: int) -> None:
    found = cover(history(text), keep)
    if found is None:
        return
    assert "s" not in text[found.first : found.stop]
    assert text[found.first] not in "to"
    assert text[found.stop] not in "to"
    assert found.first == 0 or text[found.first - 1] in "sto"
    assert len(exchange_starts(history(text[found.stop :]))) == keep


@given(letters(), st.integers(1, 8))
def test_the_cut_moves_on_as_the_history_grows(text: str, keep: int) -> None:
    cuts = [found.stop for end in range(1, len(text) + 1) if (found := cover(history(text[:end]), keep))]
    assert cuts == sorted(cuts)


SETTINGS = Compression(keep_exchanges=3, summary_tokens=100, least_messages=2, least_tokens=50)
CHAT = history("s" + "ua" * 9 + "u")


@pytest.mark.parametrize(
    ("room", "covered", "kept"),
    [(0, range(0), 3), (1_500, range(0), 2), (99_999, range(0), 1), (0, range(1, 13), 3), (0, range(1, 17), 1)],
    ids=["as asked", "one fewer", "as few as possible", "further than before", "what is covered stays covered"],
)
def test_fewer_exchanges_stay_where_the_room_demands_it(room: float, covered: range, kept: int) -> None:
    found = choose_cover(CHAT, [100] * len(CHAT), SETTINGS, room, covered)
    assert found
    assert found.kept == kept
    assert goes_on(found, covered)


@pytest.mark.parametrize(
    "fields", [{"least_messages": 99}, {"least_tokens": 9_999}, {"keep_exchanges": 30}], ids=lambda fields: str(fields)
)
def test_what_is_not_worth_a_summary_stays(fields: dict[str, int]) -> None:
    settings = Compression(**({"keep_exchanges": 3, "summary_tokens": 100, "least_messages": 2} | fields))
    messages = CHAT if "keep_exchanges" not in fields else history("sua")
    assert choose_cover(messages, [100] * len(messages), settings, 0) is None


def test_few_messages_go_where_the_request_would_not_fit_otherwise() -> None:
    settings = Compression(keep_exchanges=3, summary_tokens=100, least_messages=99)
    messages = history("suatatat")
    found = choose_cover(messages, [9_000] * len(messages), settings, 20_000, is_needed=True)
    assert found
    assert (found.first, found.stop, found.kept) == (1, 4, 2)
