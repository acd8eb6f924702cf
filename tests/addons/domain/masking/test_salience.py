from hypothesis import given
from hypothesis import strategies as st

from addons.domain.masking.salience import Salience, scores


def best(lines: list[str]) -> str:
    score = scores(lines)
    return lines[max(range(len(lines)), key=lambda index: score[index])]


def test_an_error_among_successes_tells_most() -> None:
    assert best([*(f"job {n} done in 12 ms" for n in range(30)), "job 31 failed in 12 ms"]) == "job 31 failed in 12 ms"


def test_a_value_unlike_all_others_tells_more_than_ordinary_ones() -> None:
    lines = [f"fetched page {n} in {n % 9 + 1} ms" for n in range(50)]
    lines[23] = "fetched page 23 in 40961 ms"
    assert best(lines) == lines[23]


def test_an_identifier_that_occurs_once_tells_more_than_words() -> None:
    lines = [f"the quick fox number {word} jumps" for word in ("one", "two", "three", "four", "five") * 8]
    lines[17] = "the quick fox bay-77-delta jumps"
    assert best(lines) == lines[17]


def test_a_line_that_begins_unlike_its_neighbours_stands_out() -> None:
    lines = [f"src/a.py:{n}: call()" for n in range(100, 140)]
    lines[11] = "Binary file matches somewhere in it"
    score = scores(lines)
    assert score[11] > 1.5 * score[12]


def test_repetitions_of_a_template_tell_less_and_less() -> None:
    score = scores([f"worker {n} started" for n in range(1, 9)])
    assert score == sorted(score, reverse=True)
    assert score[-1] < score[0] / 4


def test_blank_lines_and_rules_tell_nothing() -> None:
    assert scores(["", "   ", "=====", "------"]) == [0.0, 0.0, 0.0, 0.0]


def test_a_template_keeps_the_length_of_numbers_and_drops_addresses() -> None:
    one, two, three, four = Salience(
        ["took 12 ms at 0x7f00", "took 99 ms at 0x7fee", "took 4096 ms at 0x7f00", "id 6a1f0c2b9d7e4f31aa"]
    ).templates
    assert one == two
    assert one != three
    assert "6a1f" not in four


def test_errors_fold_only_when_they_say_the_same() -> None:
    keys = Salience(
        [
            "2026-11-22 08:00:01 ERROR lease 4417 lost",
            "2026-11-22 08:00:09 ERROR lease 4417 lost",
            "2026-11-22 08:00:09 ERROR lease 4418 lost",
            "2026-11-22 08:00:09 INFO lease 4417 renewed",
            "2026-11-22 08:00:09 INFO lease 4418 renewed",
        ]
    ).fold_keys
    assert keys[0] == keys[1]
    assert keys[1] != keys[2]
    assert keys[3] == keys[4]


@given(st.lists(st.text(max_size=60), max_size=40))
def test_every_line_gets_a_score_of_at_least_zero_and_always_the_same(lines: list[str]) -> None:
    score = scores(lines)
    assert len(score) == len(lines)
    assert all(value >= 0 for value in score)
    assert score == scores(lines)
