from addons.domain.pacing.corrections import Corrections

NOW_S = 1_790_000_000.0


def test_what_was_counted_too_few_is_added_to_the_next() -> None:
    corrections = Corrections()
    corrections.add(500, NOW_S)
    assert corrections.apply(1000, NOW_S + 1) == 1500
    corrections.applied(1000, NOW_S + 1)
    assert corrections.apply(1000, NOW_S + 1) == 1000


def test_what_was_counted_too_many_is_left_over_for_further_ones() -> None:
    corrections = Corrections()
    corrections.add(-1500, NOW_S)
    assert corrections.apply(1000, NOW_S + 1) == 1
    corrections.applied(1000, NOW_S + 1)
    assert corrections.apply(1000, NOW_S + 2) == 499


def test_a_minute_later_it_does_not_matter_any_more() -> None:
    corrections = Corrections()
    corrections.add(-1500, NOW_S)
    assert corrections.apply(1000, NOW_S + 60) == 1000
