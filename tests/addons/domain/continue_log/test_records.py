"""Lines to records."""

import re

from addons.domain.continue_log.records import MAX_RECORD_CHARS, MAX_RECORD_LINES, Records

STAMP = re.compile(r"\d ")


def gathered(lines: list[str], begins: re.Pattern[str] | None = STAMP) -> list[str]:
    records = Records(begins)
    return [found for line in lines if (found := records.feed(line)) is not None] + [records.flush() or "-"]


def test_unstamped_lines_belong_to_the_one_before() -> None:
    assert gathered(["1 a", "  b", "", "2 c"]) == ["1 a\n  b\n", "2 c"]


def test_what_comes_before_the_first_stamp_is_dropped() -> None:
    assert gathered(["  rest", "1 a"]) == ["1 a"]


def test_each_line_is_a_record_where_none_is_stamped() -> None:
    assert gathered(["a", "", "b"], None) == ["a", "", "b", "-"]


def test_what_follows_a_record_that_was_given_out_is_dropped() -> None:
    records = Records(STAMP)
    records.feed("1 a")
    assert records.flush() == "1 a"
    records.feed("  late")
    assert records.flush() is None


def test_a_record_has_a_limit() -> None:
    (stack,) = gathered(["1 a", *["  at x"] * 1_000])
    assert stack.count("\n") == MAX_RECORD_LINES - 1
    (text,) = gathered(["1 a", *["x" * (MAX_RECORD_CHARS // 2)] * 30])
    assert len(text) <= MAX_RECORD_CHARS + MAX_RECORD_LINES
