import pytest
from hypothesis import given
from hypothesis import strategies as st

from addons.domain.facts import MessageFacts
from addons.domain.messages import Role
from addons.domain.prefixes import Prefixes
from addons.domain.wire import Request, WireError
from addons.domain.wire.openai import OpenAI

SIZE = 10
"""Bytes of each message here."""


def request(*messages: str, head: str = "[", tail: str = "]") -> Request:
    body = head + "".join(message.ljust(SIZE) for message in messages) + tail
    spans = tuple((len(head) + at * SIZE, len(head) + (at + 1) * SIZE) for at in range(len(messages)))
    return Request(body.encode(), "", False, spans)


def facts(count: int) -> tuple[MessageFacts, ...]:
    return tuple(MessageFacts(digest=b"%d" % at, role=Role.USER, tokens=at, key=b"k") for at in range(count))


def prefixes(max_bytes: int = 1000) -> Prefixes:
    return Prefixes(max_bytes, min_bytes=2 * SIZE)


def test_a_longer_history_finds_what_the_earlier_request_had() -> None:
    known = prefixes()
    known.remember(request("a", "b"), facts(2))
    assert known.longest(request("a", "b", "c", tail='],"stream":true')) == facts(2)
    assert known.longest(request("a", "b")) == facts(2)


def test_the_longest_of_several_heads_is_found() -> None:
    known = prefixes()
    known.remember(request("a", "b", "c"), facts(3))
    known.remember(request("a", "b"), facts(2))
    assert known.longest(request("a", "b", "c", "d")) == facts(3)
    assert known.longest(request("a", "b", "x", "d")) == facts(2)


def test_another_beginning_finds_nothing() -> None:
    known = prefixes()
    known.remember(request("a", "b"), facts(2))
    assert known.longest(request("a", "x", "c")) == ()
    assert known.longest(request("a", "b", "c", head='{"n":1,[')) == ()
    assert known.longest(request("a")) == ()


def test_messages_that_lie_elsewhere_in_the_same_bytes_are_not_taken_for_them() -> None:
    known = prefixes()
    first = request("a", "b", "c")
    known.remember(request("a", "b"), facts(2))
    second_list = Request(first.body, "", False, first.messages[1:])
    assert known.longest(second_list) == ()


def test_a_short_head_is_not_kept() -> None:
    known = prefixes()
    known.remember(request("a"), facts(1))
    known.remember(request(), ())
    assert known.longest(request("a", "b")) == ()


def test_the_oldest_heads_make_room() -> None:
    known = prefixes(max_bytes=60)
    for name in ("a", "b", "c"):
        known.remember(request(name, "x"), facts(2))
    assert [known.longest(request(name, "x")) for name in ("a", "b", "c")] == [(), facts(2), facts(2)]
    known.remember(request(*"abcdefg"), facts(7))
    assert known.longest(request("c", "x")) == facts(2)


def test_a_head_takes_the_place_of_those_it_goes_on_from() -> None:
    known = prefixes(max_bytes=60)
    known.remember(request("other", "x"), facts(2))
    for length in (2, 3):
        known.remember(request(*"abc"[:length]), facts(length))
    assert known.longest(request("other", "x")) == facts(2)
    assert known.longest(request(*"abc")) == facts(3)


BODIES = st.tuples(
    st.sampled_from(["", " ", "\n\t"]),
    st.lists(st.sampled_from([b'{"role":"user","content":"%d"}' % at for at in range(9)]), min_size=1, max_size=8),
    st.integers(1, 8),
    st.sampled_from([b"", b',"tools":[{"type":"function"}]', b' , "max_tokens" : 5 ,"x":[1e2,{"messages":[]}]']),
)


@given(BODIES)
def test_a_body_that_goes_on_from_a_known_head_is_parsed_as_if_it_were_new(
    case: tuple[str, list[bytes], int, bytes],
) -> None:
    space, messages, known, rest = case
    comma = b"," + space.encode()

    def body(count: int) -> bytes:
        return b'{"model":"m","messages":[' + comma.join(messages[:count]) + space.encode() + b"]" + rest + b"}"

    wire, known_heads = OpenAI(), Prefixes(min_bytes=0)
    first = wire.parse_request(body(known))
    known_heads.remember(first, facts(len(first.messages)))
    whole = body(len(messages))
    assert known_heads.parse(whole, wire.parse_request) == wire.parse_request(whole)
    assert known_heads.parse(whole, wire.parse_request).fields == wire.parse_request(whole).fields


@pytest.mark.parametrize("tail", [b"", b"}", b"x]}", b',{"role":"user"', b'],"messages":[]}', b'],"messages":7}'])
def test_a_body_that_only_begins_like_a_known_one_fails_as_if_it_were_new(tail: bytes) -> None:
    wire, known_heads = OpenAI(), Prefixes(min_bytes=0)
    head = b'{"messages":[{"role":"user","content":"hello"}'
    known_heads.remember(wire.parse_request(head + b"]}"), facts(1))
    with pytest.raises(WireError):
        wire.parse_request(head + tail)
    with pytest.raises(WireError):
        known_heads.parse(head + tail, wire.parse_request)
