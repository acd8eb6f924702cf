"""Trends of sessions, and where they can be split."""

from sqlalchemy import Engine

from addons.domain.kinds import Kind
from db.queries.session_requests import fill_trends, turn_starts
from db.writing import write
from tests.db.stores import NOW_MS, MakeCompletion


def test_a_trend_is_of_the_latest_known_fills_in_their_order(engine: Engine, make_completion: MakeCompletion) -> None:
    fills = {"s-1": (0.1, 0.2, None, 0.4), "s-2": (0.5,), "s-3": (None,)}
    with engine.begin() as tx:
        calls = [make_completion(session_id=id_, context_fill=fill, started_at_ms=NOW_MS + at)
                 for id_ in fills for at, fill in enumerate(fills[id_])]  # fmt: skip
        write(tx, calls, "p-1")
    with engine.connect() as tx:
        found, nothing = fill_trends(tx, ["s-1", "s-2", "s-3", "s-9"], 3), fill_trends(tx, [], 3)
    assert (found, nothing) == ({"s-1": [0.2, 0.4], "s-2": [0.5]}, {})


def test_turns_begin_with_their_first_request_and_the_very_first_is_left_out(
    engine: Engine, make_completion: MakeCompletion
) -> None:
    turns = ((1, Kind.CHAT), (1, Kind.CHAT), (2, Kind.CHAT), (2, Kind.CHAT), (None, Kind.TITLE), (3, Kind.CHAT))
    calls = [make_completion(turn=turn, kind=kind, started_at_ms=NOW_MS + at, prompt_tokens_sent=at)
             for at, (turn, kind) in enumerate(turns)]  # fmt: skip
    with engine.begin() as tx:
        write(tx, calls, "p-1")
    with engine.connect() as tx:
        found = turn_starts(tx, "s-1")
    assert [(start.turn, start.started_at_ms - NOW_MS, start.prompt_tokens) for start in found] == [
        (3, 5, 5),
        (2, 2, 2),
    ]
