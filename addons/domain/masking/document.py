"""A text as the rules see it: its lines, their numbers, what each costs, and the status line that stays at the end."""

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import PurePosixPath

Range = tuple[int, int]
"""First and last line, both included."""

STATUS = re.compile(r"\[Status: [^\n\]]{1,200}\]")
"""The last line that Continue adds to a command's output; it tells the model how the command ended."""
NUMBERED = re.compile(r"[ \t]{0,12}(\d{1,7})(?:\t|:|\||→)")
"""The number in front of a line, as read_file_range, `cat -n` and editors for agents print it."""
NUMBERED_SHARE = 0.7
"""Share of the lines that carry a number for a text to count as a numbered view of a file."""
LINE_LIMIT = 300
"""Characters of one line that a digest shows; a longer line is cut in the middle, which is said in its place."""
MOST_LINES = 20_000
"""A text of more lines is looked at only at its ends: the time of a digest is bounded by this, whatever is sent."""
EDGE_LINES = 10_000


@dataclass(frozen=True, slots=True)
class Hint:
    """What is known of a text besides itself; a rule may use it, none needs it."""

    tool: str = ""
    """Name of the tool whose result it is."""
    path: str = ""
    """The file it is the content of."""
    language: str = ""
    """The info string of a Markdown fence around it."""
    command: str = ""
    """The command it is the output of."""


@dataclass(frozen=True)
class Document:
    """A text, cut into lines. Lines are indexed from 0 here and numbered in what is shown (see `numbers`)."""

    text: str
    """Without the status line."""
    hint: Hint
    tokens: int
    """Of the whole text, status line included."""
    status: str = ""
    """The status line, verbatim, or ""."""

    @cached_property
    def raw_lines(self) -> list[str]:
        """The lines as they are, those of `skipped` left out."""
        lines = self.text.split("\n")
        lines = lines[:-1] if lines[-1] == "" and len(lines) > 1 else lines
        return lines if len(lines) <= MOST_LINES else [*lines[:EDGE_LINES], *lines[-EDGE_LINES:]]

    @cached_property
    def skipped(self) -> Range | None:
        """The lines in the middle of a very long text, at which no rule looks."""
        total = self.text.count("\n") + (not self.text.endswith("\n"))
        return (EDGE_LINES + 1, total - EDGE_LINES) if total > MOST_LINES else None

    def position(self, index: int) -> int:
        """The number that is shown for a line or, where a numbered view has none for it, its place among the lines."""
        return self.numbers[index] or index + 1

    @cached_property
    def numbers(self) -> list[int | None]:
        """The number shown for each line: the file's own in a numbered view (None where it has none), else 1, 2, 3 …"""
        return self._split[0]

    @cached_property
    def lines(self) -> list[str]:
        """The lines without the numbers of a numbered view, and without white space at their ends."""
        return self._split[1]

    @cached_property
    def numbered(self) -> bool:
        """Whether this is a numbered view of a file."""
        return self._split[2]

    @cached_property
    def _split(self) -> tuple[list[int | None], list[str], bool]:
        raw = self.raw_lines
        matches = [NUMBERED.match(line) for line in raw]
        values = [int(match[1]) for match in matches if match]
        filled = sum(1 for line in raw if line.strip())
        steps = sum(1 for one, two in pairwise(values) if two == one + 1)
        if len(values) < 5 or len(values) < NUMBERED_SHARE * filled or steps < 0.8 * (len(values) - 1):
            return self._places(len(raw)), [line.rstrip() for line in raw], False
        numbers = [int(match[1]) if match else None for match in matches]
        bare = [line[match.end() :] if match else line for line, match in zip(raw, matches, strict=True)]
        return numbers, [line.rstrip() for line in bare], True

    def _places(self, count: int) -> list[int | None]:
        """1, 2, 3 …, with a jump over what is skipped."""
        if self.skipped is None:
            return list(range(1, count + 1))
        last = self.skipped[1]
        return [*range(1, EDGE_LINES + 1), *range(last + 1, last + 1 + count - EDGE_LINES)]

    @cached_property
    def tokens_per_char(self) -> float:
        return self.tokens / max(1, len(self.text) + len(self.status))

    def cost(self, text: str) -> float:
        """About how many tokens a line of the digest takes with its number and line end; the whole is counted later."""
        return min(len(text), LINE_LIMIT) * self.tokens_per_char + 3

    def width(self, budget: float) -> int:
        """Characters of a line that may be shown: more than LINE_LIMIT where few and long lines leave room for it."""
        return max(LINE_LIMIT, int(0.8 * budget / max(0.1, self.tokens_per_char) / max(1, len(self.lines))))

    @cached_property
    def suffix(self) -> str:
        """Of the file, lower case, without the dot: from the hint, else from a path that the first two lines name."""
        path = self.hint.path
        if not path:
            named = _PATH_IN_HEAD.search("\n".join(line[:300] for line in self.raw_lines[:2]))
            path = named[1] if named and self.numbered else ""
        return PurePosixPath(path.replace("\\", "/")).suffix.lower().lstrip(".")


_PATH_IN_HEAD = re.compile(r"(?:File:|file:|Content of)\s*([\w./\\@+-]{1,200}\.\w{1,8})")


def read(text: str, hint: Hint, tokens: int) -> Document:
    """Cut the status line off."""
    at = text.rstrip("\n").rfind("\n") + 1
    last = text[at:].strip()
    if STATUS.fullmatch(last):
        return Document(text[:at], hint, tokens, last)
    return Document(text, hint, tokens)


def clip(line: str, limit: int = LINE_LIMIT) -> str:
    """At most about so many characters of a line, and how many are missing."""
    if len(line) <= limit:
        return line
    tail = limit // 6
    head = limit - tail - 30
    return f"{line[:head]} […{len(line) - head - tail} characters…] {line[-tail:]}"


def ranges(numbers: list[int]) -> tuple[Range, ...]:
    """Ascending numbers as ranges: 1, 2, 3, 7 → (1, 3), (7, 7)."""
    found: list[Range] = []
    for number in numbers:
        if found and number == found[-1][1] + 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return tuple(found)
