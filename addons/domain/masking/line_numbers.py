"""The lines of an original under the numbers that its digest shows, so that a model can ask for what was left out."""

from addons.domain.masking.document import NUMBERED, Hint, read


def numbered_lines(text: str) -> list[tuple[int, str]]:
    """Each line as it is, with its number: in a numbered view of a file the one it carries, else 1, 2, 3 …

    A line without a number in a numbered view goes with the line before it (at the beginning, with the first number).
    """
    lines = text.split("\n")
    if lines[-1] == "" and len(lines) > 1:
        lines.pop()
    if not read(text, Hint(), 0).numbered:
        return list(enumerate(lines, 1))
    own = [int(match[1]) if (match := NUMBERED.match(line)) else None for line in lines]
    number = next((found for found in own if found is not None), 1)
    numbered = []
    for found, line in zip(own, lines, strict=True):
        number = number if found is None else found
        numbered.append((number, line))
    return numbered
