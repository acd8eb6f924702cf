"""What a session is called: the person's own words, without the files and output that Continue puts before them.

Context items stand before the text, in the same message, without ids or end marks, each followed by a newline
(gui/src/.../constructMessages.ts; Continue's CLI: `<context name="…">` blocks).
"""

import re

NAME_CHARS = 60
"""Longest name."""

_FENCE = re.compile(r"```([^\n`]*)\n")
_LEADS = re.compile(
    r"This is the currently open file:"
    r"|The following file is currently open\. Don't reference it if it's not relevant to the user's message:"
    r"|Use the above code to answer the following question\.[^\n]*"
)
"""Sentences of Continue's own around a block."""
_OPEN_ENDED = re.compile(
    r"(?:Current terminal contents|Here is a file tree of the current workspace|Results of searching .*):\n"
)
"""Items that nothing ends: what follows the last newline is taken for the person's words."""


def session_name(text: str) -> str:
    """At most NAME_CHARS characters on one line; the first attached file where the person wrote nothing; else ""."""
    words = text
    attached = ""
    while True:
        words = words.lstrip()
        if words.startswith("<context "):
            block, _, rest = words.partition("</context>")
            label = re.match(r'<context name="([^"]*)"', block)
            attached = attached or (label[1] if label else "")
        elif fence := _FENCE.match(words):
            attached = attached or fence[1]
            rest = _after_fence(words, fence.end())
        elif lead := _LEADS.match(words):
            rest = words[lead.end() :]
        elif _OPEN_ENDED.match(words):
            rest = words.rstrip().rpartition("\n")[2]
        else:
            break
        words = rest
    return _one_line(words) or _one_line(attached)


def _after_fence(text: str, at: int) -> str:
    """What follows the block whose content starts at `at`; a fence with a label inside opens one more block."""
    depth = 1
    for line in re.finditer(r"^```([^\n`]*)$", text[at:], re.MULTILINE):
        depth += 1 if line[1].strip() else -1
        if depth == 0:
            return text[at + line.end() :]
    return ""


def _one_line(text: str) -> str:
    line = " ".join(text[: NAME_CHARS * 20].split())
    if len(line) <= NAME_CHARS:
        return line
    cut = line[: NAME_CHARS - 1]
    space = cut.rfind(" ", NAME_CHARS // 2)
    return (cut[:space] if space > 0 else cut) + "…"
