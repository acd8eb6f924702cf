from concurrent.futures import ThreadPoolExecutor

from addons.domain.memo import Memo


def test_what_was_put_is_found_again() -> None:
    memo: Memo[str] = Memo(2)
    assert memo.get(b"a") is None
    memo.put(b"a", "one")
    memo.put(b"a", "two")
    assert memo.get(b"a") == "two"
    assert len(memo) == 1


def test_what_was_not_asked_for_longest_is_forgotten() -> None:
    memo: Memo[int] = Memo(2)
    for number, key in enumerate((b"a", b"b")):
        memo.put(key, number)
    memo.get(b"a")
    memo.put(b"c", 2)
    assert [memo.get(key) for key in (b"a", b"b", b"c")] == [0, None, 2]


def test_several_threads_may_use_it_at_once() -> None:
    memo: Memo[int] = Memo(50)

    def use(start: int) -> bool:
        keys = [(start + number) % 200 for number in range(2_000)]
        for key in keys:
            memo.put(b"%d" % key, key)
        return all(memo.get(b"%d" % key) in (key, None) for key in keys)

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(use, range(0, 200, 50)))
    assert len(memo) == 50


def test_what_was_dropped_is_not_there_any_more() -> None:
    memo: Memo[int] = Memo(2)
    memo.put(b"a", 1)
    memo.drop(b"a")
    memo.drop(b"b")
    assert memo.get(b"a") is None
