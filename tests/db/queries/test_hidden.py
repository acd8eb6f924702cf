"""What a deleted session has is in no list, and comes back with it."""

from typing import Any

from sqlalchemy import Connection, Engine

from addons.domain.alerts.alert import Alert
from addons.domain.events import Event, Level
from db.hiding import delete_session, restore_session
from db.queries import alerts, epochs, requests, routings, usage
from db.queries.alerts import AlertFilter
from db.queries.requests import RequestFilter
from db.queries.savings import SavingsFilter, by_provider
from db.queries.usage import UsageFilter
from db.writing import write
from tests.db.stores import NOW_MS, MakeCompletion, MakeState


def lengths(tx: Connection) -> list[Any]:
    return [
        len(requests.page(tx, RequestFilter(), 9)),
        requests.count(tx, RequestFilter()),
        len(routings.routings(tx, None, 9)),
        len(routings.rerouted(tx, None)),
        len(epochs.epochs(tx, SavingsFilter(), 9)),
        alerts.alert_count(tx, AlertFilter()),
        alerts.open_count(tx),
        usage.total(tx, UsageFilter()).requests,
        sum(each.requests for each in by_provider(tx, SavingsFilter())),
    ]


def asked(engine: Engine) -> list[Any]:
    with engine.connect() as tx:
        return lengths(tx)


def test_a_deleted_session_is_in_no_list_and_no_sum(
    engine: Engine, make_completion: MakeCompletion, make_state: MakeState
) -> None:
    with engine.begin() as tx:
        calls = [make_completion(routed_from="groq/x", prompt_tokens=5), make_completion(session_id=None)]
        events = [Event(at_ms=NOW_MS, kind=kind, session_id="s-1") for kind in ("epoch", "routing")]
        alert = Alert(key="context:s-1:80", at_ms=NOW_MS, level=Level.WARNING, message="m", session_id="s-1")
        write(tx, [make_state(), *calls, *events, alert], "p-1")
    found = [asked(engine)]
    delete_session(engine, "s-1", NOW_MS)
    found.append(asked(engine))
    restore_session(engine, "s-1")
    found.append(asked(engine))
    assert found == [[2, 2, 1, 1, 1, 1, 1, 2, 2], [1, 1, 0, 0, 0, 0, 0, 1, 1], [2, 2, 1, 1, 1, 1, 1, 2, 2]]
