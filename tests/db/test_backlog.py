"""Records that wait."""

from db.backlog import Backlog


def test_records_come_out_in_their_order_up_to_a_limit() -> None:
    backlog = Backlog(10)
    for record in "abc":
        backlog.add(record)
    assert backlog.take(2)[0] == ["a", "b"]
    backlog.settled()
    assert backlog.take(2)[0] == ["c"]


def test_what_finds_no_room_is_counted() -> None:
    backlog = Backlog(2)
    assert [backlog.add(record) for record in "abc"] == [True, True, False]
    assert backlog.lost == 1


def test_records_in_hand_still_take_room() -> None:
    backlog = Backlog(2)
    backlog.add("a")
    backlog.add("b")
    backlog.take(2)
    assert (len(backlog), backlog.add("c")) == (2, False)
    backlog.settled()
    assert (len(backlog), backlog.add("c")) == (0, True)


def test_a_marker_comes_out_with_the_records_before_it() -> None:
    backlog = Backlog(10)
    backlog.add("a")
    marker = backlog.mark()
    backlog.add("b")
    assert backlog.take(1) == (["a"], [])
    backlog.settled()
    assert backlog.take(1) == (["b"], [marker])


def test_a_marker_finds_room_in_a_full_backlog() -> None:
    backlog = Backlog(1)
    backlog.add("a")
    marker = backlog.mark()
    assert backlog.take(5) == (["a"], [marker])
    assert backlog.lost == 0
