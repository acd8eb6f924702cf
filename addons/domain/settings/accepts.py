"""What a setting accepts, in words, from its type: for error messages and for the table of settings in README."""

from msgspec import inspect

HUGE = 2**53
"""The bound of numbers that have no other, so that every number that is accepted can be printed and stored."""


def accepts(kind: inspect.Type) -> str:
    """Such as "a whole number ≥ 1"; an annotation's own `accepts` goes before what its type says."""
    if isinstance(kind, inspect.Metadata) and kind.extra and "accepts" in kind.extra:
        return str(kind.extra["accepts"])
    match inner(kind):
        case inspect.BoolType():
            return "true or false"
        case inspect.IntType() as number:
            return f"a whole number{_bounds(number)}"
        case inspect.FloatType() as number:
            return f"a number{_bounds(number)}"
        case inspect.DateType():
            return "a date such as 2026-11-22"
        case inspect.LiteralType() as literal:
            return " or ".join(f'"{value}"' for value in literal.values)
        case inspect.StrType() as text:
            return "a text that is not empty" if text.min_length else "a text"
        case _:
            return "a table"


def inner(kind: inspect.Type) -> inspect.Type:
    """The type without annotations and without `| None`."""
    while True:
        if isinstance(kind, inspect.Metadata):
            kind = kind.type
        elif isinstance(kind, inspect.UnionType):
            kind = next(member for member in kind.types if not isinstance(member, inspect.NoneType))
        else:
            return kind


def _bounds(number: inspect.IntType | inspect.FloatType) -> str:
    if number.ge is not None and number.le is not None and number.le != HUGE:
        return f" from {number.ge:g} to {number.le:g}"
    if number.gt is not None and number.le is not None:
        return f" above {number.gt:g} and at most {number.le:g}"
    return f" ≥ {number.ge:g}" if number.ge is not None else ""
