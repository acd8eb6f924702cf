"""A streamed answer, converted while it passes: bytes cut anywhere -> bytes in the client's form."""

from addons.domain.convert.answers import Answer, PieceReader, PieceWriter, signatures_of
from addons.domain.convert.contract import ConvertError, Reply
from addons.domain.convert.errors import write_error
from addons.domain.convert.fields import encode
from addons.domain.wire.reader import Framing


class StreamConverter:
    """Feed it every chunk, then `close`. Neither raises: what cannot be read ends the stream with an error in it,
    because a part that went missing in silence would be a wrong answer."""

    def __init__(self, framing: Framing, reader: PieceReader, writer: PieceWriter, reply: Reply) -> None:
        self._framing = framing
        self._reader = reader
        self._writer = writer
        self._reply = reply
        self._over = False
        self.signatures: dict[str, str] = {}
        """Thought signatures of tool calls so far, by id; see `request`."""
        self.failed = False
        """An error was in the stream, or it could not be read."""

    def feed(self, chunk: bytes) -> bytes:
        if self._over:
            return b""
        return self._converted(self._framing.feed(chunk))

    def close(self) -> bytes:
        """What is still to be said when the provider has ended the stream; nothing where it broke off."""
        if self._over:
            return b""
        said = self._converted(self._framing.close(), at_end=True)
        if self._over:
            return said
        self._over = True
        return said + self._writer.close()

    def _converted(self, events: list[bytes], at_end: bool = False) -> bytes:
        """:param at_end: an event without its end: what cannot be read of it was cut off, and is no failure."""
        written: list[bytes] = []
        for event in events:
            if self._over or not event.strip():
                continue
            try:
                written.append(self._piece(self._reader.read(event)))
            except ConvertError as error:
                if at_end:
                    break
                message = f"the provider's answer cannot be read: {error}"
                written.append(self._fail(encode({"error": {"message": message, "code": 502}})))
        return b"".join(written)

    def _piece(self, answer: Answer | None) -> bytes:
        if answer is None:
            return b""
        if answer.error:
            return self._fail(answer.error)
        self.signatures |= signatures_of(answer)
        written = self._writer.write(answer)
        if answer.ended:
            self._over = True
            return written + self._writer.close()
        return written

    def _fail(self, error: bytes) -> bytes:
        self._over = self.failed = True
        return self._writer.fail(write_error(200, error, self._reply).body)
