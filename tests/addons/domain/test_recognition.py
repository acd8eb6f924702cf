"""The rules one by one, on histories written as letters: a capital is a message of the user, a small one of another."""

import string
from itertools import takewhile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addons.domain.keys import KEY_BYTES
from addons.domain.live_sessions import Live, LiveSessions
from addons.domain.recognition import Found, How, Wanted, recognise, shared_length

GAP_MS = 1_000


def keys(names: str) -> bytes:
    return b"".join(name.encode() * KEY_BYTES for name in names)


def sessions(*histories: str) -> LiveSessions:
    """Their ids are their histories; each later one was seen a millisecond later."""
    found = LiveSessions(100)
    for at, names in enumerate(histories):
        found.add(Live(id=names, name="", created_at_ms=at, last_seen_ms=at, keys=keys(names)))
    return found


def wanted(names: str, *, at_ms: int = 10, project: str = "", summary: str = "", is_retry: bool = False) -> Wanted:
    opening = len(names) - len(names.lstrip(string.ascii_uppercase))
    return Wanted(
        keys=keys(names),
        opening=opening * KEY_BYTES,
        summary_keys=tuple(filter(None, (keys(summary), keys(names[:1])))),
        project=project,
        at_ms=at_ms,
        is_retry=is_retry,
        is_compaction=False,
    )


