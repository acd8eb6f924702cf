from dashboard.charts.known import known


def test_what_is_not_known_is_a_dash_as_in_a_table() -> None:
    assert known("usd", "$.4f") == "isValid(datum.usd) ? format(datum.usd, '$.4f') : '–'"
