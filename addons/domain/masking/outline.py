"""Where the definitions, constants and imports of a source text are.

Grammars of tree-sitter for Python, JavaScript, TypeScript, Java, Go and Rust; for every other language, and for texts
too large to parse, what the first words and the indentation of the lines tell.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import tree_sitter_go
import tree_sitter_java
import tree_sitter_javascript
import tree_sitter_python
import tree_sitter_rust
import tree_sitter_typescript
from tree_sitter import Language, Node, Parser

from addons.domain.masking.document import Document
from addons.domain.masking.grammar import CONSTANTS, DEFINITIONS, IMPORTS, INSIDE, LANGUAGES, OTHER_LANGUAGES

PARSE_BYTES = 400_000
"""Larger texts are not parsed: recovery from errors is not linear in what is no code at all."""
DEPTH = 6
"""How deep definitions are looked for."""


class Mark(StrEnum):
    DEFINITION = "definition"
    CONSTANT = "constant"
    IMPORT = "import"
    DOC = "doc"
    """The first line of a doc string."""


@dataclass(frozen=True, slots=True)
class Entry:
    mark: Mark
    first: int
    """Index of its first line."""
    last: int
    head_last: int
    """Index of the last line of its signature."""
    depth: int


@cache
def _parser(language: str) -> Parser:
    grammars = {
        "python": tree_sitter_python.language,
        "javascript": tree_sitter_javascript.language,
        "typescript": tree_sitter_typescript.language_typescript,
        "tsx": tree_sitter_typescript.language_tsx,
        "java": tree_sitter_java.language,
        "go": tree_sitter_go.language,
        "rust": tree_sitter_rust.language,
    }
    return Parser(Language(grammars[language]()))


def language_of(document: Document) -> str | None:
    """The grammar's name, "" for a programming language without one, None for what is not known as code."""
    for name in (document.suffix, document.hint.language.lower().split(" ")[0]):
        if name in LANGUAGES:
            return LANGUAGES[name]
        if name in OTHER_LANGUAGES:
            return ""
    return None


def entries(document: Document) -> list[Entry]:
    """In the order of their lines; at most one a line."""
    language = language_of(document) or (None if document.suffix else _guess(document))
    source = "\n".join(
        "" if document.numbered and number is None else line
        for line, number in zip(document.lines, document.numbers, strict=True)
    ).encode()
    found = _parsed(language, source) if language and len(source) <= PARSE_BYTES else by_indent(document.lines)
    unique = {entry.first: entry for entry in reversed(found)}
    return [unique[first] for first in sorted(unique)]


_GUESSES = (
    ("python", re.compile(r"(?:def \w+\(.*|class \w+.*|from \S+ import .*|\s+def \w+\(self.*|\s*elif .*):?")),
    ("rust", re.compile(r"\s*(?:pub )?(?:fn|impl|struct|mod)\b.*\{$|use \S+::")),
    ("go", re.compile(r"func .*\{$|package \w+$|\s+\w+ := ")),
    ("java", re.compile(r"\s*(?:public|private|protected) .*[{;]$|import [\w.]+;$|package [\w.]+;$")),
    ("typescript", re.compile(r"\s*(?:export |const |let |interface |function |import .* from )")),
)


def _guess(document: Document) -> str | None:
    """The grammar whose typical lines are most frequent."""
    counts = [(sum(1 for line in document.lines if pattern.match(line[:200])), name) for name, pattern in _GUESSES]
    count, name = max(counts, key=lambda pair: pair[0])
    return name if count >= 3 else None


def _parsed(language: str, source: bytes) -> list[Entry]:
    found: list[Entry] = []
    stack: list[tuple[Node, int]] = [(_parser(language).parse(source).root_node, 0)]
    while stack:
        parent, depth = stack.pop()
        imports: list[Node] = []
        for place, node in enumerate(parent.named_children):
            if node.type in IMPORTS:
                imports.append(node)
                continue
            _close_imports(imports, found, depth)
            if node.type in DEFINITIONS:
                found.append(_definition(node, depth))
                if depth < DEPTH:
                    stack.append((node.child_by_field_name("definition") or node, depth + 1))
            elif node.type in INSIDE and depth < DEPTH:
                stack.append((node, depth))
            elif node.type in CONSTANTS:
                found += _constant(node, depth, first_of_body=place == 0)
        _close_imports(imports, found, depth)
    return found


