"""Where sessions went, and windows that were told: written and read again."""

from sqlalchemy import Engine

from addons.domain.routes import SessionRoute
from addons.domain.true_windows import TrueWindow
from db import writing
from db.queries.routes import route_of, windows_told

ROUTE = SessionRoute(
    session_id="s-1",
    asked="mistral/ministral-8b-2410",
    provider="gemini",
    model="gemini-2.5-flash",
    reason="full",
    decided_at_ms=5,
    signatures={"call_1": "c2lnbmF0dXJl"},
)


def test_the_latest_route_of_a_session_is_read_as_it_was_written(engine: Engine) -> None:
    later = SessionRoute(session_id="s-1", asked="a/b", provider="p", model="m", reason="", decided_at_ms=9)
    for record in (ROUTE, later):
        with engine.begin() as tx:
            writing.write(tx, [record], "p-1")
        assert route_of(engine, "s-1") == record
    assert route_of(engine, "s-2") is None


def test_a_later_window_takes_the_place_of_an_earlier_one(engine: Engine) -> None:
    for tokens in (8_192, 16_384):
        with engine.begin() as tx:
            writing.write(tx, [TrueWindow(provider="p", model="m", tokens=tokens, learned_at_ms=tokens)], "p-1")
    with engine.connect() as tx:
        assert windows_told(tx) == [TrueWindow(provider="p", model="m", tokens=16_384, learned_at_ms=16_384)]
