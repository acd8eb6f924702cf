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


@pytest.mark.parametrize(
    ("listen", "ports"),
    [
        ("regular@127.0.0.1:9090, reverse:https://gateway.invalid@127.0.0.1:9091", (9090, 9091)),
        ("reverse:http://gateway.invalid:80@8790, regular@[::1]:9090", (9090, 8790)),
        ("regular", (8080, 8788)),
        ("127.0.0.1:8080", (8080, 8788)),
        ("", (8080, 8788)),
        ("socks5@1234", (8080, 8788)),
    ],
)
def test_the_ports_are_those_on_which_the_proxy_listens(listen: str, ports: tuple[int, int]) -> None:
    assert recipes.Ports.of(listen) == ports


def test_every_recipe_takes_other_ports() -> None:
    ports = recipes.Ports(9090, 9091)
    texts = [recipe(CERTIFICATE, ports) for recipe in (recipes.cn, recipes.cn_gemini, recipes.environment,
                                                       recipes.pycharm_start, recipes.pycharm_elsewhere)]  # fmt: skip
    texts += [recipe(ports) for recipe in (recipes.vs_code_settings, recipes.gateway_model, recipes.gateway_gemini)]
    assert all("909" in text and "8080" not in text and "8788" not in text for text in texts)
