import pytest

from addons.domain.wire import StreamEvent
from addons.domain.wire.json_array import ObjectStream
from addons.domain.wire.reader import EventReader, framing_of
from addons.domain.wire.sse import EventStream


def as_text_event(data: bytes, want_text: bool) -> StreamEvent | None:
    return StreamEvent(text=data.decode()) if data and want_text else None


@pytest.mark.parametrize(
    ("content_type", "framing"),
    [
        ("text/event-stream", EventStream),
        ("text/event-stream; charset=utf-8", EventStream),
        ("application/json; charset=UTF-8", ObjectStream),
        ("Application/JSON", ObjectStream),
        ("", EventStream),
    ],
)
def test_the_content_type_tells_the_framing(content_type: str, framing: type) -> None:
    assert isinstance(framing_of(content_type), framing)


def test_events_that_tell_nothing_are_left_out() -> None:
    reader = EventReader(EventStream(), as_text_event, want_text=True)
    assert reader.feed(b"data: a\n\ndata:\n\ndata: b") == [StreamEvent(text="a")]
    assert reader.close() == [StreamEvent(text="b")]


def test_the_wish_for_text_is_handed_on() -> None:
    assert EventReader(EventStream(), as_text_event, want_text=False).feed(b"data: a\n\n") == []
