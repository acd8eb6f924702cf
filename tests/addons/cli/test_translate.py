from pathlib import Path

from babel.messages.catalog import Catalog

from addons.cli import translate

OLD = """\
# Words.
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"

msgid "Sessions"
msgstr "Séances"

msgid "Nobody says this"
msgstr "Personne"
"""


def catalogue(folder: Path) -> Path:
    path = folder / "fr" / "LC_MESSAGES" / "kimi.po"
    path.parent.mkdir(parents=True)
    path.write_text(OLD, encoding="utf-8")
    return path


def test_the_template_has_texts_of_the_pages_of_constants_and_of_settings() -> None:
    said = {message.id for message in translate.template()}
    assert {"Sessions", "Last 7 days", "Keep recent"} <= said
    assert any(isinstance(text, tuple) for text in said), "no plural"


def test_an_update_keeps_translations_and_drops_what_nobody_says(tmp_path: Path) -> None:
    found = Catalog()
    found.add("Sessions")
    found.add("Session")
    updated = translate.updated(catalogue(tmp_path), found)
    assert [(message.id, message.string) for message in updated if message.id] == [("Sessions", "Séances"),
                                                                                   ("Session", None)]  # fmt: skip
    assert [message.id for message in translate.untranslated(updated)] == ["Session"]


def test_a_file_says_neither_when_nor_at_which_line(tmp_path: Path) -> None:
    text = translate.written(translate.updated(catalogue(tmp_path), Catalog())).decode()
    assert text.startswith("# Words.\n")
    assert "Date" not in text
    assert ".py:" not in translate.written(translate.template()).decode()
