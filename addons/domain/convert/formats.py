"""The wire formats that can be converted, each behind the same functions."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from addons.domain.convert.answers import Answer, PieceReader, PieceWriter
from addons.domain.convert.contract import ConvertError, Notes, Reply
from addons.domain.convert.conversation import Ask
from addons.domain.convert.gemini import answers as gemini_answers
from addons.domain.convert.gemini import reading as gemini_reading
from addons.domain.convert.gemini import stream as gemini_stream
from addons.domain.convert.gemini import writing as gemini_writing
from addons.domain.convert.openai import answers as openai_answers
from addons.domain.convert.openai import reading as openai_reading
from addons.domain.convert.openai import stream as openai_stream
from addons.domain.convert.openai import writing as openai_writing


class WriteRequest(Protocol):
    def __call__(self, ask: Ask, model: str, notes: Notes, *, reduced_schemas: bool = False) -> tuple[bytes, str]:
        """Body and path."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    read_request: Callable[[bytes, str, Notes], Ask]
    """Of body and path."""
    write_request: WriteRequest
    tool_name: Callable[[str], str]
    """How a tool of that name is called in this format."""
    read_answer: Callable[[bytes], Answer]
    write_answer: Callable[[Answer, Reply, int], bytes]
    """The number is the time of the answer, in Unix seconds."""
    stream_reader: Callable[[], PieceReader]
    stream_writer: Callable[[Reply, int], PieceWriter]


_FORMATS = {
    "openai": Format(
        read_request=openai_reading.read_request,
        write_request=openai_writing.write_request,
        tool_name=openai_writing.tool_name,
        read_answer=openai_answers.read_whole,
        write_answer=openai_answers.write_whole,
        stream_reader=openai_stream.Reader,
        stream_writer=openai_stream.Writer,
    ),
    "gemini": Format(
        read_request=gemini_reading.read_request,
        write_request=gemini_writing.write_request,
        tool_name=gemini_writing.tool_name,
        read_answer=gemini_answers.read_whole,
        write_answer=gemini_answers.write_whole,
        stream_reader=gemini_stream.Reader,
        stream_writer=gemini_stream.Writer,
    ),
}


def format_named(name: str) -> Format:
    """:raises ConvertError: if nothing is known of that wire format."""
    if name not in _FORMATS:
        raise ConvertError(f"wire format {name!r} cannot be converted; expected {' or '.join(_FORMATS)}")
    return _FORMATS[name]
