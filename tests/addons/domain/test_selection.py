import pytest

from addons.domain.errors import UserError
from addons.domain.selection import Selection, selection

NOW_MS = 1_790_000_000_000


def test_every_filter_is_read() -> None:
    given = {"session": "s-1", "project": "", "provider": "groq", "model": "m/1", "kind": "chat", "outcome": "error",
             "user": "ana", "proxy": "ana-1f2e3d4c",
             "since": "7d", "until": "24h"}  # fmt: skip
    assert selection(given, NOW_MS) == Selection(
        session="s-1",
        project="",
        provider="groq",
        model="m/1",
        kind="chat",
        outcome="error",
        user="ana",
        proxy="ana-1f2e3d4c",
        since=NOW_MS - 7 * 86_400_000,
        until=NOW_MS - 86_400_000,
    )
    assert selection({}, NOW_MS) == Selection()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-01", 1_793_491_200_000),
        ("2026-11-01T09:30", 1_793_525_400_000),
        ("2026-11-01T09:30:00Z", 1_793_525_400_000),
        ("2026-11-01T10:30:00+01:00", 1_793_525_400_000),
        ("30m", NOW_MS - 1_800_000),
        ("24h", NOW_MS - 86_400_000),
    ],
)
def test_times_are_utc_where_they_name_no_zone_and_spans_count_from_now(text: str, expected: int) -> None:
    assert selection({"since": text}, NOW_MS).since == expected


@pytest.mark.parametrize(
    ("given", "said"),
    [
        *(
            ({"since": text}, "expected a time such as 2026-11-01")
            for text in ("", "soon", "7", "7w", "-1d", "٣d", "2026-13-01", "9999999d")
        ),
        ({"until": "x" * 999}, "…"),
        ({"kind": "talk"}, 'kind is "talk"; expected chat, autocomplete'),
        ({"outcome": "OK"}, 'outcome is "OK"; expected ok, error'),
        ({"provider": ""}, 'provider is ""; expected a provider\'s key of 1 to 300 characters'),
        ({"session": "s" * 301}, "expected a session's id of 1 to 300 characters"),
        ({"colour": "red"}, '"colour" is no filter; expected session, project'),
        ({"since": "1h", "until": "2h"}, 'until is "2h"; expected a time after since, "1h"'),
        ({"kind": "a\r\nset-cookie: b"}, "a\\r\\nset-cookie"),
    ],
    ids=str,
)
def test_what_cannot_be_meant_is_said_with_what_is_accepted(given: dict[str, str], said: str) -> None:
    with pytest.raises(UserError) as refused:
        selection(given, NOW_MS)
    assert said in str(refused.value)
    assert len(str(refused.value)) < 400