def _close_imports(imports: list[Node], found: list[Entry], depth: int) -> None:
    """Neighbouring imports become one entry."""
    if imports:
        last = imports[-1].end_point.row
        found.append(Entry(Mark.IMPORT, imports[0].start_point.row, last, last, depth))
        imports.clear()


def _definition(node: Node, depth: int) -> Entry:
    first, last = node.start_point.row, node.end_point.row
    body = node.child_by_field_name("body")
    inner = node.child_by_field_name("definition")
    if inner is not None:
        body = inner.child_by_field_name("body")
    head_last = first
    if body is not None:
        # Python's body begins on the line after the signature, the braces of the others end it.
        row = body.start_point.row
        head_last = row if source_on_row_of(body) else row - 1
    return Entry(Mark.DEFINITION, first, last, max(first, min(head_last, last)), depth)


def source_on_row_of(body: Node) -> bool:
    """Whether the signature ends on the row that its body starts on, as with an opening brace."""
    before = body.prev_sibling
    return before is not None and before.end_point.row == body.start_point.row


def _constant(node: Node, depth: int, *, first_of_body: bool) -> list[Entry]:
    """An assignment at module or class level, or a doc string; nothing that only a function's body holds."""
    first, last = node.start_point.row, node.end_point.row
    child = node.named_children[0] if node.named_children else None
    if node.type == "expression_statement":
        if child is not None and child.type == "string" and first_of_body:
            bare = not child.text or not child.text.split(b"\n")[0].strip(b"\"'rRuUbB ")
            return [Entry(Mark.DOC, min(first + bare, last), last, first, depth)]
        if child is None or child.type not in ("assignment", "assignment_expression"):
            return []
    scope, column = node.parent, node.start_point.column
    while scope is not None and scope.type in INSIDE:
        column = min(column, scope.start_point.column) if scope.start_point.row == first else column
        scope = scope.parent
    if scope is None and column > 0:
        return []  # the view begins inside a function
    if scope is not None and ("function" in scope.type or "method" in scope.type or "constructor" in scope.type):
        return []
    return [Entry(Mark.CONSTANT, first, last, first, depth)]


_WORDS = re.compile(
    r"(\s*)(?:(?:export|default|async|public|private|protected|internal|static|final|abstract|override|open|sealed|data|pub|unsafe|inline|virtual|local|extern)\s+)*"
    r"(?:(def|class|function|func|fun|fn|interface|struct|enum|trait|impl|module|namespace|object|protocol|extension|type"
    r"|typedef|sub|message|service|resource|defmodule|defp?|CREATE (?:TABLE|VIEW|FUNCTION))\b"
    r"|(import|from|use|using|require|include|#include|package)\b"
    r"|((?:const|let|var|val|#define|final)\s+\w|[A-Z][A-Z0-9_]{2,}\s*[:=]))"
)
_C_FUNCTION = re.compile(r"(?:[A-Za-z_][\w:<>,*&]*[ *&]+){1,5}~?[A-Za-z_][\w:]{0,80}\([^;]{0,200}$")


def by_indent(lines: list[str]) -> list[Entry]:
    """Without a grammar: lines that begin as definitions, constants and imports do, up to the next so indented."""
    found: list[Entry] = []
    open_entries: list[tuple[int, int]] = []
    ends: dict[int, int] = {}
    for index, line in enumerate(lines):
        stripped = line.strip()
        if not stripped:
            continue
        indent = len(line) - len(line.lstrip())
        while open_entries and indent <= open_entries[-1][1] and not stripped.startswith(("}", ")", "]", "{", "end")):
            ends[open_entries.pop()[0]] = index - 1
        match = _WORDS.match(line[:300])
        function = not match and indent == 0 and bool(_C_FUNCTION.match(line[:300]))
        if function or (match and match[2]):
            open_entries.append((index, indent))
            found.append(Entry(Mark.DEFINITION, index, index, index, min(DEPTH, indent // 2)))
        elif match and match[3] and indent == 0:
            found.append(Entry(Mark.IMPORT, index, index, index, 0))
        elif match and match[4] and indent <= 4:
            found.append(Entry(Mark.CONSTANT, index, index, index, 0))
    for start, _ in open_entries:
        ends[start] = len(lines) - 1
    return [
        Entry(entry.mark, entry.first, ends.get(entry.first, entry.last), entry.head_last, entry.depth)
        for entry in found
    ]
