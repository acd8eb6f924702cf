"""Reading and writing JSON objects whose values keep the bytes they came as."""

from typing import Any

import msgspec

from addons.domain.convert.contract import ConvertError
from addons.domain.wire.cut import UNREADABLE
from addons.domain.wire.values import as_text, has_value

_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])
_ARRAY = msgspec.json.Decoder(list[msgspec.Raw])
_ANY = msgspec.json.Decoder(Any)
_encode = msgspec.json.Encoder().encode


def value_of(raw: bytes, place: str) -> Any:
    """:raises ConvertError: naming the place, if it is not JSON."""
    try:
        return _ANY.decode(raw)
    except UNREADABLE as error:
        raise ConvertError(f"{place}: {error}") from error


def items_of(raw: bytes, place: str) -> list[bytes]:
    """The items of an array; none of null or nothing.

    :raises ConvertError: naming the place, if it is something else.
    """
    if bytes(raw) in (b"", b"null"):
        return []
    try:
        return [bytes(item) for item in _ARRAY.decode(raw)]
    except UNREADABLE as error:
        raise ConvertError(f"{place}: {error}") from error


def encode(value: Any) -> bytes:
    return _encode(value)


def raw(data: bytes) -> msgspec.Raw:
    """JSON to be written as it is."""
    return msgspec.Raw(data)


def is_object(data: bytes) -> bool:
    """Whether it is a JSON object, all through."""
    try:
        return isinstance(_ANY.decode(data), dict)
    except UNREADABLE:
        return False


def object_of(arguments: str) -> bytes:
    """The arguments of a call as a JSON object, byte for byte; what is none is kept in one, under `_raw`."""
    data = arguments.encode("utf-8", "replace")
    if is_object(data):
        return data
    return encode({"_raw": arguments} if arguments.strip() else {})


class Fields:
    """A JSON object. A key is looked for as it is written here and in snake_case, because Google's API takes both."""

    def __init__(self, data: bytes, place: str) -> None:
        """:raises ConvertError: naming the place, if it is not a JSON object."""
        self.place = place
        try:
            self._raws: dict[str, msgspec.Raw] = _OBJECT.decode(data)
        except UNREADABLE as error:
            raise ConvertError(f"{place}: {error}") from error

    def as_written(self, name: str) -> bytes:
        """The value of one of `names`, null included."""
        return bytes(self._raws[name])

    def names(self) -> tuple[str, ...]:
        """Of its keys, as written."""
        return tuple(self._raws)

    def raw(self, key: str) -> bytes:
        """As written; b"" where it is absent or null."""
        found = self._raws.get(key)
        if found is None:
            found = self._raws.get(_snake(key))
        return b"" if found is None or bytes(found) == b"null" else bytes(found)

    def has(self, key: str) -> bool:
        """Whether it is there and says something: not null, false, "" or {}."""
        return has_value(self.raw(key))

    def value(self, key: str) -> Any:
        """Decoded; None where it is absent."""
        data = self.raw(key)
        return value_of(data, f"{self.place}.{key}") if data else None

    def text(self, key: str) -> str:
        """The string, "" for anything else."""
        return as_text(self.value(key)) if self.raw(key).startswith(b'"') else ""

    def flag(self, key: str) -> bool:
        return self.raw(key) == b"true"

    def items(self, key: str) -> list[bytes]:
        return items_of(self.raw(key), f"{self.place}.{key}")

    def child(self, key: str) -> "Fields":
        """The object under the key; an empty one where it is absent."""
        return Fields(self.raw(key) or b"{}", f"{self.place}.{key}")


def _snake(key: str) -> str:
    return "".join(f"_{char.lower()}" if char.isupper() else char for char in key)
