"""Single requests."""

from dashboard.data.asking import asks
from db.queries import compositions, message_lists, proxies, requests, turns
from db.queries import request_sums as request_sums_query
from db.queries.request_sums import Kept, RequestSums
from db.queries.requests import COUNT_LIMIT, RequestFilter, RequestRow
from db.queries.turns import Header, Neighbours, TurnRow

requests_page = asks(requests.page)
request_sums = asks(request_sums_query.sums)
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
    "Kept",
    "Neighbours",
    "RequestFilter",
    "RequestRow",
    "RequestSums",
    "TurnRow",
    "composition_of",
    "message_list",
    "original_tags",
    "providers",
    "request_sums",
    "requests_page",
    "turn",
    "turn_headers",
    "turn_neighbours",
    "turn_newest",
    "users",
    "writers",
]
