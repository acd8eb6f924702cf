from dashboard import data


def test_many_live_tabs_refresh_less_often() -> None:
    assert [data.refresh_s(f"tab-{number}") for number in range(10)] == [1, 1, 1, 2, 2, 2, 2, 2, 5, 5]
    assert data.refresh_s("tab-0") == 5
