"""`show`: an original on standard output, as it was taken out of a request."""

import os
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace

from addons.domain import places
from addons.domain.errors import UserError
from addons.services import originals
from db.engine import reader
from db.queries.originals import StoredOriginal, original


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("digest", metavar="DIGEST", help="k1:… as a digest's first line has it, or its first digits")
    parser.add_argument("--lines", metavar="A-B", default="", help="only these lines: 40-80, 200-, -20 or 7")
    parser.add_argument("--grep", metavar="RE", default="", help="only lines that match this regular expression")
    parser.add_argument(
        "--context", metavar="N", type=at_least_zero, default=originals.CONTEXT_LINES, help="lines around a match (2)"
    )


def run(args: Namespace) -> int:
    """0; as with grep, 1 where no line matches."""
    found = stored(args.digest)
    shown = originals.show(found.text, lines=args.lines, pattern=args.grep, context=args.context)
    print(originals.describe(found), file=sys.stderr)
    for note in shown.notes:
        print(note, file=sys.stderr)
    text = shown.text
    if sys.stdout.isatty():
        text = harmless(text)
    if text and (args.lines or args.grep or sys.stdout.isatty()) and not text.endswith("\n"):
        text += "\n"
    sys.stdout.buffer.write(text.encode("utf-8", "surrogatepass"))
    sys.stdout.flush()  # here, so that a reader who has left is noticed by `main`
    return 1 if shown.matches == 0 else 0


def stored(digest: str) -> StoredOriginal:
    """:raises UserError: if it is not there."""
    engine = reader(places.database_url(os.environ))
    try:
        found = original(engine, digest)
    finally:
        engine.dispose()
    if found is None:
        raise UserError(f"There is no original {digest!r}; an original is kept as long as a session that needs it.")
    return found


def at_least_zero(text: str) -> int:
    if not text.isdecimal():
        raise ArgumentTypeError(f"{text!r} is not a whole number ≥ 0")
    return int(text)


def harmless(text: str) -> str:
    """For a terminal, which other people's text must not steer: control characters as their picture, ␛ for escape."""
    pictures = {code: 0x2400 + code for code in range(32) if chr(code) not in "\n\t"} | {0x7F: 0x2421}
    return text.translate(pictures | dict.fromkeys(range(0x80, 0xA0), "\ufffd"))
