"""Who is let in."""

from typing import Any

import pytest

from addons.domain.people import Person, may_enter, person

ALLOWED = ("ana@example.com", "example.org")


@pytest.mark.parametrize(
    ("email", "may"),
    [
        ("ana@example.com", True),
        ("Ana@Example.COM", True),
        ("bob@example.com", False),
        ("bob@example.org", True),
        ("bob@EXAMPLE.org", True),
        ("bob@sub.example.org", False),
        ("bob@notexample.org", False),
        ("bob@example.org.evil.example", False),
        ("ana@example.com@evil.example", False),
        ("bob@evil.example@example.org", True),  # the domain is what stands after the last @ (RFC 5321)
        ("example.org", False),
        ("@example.org", False),
        ("", False),
        ("ana@example.com ", False),
    ],
)
def test_an_address_or_its_domain_is_in_the_list(email: str, may: bool) -> None:
    assert may_enter(email, ALLOWED) is may


def test_a_letter_that_only_looks_like_another_is_another() -> None:
    kelvin = "\N{KELVIN SIGN}"
    assert kelvin.lower() == "k"
    assert not may_enter(f"ana@{kelvin}imi.example", ["kimi.example"])


@pytest.mark.parametrize("email", ["", "ana@example.com", "x"])
def test_without_a_list_everybody_may_whom_the_provider_signs_in(email: str) -> None:
    assert may_enter(email, ())


@pytest.mark.parametrize(
    ("claims", "found"),
    [
        ({"name": "Ana", "email": "a@b.c", "email_verified": True}, Person("Ana", "a@b.c")),
        ({"name": "Ana", "email": "a@b.c", "email_verified": "true"}, Person("Ana", "a@b.c")),
        ({"name": "Ana", "email": "a@b.c"}, Person("Ana", "a@b.c")),
        ({"name": "Ana", "email": "a@b.c", "email_verified": False}, Person("Ana", "")),
        ({"name": "Ana", "email": "a@b.c", "email_verified": "false"}, Person("Ana", "")),
        ({"name": "Ana", "email": "a@b.c", "email_verified": None}, Person("Ana", "")),
        ({"name": "", "preferred_username": "ana"}, Person("ana", "")),
        ({"email": "a@b.c", "sub": "7"}, Person("a@b.c", "a@b.c")),
        ({"sub": "7"}, Person("7", "")),
        ({}, Person("", "")),
    ],
)
def test_a_person_is_who_the_provider_vouches_for(claims: dict[str, Any], found: Person) -> None:
    assert person(claims) == found
