from addons.domain.wire import FORMATS, Request


def test_spans_are_replaced_in_any_order_and_may_grow_shrink_or_go() -> None:
    request = Request(body=b"0123456789", model="", stream=False)
    assert request.splice({(8, 9): b"", (1, 3): b"abc", (5, 6): b"x"}) == b"0abc34x679"


def test_a_request_is_a_value() -> None:
    one, other = (Request(body=b"{}", model="m", stream=False, fields={"a": (0, 1)}) for _ in range(2))
    assert one == other
    assert hash(one) == hash(other)


def test_a_format_is_found_by_the_name_it_gives_itself() -> None:
    assert {name: wire.name for name, wire in FORMATS.items()} == {"openai": "openai", "gemini": "gemini"}