def short(found: Found | None) -> tuple[str, How, int] | None:
    return (found.live.id, found.how, found.known // KEY_BYTES) if found else None


@pytest.mark.parametrize(
    ("histories", "request_", "expected"),
    [
        pytest.param(["AbC"], "AbCdE", ("AbC", How.PREFIX, 3), id="goes on"),
        pytest.param(["AbC"], "AbC", ("AbC", How.REPEAT, 3), id="the same"),
        pytest.param(["AbCdE"], "AbX", ("AbCdE", How.EDITED, 2), id="an older message changed"),
        pytest.param(["AbCdE"], "AbC", ("AbCdE", How.EDITED, 3), id="an older message sent again"),
        pytest.param(["AbC", "AbCdE"], "AbCdEf", ("AbCdE", How.PREFIX, 5), id="the longest"),
        pytest.param(["AbCdE", "AbX"], "AbCdEfG", ("AbCdE", How.PREFIX, 5), id="not the latest"),
        pytest.param(["AbC", "AbX"], "AbYz", ("AbX", How.EDITED, 2), id="the latest of equals"),
        pytest.param(["AbCdE", "A"], "AbC", ("A", How.PREFIX, 1), id="played again from the start"),
        pytest.param(["A", "AbCdE"], "AbC", ("AbCdE", How.EDITED, 3), id="no later session that begins so"),
        pytest.param(["AB"], "ABc", ("AB", How.PREFIX, 2), id="a failed message and a second one"),
        pytest.param(["AbC"], "AxC", None, id="the opening alone is shared, then it differs"),
        pytest.param(["AbC"], "A", None, id="the opening alone, answered long ago"),
        pytest.param(["AbCdEfG"], "EfGhI", ("AbCdEfG", How.PRUNED, 3), id="front dropped"),
        pytest.param(["AbCdEfG"], "fGh", ("AbCdEfG", How.PRUNED, 2), id="two are enough"),
        pytest.param(["AbCdEfG"], "GhI", None, id="one is not"),
        pytest.param(["EfG"], "AbCdEfGhI", ("EfG", How.PRUNED, 7), id="front shown again"),
        pytest.param(["AbCdEfG"], "CdX", ("AbCdEfG", How.PRUNED, 2), id="front dropped and a message changed"),
        pytest.param(["AbCdEfG", "E"], "EfGh", ("AbCdEfG", How.PRUNED, 3), id="front dropped, not another's opening"),
        pytest.param(["AbC", "XbC"], "YbCd", None, id="an end that is shared in the middle of a request"),
        pytest.param(["ABCd"], "BCx", None, id="two messages of the user alone"),
        pytest.param(["AbC"], "XyZ", None, id="nothing shared"),
        pytest.param(["AbC"], "", None, id="nothing to share"),
        pytest.param([], "A", None, id="no session"),
    ],
)
def test_a_request_finds_the_session_it_continues(
    histories: list[str], request_: str, expected: tuple[str, How, int] | None
) -> None:
    assert short(recognise(sessions(*histories), wanted(request_), GAP_MS)) == expected


@pytest.mark.parametrize(
    ("request_", "at_ms", "how"),
    [
        pytest.param("AbC", GAP_MS, How.PREFIX, id="opening, in time"),
        pytest.param("AbC", GAP_MS + 1, None, id="opening, too late"),
    ],
)
def test_the_idle_gap_counts_for_openings(request_: str, at_ms: int, how: How | None) -> None:
    found = recognise(sessions("A"), wanted(request_, at_ms=at_ms), GAP_MS)
    assert (found.how if found else None) == how


def test_more_than_an_opening_is_recognised_after_any_pause() -> None:
    assert recognise(sessions("Ab"), wanted("AbC", at_ms=99 * GAP_MS), GAP_MS) is not None


@pytest.mark.parametrize(
    ("history", "request_", "expected"),
    [
        pytest.param("AbC", "D", ("AbC", How.SUMMARY, 0), id="everything was dropped"),
        pytest.param("AbCdE", "CdEf", ("AbCdE", How.SUMMARY, 3), id="the last messages were kept"),
        pytest.param("D", "De", ("D", How.PREFIX, 1), id="a later request with the same summary"),
        pytest.param("De", "D", ("De", How.EDITED, 1), id="and a message sent again"),
    ],
)
def test_a_summary_in_the_system_message_names_the_session(
    history: str, request_: str, expected: tuple[str, How, int]
) -> None:
    there = sessions("XyZ", history, "D" if history != "D" else "E")
    live = there.get(history)
    assert live is not None
    there.add_summary(live, keys("s"))
    assert short(recognise(there, wanted(request_, summary="s", at_ms=99 * GAP_MS), GAP_MS)) == expected


def test_a_history_may_begin_with_the_summary_itself() -> None:
    there = sessions("AbC")
    live = there.get("AbC")
    assert live is not None
    there.add_summary(live, keys("s"))
    assert short(recognise(there, wanted("sd"), GAP_MS)) == ("AbC", How.SUMMARY, 0)


@pytest.mark.parametrize(
    ("of_session", "of_request", "same"),
    [("shop", "shop", True), ("shop", "", True), ("", "shop", True), ("shop", "blog", False)],
)
@pytest.mark.parametrize("request_", ["AbCdE", "bCdE", "bX"])
def test_sessions_of_different_projects_never_match(
    of_session: str, of_request: str, same: bool, request_: str
) -> None:
    there = sessions("AbC")
    live = there.get("AbC")
    assert live is not None
    live.project = of_session
    if request_ == "bX":
        there.add_summary(live, keys("b"))
    assert (recognise(there, wanted(request_, project=of_request), GAP_MS) is not None) == same


def test_of_equal_openings_the_one_with_that_answer_goes_on() -> None:
    there = sessions("A")
    there.add(Live(id="other", name="", created_at_ms=5, last_seen_ms=5, keys=keys("A")))
    first, other = there.get("A"), there.get("other")
    assert first is not None
    assert other is not None
    first.answer, other.answer = keys("b"), keys("c")
    assert short(recognise(there, wanted("AbX"), GAP_MS)) == ("A", How.PREFIX, 1)
    assert short(recognise(there, wanted("AcX"), GAP_MS)) == ("other", How.PREFIX, 1)
    assert short(recognise(there, wanted("AdX"), GAP_MS)) == ("other", How.PREFIX, 1)


@pytest.mark.parametrize("changes", [{"answered": False}, {"answer": keys("x")}], ids=["unanswered", "other answer"])
def test_a_retry_is_not_taken_for_the_same_conversation_played_again(changes: dict[str, object]) -> None:
    there = sessions("AbC", "A")
    later = there.get("A")
    assert later is not None
    for name, value in changes.items():
        setattr(later, name, value)
    assert short(recognise(there, wanted("AbC"), GAP_MS)) == ("AbC", How.REPEAT, 3)


def test_an_sdks_retry_is_never_a_conversation_played_again() -> None:
    assert short(recognise(sessions("AbC", "A"), wanted("AbC", is_retry=True), GAP_MS)) == ("AbC", How.REPEAT, 3)


@given(st.binary(max_size=4), st.binary(max_size=12), st.binary(max_size=12))
def test_the_shared_length_is_that_of_whole_messages(shared: bytes, one: bytes, other: bytes) -> None:
    def expand(letters: bytes) -> bytes:
        return b"".join(bytes([letter]) * KEY_BYTES for letter in letters)

    pairs = zip(shared + one, shared + other, strict=False)
    expected = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs)) * KEY_BYTES
    assert shared_length(expand(shared + one), expand(shared + other)) == expected


def test_a_pair_that_lies_across_two_messages_is_not_found() -> None:
    half = KEY_BYTES // 2
    there = LiveSessions(10)
    there.add(Live(id="one", name="", created_at_ms=0, last_seen_ms=0, keys=keys("ab")[half:-half] + keys("cde")))
    request = Wanted(
        keys=keys("ab")[-half:] + keys("c") + keys("d")[:half] + keys("x"),
        opening=0,
        summary_keys=(),
        project="",
        at_ms=1,
        is_retry=False,
        is_compaction=False,
    )
    assert recognise(there, request, GAP_MS) is None
