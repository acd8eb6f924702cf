import pytest

from addons.domain.masking.vocabulary import severe, warning


@pytest.mark.parametrize(
    "line",
    [
        "ERROR: disk full",
        "E       AssertionError: assert 1 == 2",
        "java.io.IOException: stream closed",
        "request failed with status 502",
        "bash: foo: command not found",
        "connect: connection refused",
        "thread 'main' panicked at src/main.rs:4",
        "échec de la connexion",
    ],
)
def test_failures_are_severe(line: str) -> None:
    assert severe(line)


@pytest.mark.parametrize(
    "line",
    ["0 errors, 2 files", "done, no failures", "error_count = 0", "terror", "the class ErrorHandlerFactory", ""],
)
def test_what_went_well_is_not(line: str) -> None:
    assert not severe(line)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("WARN pool is nearly empty", True),
        ("DeprecationWarning: use b()", True),
        ("npm warn deprecated glob@7", True),
        ("0 warnings", False),
        ("forewarned", False),
    ],
)
def test_warning(line: str, expected: bool) -> None:
    assert warning(line) is expected
