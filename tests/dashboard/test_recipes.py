import inspect
from collections.abc import Callable
from pathlib import Path

import pytest

from dashboard import recipes

CERTIFICATE = Path("/home/me/.kimi-proxy/ca/mitmproxy-ca-cert.pem")
WITH_CERTIFICATE = [
    recipe
    for _name, recipe in inspect.getmembers(recipes, inspect.isfunction)
    if "certificate" in inspect.signature(recipe).parameters
]


@pytest.mark.parametrize("recipe", WITH_CERTIFICATE)
def test_a_recipe_names_the_certificate_where_it_is(recipe: Callable[[Path], str]) -> None:
    assert str(CERTIFICATE) in recipe(CERTIFICATE)


def test_a_proxy_address_always_has_its_scheme() -> None:
    """`HTTPS_PROXY=127.0.0.1:8080` makes Continue fail with "Connection error."."""
    for recipe in (recipes.cn, recipes.pycharm_start, recipes.environment, recipes.pycharm_elsewhere):
        assert "http://127.0.0.1:8080" in recipe(CERTIFICATE)
    assert "caBundlePath" not in "".join(recipe(CERTIFICATE) for recipe in WITH_CERTIFICATE)


def test_the_gateway_needs_neither_proxy_nor_certificate() -> None:
    assert "apiBase: http://127.0.0.1:8788/kimi-code" in recipes.gateway_model()
    assert "PROXY" not in recipes.gateway_model().replace("8788", "")
