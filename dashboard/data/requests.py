"""Single requests."""

from dashboard.data.asking import asks
from db.queries import requests, turns
from db.queries.requests import COUNT_LIMIT, RequestFilter, RequestRow
from db.queries.turns import Neighbours, TurnRow

requests_page = asks(requests.page)
requests_count = asks(requests.count)
providers = asks(requests.providers)
turn = asks(turns.one)
turn_neighbours = asks(turns.neighbours)
turn_newest = asks(turns.newest)

__all__ = [
    "COUNT_LIMIT",
    "Neighbours",
    "RequestFilter",
    "RequestRow",
    "TurnRow",
    "providers",
    "requests_count",
    "requests_page",
    "turn",
    "turn_neighbours",
    "turn_newest",
]
