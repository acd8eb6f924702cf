"""Keys of rows: the same in every copy, different for different rows."""

from db.legacy.identity import content_key, has_number, row_key, session_id


def test_keys_are_short_and_depend_on_every_part() -> None:
    keys = {
        row_key("metrics", "l-1", 1, "2026-03-01"),
        row_key("metrics", "l-1", 1, "2026-03-02"),
        row_key("metrics", "l-1", 2, "2026-03-01"),
        row_key("metrics", "l-2", 1, "2026-03-01"),
        row_key("memory_metrics", "l-1", 1, "2026-03-01"),
        row_key("metrics", None, b"\xff", "\ud800"),
    }
    assert len(keys) == 6
    assert {len(key) for key in keys} == {32}
    assert len(session_id(1, "2026-03-01")) <= 40
    assert session_id(1, "2026-03-01") == session_id(1, "2026-03-01") != session_id(1, None)


def test_rows_without_a_number_are_told_by_what_they_hold() -> None:
    row = {"session_id": 1, "reason": "full"}
    assert content_key("t", None, row, 0) == content_key("t", None, dict(reversed(row.items())), 0)
    assert content_key("t", None, row, 0) != content_key("t", None, row, 1)
    assert has_number({"id": 1, "timestamp": "x"}, "timestamp")
    assert not has_number({"id": 1, "timestamp": None}, "timestamp")
    assert not has_number({"timestamp": "x"}, "timestamp")
    assert not has_number({"id": 1}, None)
