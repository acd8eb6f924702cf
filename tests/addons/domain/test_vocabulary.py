from addons.domain import vocabulary


def test_words_are_those_that_rows_are_recorded_with() -> None:
    found = set(vocabulary.words())
    assert {"chat", "client_abort", "bad_request", "break-even", "no room", "critical", "arrival", "test run"} <= found
    assert all(isinstance(word, str) and word for word in found)
