from addons.cli.catalogue import as_it_is, said_in


def test_a_text_without_translation_stays_as_it_is() -> None:
    french = said_in("fr")
    assert french("Sessions") == "Sessions"
    assert french("Requests") == "Requêtes"
    assert french("nobody says this") == as_it_is("nobody says this")
    assert french("") == ""
