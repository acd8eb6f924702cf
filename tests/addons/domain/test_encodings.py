"""Compressed bodies in any chunking."""

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addons.domain.encodings import Inflating, decoder


@given(st.lists(st.binary(max_size=200), max_size=4), st.integers(1, 40))
def test_all_members_are_read_however_they_are_cut(members: list[bytes], size: int) -> None:
    raw = b"".join(gzip.compress(member) for member in members)
    inflating = Inflating()
    assert b"".join(inflating(raw[at : at + size]) for at in range(0, len(raw), size)) == b"".join(members)


@pytest.mark.parametrize("behind", [b"\0" * 512, b"padding", b"\x1f"], ids=["zeros", "text", "half a head"])
def test_what_follows_the_last_member_is_left_out(behind: bytes) -> None:
    assert Inflating()(gzip.compress(b"a") + behind) == b"a"


def test_what_is_not_compressed_is_an_error() -> None:
    with pytest.raises(zlib.error):
        Inflating()(b"not gzip")


@pytest.mark.parametrize(
    ("encoding", "raw"),
    [("", b"a"), ("identity", b"a"), (" GZIP ", gzip.compress(b"a")), ("deflate", zlib.compress(b"a"))],
    ids=["none", "identity", "gzip", "deflate"],
)
def test_an_encoding_has_its_decoder(encoding: str, raw: bytes) -> None:
    decode = decoder(encoding)
    assert decode and decode(raw) == b"a"


def test_another_encoding_has_none() -> None:
    assert decoder("br") is None
