"""Single requests."""

from dashboard.data.asking import asks
from db.queries import compositions, message_lists, proxies, requests, turns
from db.queries.requests import COUNT_LIMIT, RequestFilter, RequestRow
from db.queries.turns import Header, Neighbours, TurnRow

requests_page = asks(requests.page)
requests_count = asks(requests.count)
providers = asks(requests.providers)
users = asks(proxies.users)
writers = asks(proxies.writers)
turn = asks(turns.one)
turn_neighbours = asks(turns.neighbours)
turn_newest = asks(turns.newest)
turn_headers = asks(turns.headers_of)
composition_of = asks(compositions.composition_of)
original_tags = asks(compositions.original_tags)
message_list = asks(message_lists.message_list)

__all__ = [
    "COUNT_LIMIT",
    "Header",
    "Neighbours",
    "RequestFilter",
    "RequestRow",
    "TurnRow",
    "composition_of",
    "message_list",
    "original_tags",
    "providers",
    "requests_count",
    "requests_page",
    "turn",
    "turn_headers",
    "turn_neighbours",
    "turn_newest",
    "users",
    "writers",
]
