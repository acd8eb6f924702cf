import pytest
from hypothesis import given
from hypothesis import strategies as st

from addons.domain.naming import NAME_CHARS, session_name

OPEN_FILE = (
    "The following file is currently open. Don't reference it if it's not relevant to the user's message:\n\n"
    "```src/app.py\nx = 1\n```\n"
)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        pytest.param("Read pytest.log.", "Read pytest.log.", id="plain"),
        pytest.param("  Fix\n the   bug \n", "Fix the bug", id="one line"),
        pytest.param("```src/app.py\nx = 1\n```\nWhy?", "Why?", id="file"),
        pytest.param("```a.py\nx\n```\n```b.py\ny\n```\nWhy?", "Why?", id="two files"),
        pytest.param(
            "```README.md\n# A\n```sh\nmake\n```\ntext\n```\nTranslate it.", "Translate it.", id="fence in a file"
        ),
        pytest.param(OPEN_FILE + "Rename x.", "Rename x.", id="open file"),
        pytest.param("This is the currently open file:\n\n```a.py\nx\n```\nRename x.", "Rename x.", id="current file"),
        pytest.param("\n```py src/a.py (10-25)\nCODE\n```\nExplain.", "Explain.", id="highlighted code"),
        pytest.param(
            "```a.py\nx\n```\nUse the above code to answer the following question. You should not reference any files "
            "outside of what is shown, unless they are commonly known files.\nWhere is x?",
            "Where is x?",
            id="codebase",
        ),
        pytest.param(
            "Current terminal contents:\n\n$ make\nerror 1\nWhy does it fail?", "Why does it fail?", id="terminal"
        ),
        pytest.param(
            "```a.py\nx\n```\nHere is a file tree of the current workspace:\n\na.py\nb.py\nWhat is b?",
            "What is b?",
            id="file and tree",
        ),
        pytest.param('<context name="app.py">\nx = 1\n</context>\n\nWhat is x?', "What is x?", id="cli"),
        pytest.param("Why does ```x``` fail?", "Why does ```x``` fail?", id="the person's own code"),
        pytest.param("Explain:\n```py\nx\n```\nthanks", "Explain: ```py x ``` thanks", id="own fence later"),
        pytest.param("```src/app.py\nx = 1\n```\n", "src/app.py", id="a file only"),
        pytest.param('<context name="app.py">\nx\n</context>\n\n', "app.py", id="an attached file only"),
        pytest.param("```src/app.py\nnever closed", "src/app.py", id="unclosed"),
        pytest.param("", "", id="nothing"),
        pytest.param("word " * 30, "word word word word word word word word word word word…", id="long"),
        pytest.param("x" * 90, "x" * 59 + "…", id="one long word"),
    ],
)
def test_a_session_is_named_after_the_persons_own_words(text: str, name: str) -> None:
    assert session_name(text) == name


PIECES = ["```", "`", '<context name="a">', "</context>", "Current terminal contents:", "\n", " ", "a", "word"]


@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
def test_a_name_is_short_and_on_one_line_whatever_the_text(text: str) -> None:
    name = session_name(text)
    assert len(name) <= NAME_CHARS
    assert "\n" not in name
