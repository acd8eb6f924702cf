import msgspec
import pytest
from msgspec import inspect

from addons.domain.settings import Model, Price, Provider, Settings
from addons.domain.settings.accepts import inner


def provider(*ids: str) -> Provider:
    """A provider whose models tell their own id in their note."""
    return Provider(name="P", hosts=("p.test",), models={model_id: Model(note=model_id) for model_id in ids})


@pytest.mark.parametrize(
    ("known", "asked", "found"),
    [
        (["a/b"], "a/b", "a/b"),
        (["a/b"], "A/b", None),
        (["gemini-2.5-pro"], "models/gemini-2.5-pro", "gemini-2.5-pro"),
        (["gemini-2.5-pro"], "gemini-2.5-pro-001", "gemini-2.5-pro"),
        (["gemini-2.5-pro"], "models/gemini-2.5-pro-001", "gemini-2.5-pro"),
        (["gpt-4.1"], "gpt-4.1-2025-04-14", "gpt-4.1"),
        (["claude-sonnet-5"], "claude-sonnet-5-20260514", "claude-sonnet-5"),
        (["kimi-k2"], "kimi-k2-0905", None),
        (["ministral-8b"], "ministral-8b-2410", None),
        (["m", "m-20260101"], "m-20260101", "m-20260101"),
        (["*"], "whatever/it:is", "*"),
        (["*", "a*"], "ab", "a*"),
        (["*", "*:free"], "a/b:free", "*:free"),
        (["*", "a/b"], "a/b", "a/b"),
        (["*", "a/b"], "a/b:free", "*"),
        (["ab*ba"], "aba", None),
        (["ab*ba"], "abba", "ab*ba"),
        ([], "a", None),
    ],
    ids=lambda value: str(value),
)
def test_a_model_is_found_by_its_id_or_what_comes_nearest(known: list[str], asked: str, found: str | None) -> None:
    model = provider(*known).model(asked)
    assert (model.note if model else None) == found


def test_hosts_are_sorted_and_named_once() -> None:
    providers = {
        "b": Provider(name="B", hosts=("b.test", "a.test")),
        "a": Provider(name="A", hosts=("b.test",), base_path="/v1"),
    }
    assert Settings(providers=providers).hosts() == ("a.test", "b.test")


def test_a_model_without_a_price_has_an_unknown_one() -> None:
    assert Model().price == Price(input=None, cached=None, output=None)


def structs(kind: type[msgspec.Struct]) -> list[type[msgspec.Struct]]:
    """The struct and those in its fields."""
    found = [kind]
    for field in msgspec.structs.fields(kind):
        bare = inner(inspect.type_info(field.type))
        of = inner(bare.value_type) if isinstance(bare, inspect.DictType) else bare
        if isinstance(of, inspect.StructType):
            found += structs(of.cls)
    return found


@pytest.mark.parametrize("kind", sorted(set(structs(Settings)), key=str))
def test_every_setting_has_help_and_every_table_is_frozen_and_closed(kind: type[msgspec.Struct]) -> None:
    config = kind.__struct_config__
    assert config.frozen
    assert config.forbid_unknown_fields
    for field in msgspec.structs.fields(kind):
        described = inspect.type_info(field.type)
        assert isinstance(described, inspect.Metadata), field.name
        assert (described.extra_json_schema or {}).get("description", "").endswith("."), field.name
