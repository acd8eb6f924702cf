"""Scenarios are in data/sessions: one request a line, in the shape that Continue sends, and what is expected of it."""

import itertools
import json
from pathlib import Path
from typing import Any

import pytest

from addons.domain.keys import answer_key
from addons.domain.kinds import Kind
from addons.domain.reading import Reader, Reading
from addons.domain.sessions import How, SessionIndex, SessionState
from addons.domain.tokens import TokenCounter
from addons.domain.wire import FORMATS

SCENARIOS = sorted((Path(__file__).parents[2] / "data" / "sessions").glob("*.jsonl"))
COUNTER = TokenCounter()
READERS = {name: Reader(wire, COUNTER) for name, wire in FORMATS.items()}
START_MS = 1_790_000_000_000
HOUR_MS = 3_600_000


def new_index(**options: Any) -> SessionIndex:
    numbers = itertools.count(1)
    return SessionIndex(lambda: f"s-{next(numbers):012x}", **options)


def read(body: dict[str, Any], wire: str = "openai") -> Reading:
    return READERS[wire].read(FORMATS[wire].parse_request(json.dumps(body).encode()))


def chat(*turns: str, system: str = "") -> Reading:
    """User and assistant in turn."""
    messages = [{"role": ("user", "assistant")[at % 2], "content": text} for at, text in enumerate(turns)]
    return read({"messages": [{"role": "system", "content": system}, *messages]})


def play(steps: list[dict[str, Any]], *, restart: bool = False) -> list[tuple[str, str, int, int]]:
    """Session (as a letter), how, known and turns of each request; with a restart after each, if so wished."""
    index, now_ms, letters = new_index(), START_MS, dict[str, str]()
    got = []
    for step in steps:
        now_ms += step["after_s"] * 1000
        match = index.match(
            read(step["body"], step["wire"]),
            now_ms=now_ms,
            kind=Kind(step["kind"]),
            project=step["project"],
            is_retry=step["retry"],
        )
        letter = letters.setdefault(match.session_id, "ABCDEF"[len(letters)])
        got.append((letter, match.how.value, match.known, match.turns))
        index.ended(match.session_id, now_ms=now_ms, answered=step["answered"], text=step["answer"])
        if step["kind"] == "compaction":
            index.note_answer_summary(match.session_id, step["answer"])
        if restart:
            states = [index.state(session_id) for session_id in letters]
            index = new_index()
            index.load(state for state in states if state)
    return got


@pytest.mark.smoke
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda path: path.stem)
def test_each_request_of_a_scenario_finds_its_session(scenario: Path) -> None:
    steps = [json.loads(line) for line in scenario.read_text().splitlines()]
    expected = [(step["session"], step["how"], step["known"], step["turns"]) for step in steps]
    assert play(steps) == expected


@pytest.mark.parametrize(
    "scenario",
    # The others hold repeats of an unanswered opening, and answers by which equal openings are told apart: not stored.
    [path for path in SCENARIOS if path.stem.startswith(("cli_turns", "cli_compaction", "ide_"))],
    ids=lambda path: path.stem,
)
def test_a_session_is_recognised_after_a_restart(scenario: Path) -> None:
    steps = [json.loads(line) for line in scenario.read_text().splitlines()]
    assert [got[0] for got in play(steps, restart=True)] == [step["session"] for step in steps]


def test_two_equal_prompts_under_way_at_once_are_two_sessions() -> None:
    index = new_index()
    one = index.match(chat("fix it"), now_ms=START_MS)
    other = index.match(chat("fix it"), now_ms=START_MS + 10)
    assert one.session_id != other.session_id
    index.ended(one.session_id, now_ms=START_MS + 20, answered=True, text="I read a.py")
    index.ended(other.session_id, now_ms=START_MS + 20, answered=True, text="I read b.py")
    for text, session_id in (("I read a.py", one.session_id), ("I read b.py", other.session_id)):
        assert index.match(chat("fix it", text, "go on"), now_ms=START_MS + 30).session_id == session_id


def test_the_same_conversation_held_twice_at_once_is_two_sessions_while_it_is_under_way() -> None:
    index = new_index()
    both = [index.match(chat("fix it"), now_ms=START_MS + at).session_id for at in (0, 10)]
    for turn in (["I read it."], ["I read it.", "go on", "Done."]):
        for session_id in both:
            index.ended(session_id, now_ms=START_MS + 20, answered=True, text=turn[-1])
        found = [index.match(chat("fix it", *turn, "go on"), now_ms=START_MS + 30) for _ in both]
        assert {match.session_id for match in found} == set(both)
        assert [match.how for match in found] == [How.PREFIX, How.PREFIX]


def test_once_one_of_two_equal_requests_is_answered_the_other_counts_as_its_repeat() -> None:
    index = new_index()
    both = [index.match(chat("fix it"), now_ms=START_MS + at).session_id for at in (0, 10)]
    for session_id in both:
        index.ended(session_id, now_ms=START_MS + 20, answered=True, text="I read it.")
    first = index.match(chat("fix it", "I read it.", "go on"), now_ms=START_MS + 30)
    index.ended(first.session_id, now_ms=START_MS + 40, answered=True, text="Done.")
    second = index.match(chat("fix it", "I read it.", "go on"), now_ms=START_MS + 50)
    assert (second.session_id, second.how) == (first.session_id, How.REPEAT)


