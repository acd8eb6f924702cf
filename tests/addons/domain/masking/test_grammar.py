from addons.domain.masking.grammar import CONSTANTS, DEFINITIONS, IMPORTS, INSIDE, LANGUAGES, OTHER_LANGUAGES


def test_no_type_of_node_has_two_meanings() -> None:
    for one in (DEFINITIONS, CONSTANTS, IMPORTS, INSIDE):
        for other in (DEFINITIONS, CONSTANTS, IMPORTS, INSIDE):
            assert one is other or not one & other


def test_a_suffix_is_of_one_language() -> None:
    assert not LANGUAGES.keys() & OTHER_LANGUAGES
