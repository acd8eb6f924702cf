from hypothesis import given
from hypothesis import strategies as st

from addons.domain.keys import KEY_BYTES
from addons.domain.live_sessions import SAME_START, Live, LiveSessions


def keys(names: str) -> bytes:
    return b"".join(name.encode().ljust(KEY_BYTES) for name in names)


def live(id_: str, names: str, **fields: int) -> Live:
    return Live(id=id_, name="", created_at_ms=0, last_seen_ms=fields.get("last_seen_ms", 0), keys=keys(names))


def ids(found: list[Live]) -> list[str]:
    return [one.id for one in found]


def test_sessions_are_found_by_their_first_and_by_their_last_two_messages() -> None:
    sessions = LiveSessions(10)
    for id_, names in (("one", "abc"), ("two", "ax"), ("three", "a"), ("four", "")):
        sessions.add(live(id_, names))
    assert ids(sessions.starting_with(keys("a"))) == ["one", "two", "three"]
    assert ids(sessions.ending_with(keys("bc"))) == ["one"]
    assert ids(sessions.ending_with(keys("ab"))) == []
    assert len(sessions) == 4


def test_a_session_that_went_on_is_found_by_its_new_history_only() -> None:
    sessions = LiveSessions(10)
    one = live("one", "abc")
    sessions.add(one)
    sessions.advance(one, keys("bcd"))
    assert ids(sessions.starting_with(keys("a"))) == []
    assert ids(sessions.starting_with(keys("b"))) == ["one"]
    assert ids(sessions.ending_with(keys("cd"))) == ["one"]


def test_the_session_seen_latest_is_the_one_of_a_shared_summary() -> None:
    sessions = LiveSessions(10)
    for at, id_ in enumerate(("one", "two")):
        session = live(id_, id_[0], last_seen_ms=-at)
        sessions.add(session)
        for _ in range(2):
            sessions.add_summary(session, keys("s"))
        assert session.summaries == (keys("s"),)
    found = sessions.summarised_by([keys("x"), keys("s")], lambda live: True)
    assert found is not None
    assert found.id == "one"
    assert sessions.summarised_by([keys("s")], lambda live: False) is None


def test_many_sessions_with_one_beginning_are_not_all_looked_at() -> None:
    sessions = LiveSessions(10 * SAME_START)
    for number in range(2 * SAME_START):
        sessions.add(live(str(number), "a"))
    assert ids(sessions.starting_with(keys("a"))) == [str(number) for number in range(SAME_START, 2 * SAME_START)]


def test_a_session_added_again_takes_the_place_of_the_first() -> None:
    sessions = LiveSessions(10)
    sessions.add(live("one", "ab"))
    sessions.add(live("one", "xy"))
    assert len(sessions) == 1
    assert sessions.ending_with(keys("ab")) == []
    assert ids(sessions.ending_with(keys("xy"))) == ["one"]


def test_the_latest_come_first() -> None:
    sessions = LiveSessions(10)
    for id_ in ("one", "two", "three"):
        sessions.add(live(id_, "a"))
    one = sessions.get("one")
    assert one is not None
    sessions.advance(one, keys("ab"))
    assert ids(list(sessions.latest(2))) == ["one", "three"]


@given(st.lists(st.tuples(st.sampled_from("pqrst"), st.text("abc", max_size=4)), max_size=40))
def test_what_is_found_is_what_there_is(steps: list[tuple[str, str]]) -> None:
    sessions = LiveSessions(3)
    for id_, names in steps:
        if session := sessions.get(id_):
            sessions.advance(session, keys(names))
        else:
            sessions.add(live(id_, names))
    assert len(sessions) <= 3
    there = list(sessions.latest(3))
    for first in "abc":
        expected = {one.id for one in there if one.keys.startswith(keys(first))}
        assert set(ids(sessions.starting_with(keys(first)))) == expected
    for one in there:
        sessions.remove(one.id)
    assert len(sessions) == 0
    assert all(sessions.starting_with(keys(first)) == [] for first in "abc")