@pytest.mark.parametrize(
    ("answered", "is_retry", "how"),
    [
        pytest.param(True, False, How.NEW, id="answered: another conversation"),
        pytest.param(False, False, How.REPEAT, id="failed: the client's own retry"),
        pytest.param(None, False, How.NEW, id="under way: started twice"),
        pytest.param(None, True, How.REPEAT, id="under way, and the SDK says retry"),
    ],
)
def test_an_opening_sent_again(answered: bool | None, is_retry: bool, how: How) -> None:
    index = new_index()
    first = index.match(chat("fix it"), now_ms=START_MS)
    if answered is not None:
        index.ended(first.session_id, now_ms=START_MS + 10, answered=answered)
    again = index.match(chat("fix it"), now_ms=START_MS + 2_000, is_retry=is_retry)
    assert again.how is how
    assert again.is_new == (again.session_id != first.session_id)
    assert again.repeat_of_ms == (START_MS if how is How.REPEAT else None)


@pytest.mark.parametrize(
    ("pause_h", "how"), [pytest.param(5, How.PREFIX, id="within the gap"), pytest.param(7, How.NEW, id="beyond it")]
)
def test_an_idle_gap_separates_equal_openings(pause_h: int, how: How) -> None:
    index = new_index()
    index.ended(index.match(chat("hi"), now_ms=START_MS).session_id, now_ms=START_MS, answered=True)
    later = index.match(chat("hi", "Hello!", "fix it"), now_ms=START_MS + pause_h * HOUR_MS)
    assert later.how is how


def test_a_shared_answer_links_after_any_gap() -> None:
    index = new_index()
    index.match(chat("hi", "Hello!", "fix it"), now_ms=START_MS)
    assert index.match(chat("hi", "Hello!", "fix it", "Done.", "thanks"), now_ms=START_MS + 99 * HOUR_MS).turns == 1


def test_a_compaction_of_an_older_part_leaves_the_conversation_as_it_is() -> None:
    index = new_index()
    session_id = index.match(chat("a", "b", "c"), now_ms=START_MS).session_id
    index.match(chat("a", "b", "summarise"), now_ms=START_MS + 10, kind=Kind.COMPACTION)
    going_on = index.match(chat("a", "b", "c", "d", "e"), now_ms=START_MS + 20)
    assert (going_on.session_id, going_on.how, going_on.known) == (session_id, How.PREFIX, 3)


def test_a_compaction_of_an_answered_opening_belongs_to_it() -> None:
    index = new_index()
    session_id = index.match(chat("a"), now_ms=START_MS).session_id
    index.ended(session_id, now_ms=START_MS, answered=True)
    compaction = read({"messages": [{"role": "user", "content": text} for text in ("a", "summarise")]})
    assert index.match(compaction, now_ms=START_MS + 10, kind=Kind.COMPACTION).session_id == session_id


def test_a_summary_decides_against_another_session_with_an_equal_opening() -> None:
    index = new_index()
    summarised = index.match(chat("long", "story", "short"), now_ms=START_MS).session_id
    index.note_answer_summary(summarised, "They told a story.")
    other = index.match(chat("Go on."), now_ms=START_MS + 10).session_id
    system = "Rules\n\nPrevious conversation summary:\n\n They told a story."
    match = index.match(chat("Go on.", system=system), now_ms=START_MS + 20)
    assert (match.session_id, match.how) == (summarised, How.SUMMARY)
    assert summarised != other


def test_a_title_request_is_linked_by_the_answer_it_holds() -> None:
    index = new_index()
    match = index.match(chat("hi"), now_ms=START_MS)
    title = "Given the following... please reply with a title for the chat.\n\nThe failures\n\nare in test_api."
    assert index.titled(title) is None
    index.ended(match.session_id, now_ms=START_MS, answered=True, text="The failures\n\nare in test_api.\n")
    assert index.titled(title) == match.session_id
    assert index.titled("Given the following... please reply with a title for the chat.\n\n") is None
    index.forget(match.session_id)
    assert index.titled(title) is None


def test_the_state_of_a_session_is_what_a_restart_needs() -> None:
    index = new_index()
    match = index.match(chat("Fix it", "Done.", "Thanks"), now_ms=START_MS, project="shop")
    index.note_answer_summary(match.session_id, "All is fixed.")
    index.ended(match.session_id, now_ms=START_MS + 500, answered=True)
    assert index.state(match.session_id) == SessionState(
        id="s-000000000001",
        name="Fix it",
        project="shop",
        created_at_ms=START_MS,
        last_seen_ms=START_MS + 500,
        keys=b"".join(chat("Fix it", "Done.", "Thanks").keys),
        summaries=(answer_key("All is fixed."),),
    )


def test_names_can_be_turned_off() -> None:
    index = new_index()
    state = index.state(index.match(chat("my secret"), now_ms=START_MS, named=False).session_id)
    assert state is not None
    assert state.name == ""


def test_a_forgotten_session_is_not_continued() -> None:
    index = new_index()
    match = index.match(chat("hi", "Hello!", "fix it"), now_ms=START_MS)
    index.forget(match.session_id)
    index.ended(match.session_id, now_ms=START_MS, answered=True)
    index.note_answer_summary(match.session_id, "summary")
    assert index.state(match.session_id) is None
    assert index.match(chat("hi", "Hello!", "fix it"), now_ms=START_MS + 10).is_new


def test_the_session_not_seen_for_longest_is_forgotten_first() -> None:
    index = new_index(capacity=2)
    first, second = (index.match(chat(text, "yes", text), now_ms=START_MS).session_id for text in ("a", "b"))
    assert index.match(chat("a", "yes", "a", "no", "a"), now_ms=START_MS + 1).session_id == first
    index.match(chat("c"), now_ms=START_MS + 2)
    assert index.state(second) is None
    assert index.state(first) is not None


def test_a_request_without_messages_is_a_session_of_its_own() -> None:
    index = new_index()
    assert index.match(chat(), now_ms=START_MS).is_new
    assert index.match(chat(), now_ms=START_MS).is_new
